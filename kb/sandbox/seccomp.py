"""Which system calls a process may make, by Linux's seccomp: none that opens a connection or reaches
deep into the kernel or into other processes.

The filter is a program for the kernel's packet filter ("classic BPF"), run at each system call.
"""

import ctypes
import errno
import platform
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.sandbox import libc

_MODE_FILTER = 2

# Instructions: load a word of the call's description, compare, mask, return.
_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24  # offsets of words in the description
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000

_SOCKET_KIND = 0xF
"""Bits of socket(2)'s second argument that name the kind."""

_NEW_USER_NAMESPACE = 0x10000000

Instruction = tuple[int, int, int, int]
"""Code, instructions to skip if true, if false, and the constant."""


@dataclass(frozen=True, slots=True)
class _Machine:
    """Numbers of an architecture; `foreign` is the first number of another set of calls on it, or 0."""

    name: int
    socket: int
    clone: int
    denied: tuple[int, ...]
    foreign: int = 0


_EVERYWHERE = (425, 426, 427, 428, 429, 430, 431, 432, 433, 438)
"""io_uring, which makes calls past this filter; the newer mount calls; pidfd_getfd."""

_CLONE3 = 435

_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        socket=41,
        clone=56,
        # connect, ptrace, process_vm_readv, process_vm_writev, bpf, perf_event_open, userfaultfd,
        # add_key, request_key, keyctl, mount, umount2, pivot_root, unshare, setns,
        # init_module, finit_module, delete_module, kexec_load, open_by_handle_at
        denied=(42, 101, 310, 311, 321, 298, 323, 248, 249, 250, 165, 166, 155, 272, 308, 175, 313, 176, 246, 304),
        foreign=0x40000000,
    ),
    "aarch64": _Machine(
        0xC00000B7,
        socket=198,
        clone=220,
        denied=(203, 117, 270, 271, 280, 241, 282, 217, 218, 219, 40, 39, 41, 97, 268, 105, 273, 106, 104, 265),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def restrict() -> None:
    """Filter the calls of this process, which must have one thread, and of all that it starts.

    Raises OSError where the kernel says no or the architecture is another.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        raise OSError(errno.ENOSYS, "no filter for this architecture")
    code = b"".join(_packed(step) for step in _filter(machine))
    held = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(held, ctypes.c_void_p))
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    libc.prctl(libc.PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program))


def _packed(step: Instruction) -> bytes:
    code, if_true, if_false, constant = step
    return code.to_bytes(2, "little") + bytes((if_true, if_false)) + constant.to_bytes(4, "little")


def _filter(machine: _Machine) -> Iterator[Instruction]:
    refuse = (_RETURN, 0, 0, _ERROR | errno.EPERM)
    yield (_LOAD, 0, 0, _ARCHITECTURE)
    yield (_EQUAL, 1, 0, machine.name)
    yield refuse
    yield (_LOAD, 0, 0, _NUMBER)
    if machine.foreign:
        yield (_AT_LEAST, 0, 1, machine.foreign)
        yield refuse
    for number in (*machine.denied, *_EVERYWHERE):
        yield from _when(number, [refuse])
    # glibc then uses clone, whose flags can be seen from here.
    yield from _when(_CLONE3, [(_RETURN, 0, 0, _ERROR | errno.ENOSYS)])
    yield from _when(machine.clone, [*_masked(_FIRST, _NEW_USER_NAMESPACE), (_EQUAL, 1, 0, 0), refuse, _allow()])
    # Sockets between the task's own processes, as LibreOffice has, and none that sends to an address.
    local = [(_LOAD, 0, 0, _FIRST), (_EQUAL, 1, 0, int(socket.AF_UNIX)), refuse]
    stream = [*_masked(_SECOND, _SOCKET_KIND), (_EQUAL, 1, 0, int(socket.SOCK_STREAM)), refuse]
    yield from _when(machine.socket, [*local, *stream, _allow()])
    yield _allow()


def _when(number: int, steps: Iterable[Instruction]) -> Iterator[Instruction]:
    """`steps`, which end in a return, for the call `number`."""
    listed = list(steps)
    yield (_EQUAL, 0, len(listed), number)
    yield from listed


def _masked(offset: int, bits: int) -> list[Instruction]:
    return [(_LOAD, 0, 0, offset), (_AND, 0, 0, bits)]


def _allow() -> Instruction:
    return (_RETURN, 0, 0, _ALLOW)
