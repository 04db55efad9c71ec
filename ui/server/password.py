"""The shared password: `python -m ui.server.password` makes its hash; the sign-in page checks against it."""

import getpass
import sys
import unicodedata

SHORTEST = 12
"""Characters of a new password: with the pauses between attempts, out of reach of guessing."""

LONGEST = 1_000
"""Characters of a password: more is no password."""

ROUNDS, MEMORY_KB, THREADS = 3, 64 * 1024, 1
"""Argon2id's cost, about 0.15 s and 64 MB, above what OWASP asks for; one thread leaves a core to those who search."""


def hashed(password: str) -> str:
    """The Argon2id hash of a password."""
    from argon2 import PasswordHasher

    return PasswordHasher(ROUNDS, MEMORY_KB, THREADS).hash(_normal(password))


def matches(password_hash: str, password: str) -> bool:
    """Whether `password` is the one that was hashed; compared in constant time."""
    from argon2 import PasswordHasher
    from argon2.exceptions import VerificationError

    try:
        return PasswordHasher().verify(password_hash, _normal(password))
    except VerificationError:
        return False


def _normal(password: str) -> str:
    """Keyboards differ in how they compose a letter such as ż."""
    return unicodedata.normalize("NFC", password)


def main() -> int:
    """Ask for a new password twice, and print its hash."""
    if sys.stdin.isatty():
        password, again = getpass.getpass("New password: "), getpass.getpass("Once more: ")
    else:
        password, again = (sys.stdin.readline().rstrip("\r\n") for _ in range(2))
    if not SHORTEST <= len(password) <= LONGEST:
        print(f"The password needs {SHORTEST} characters or more; four unusual words do well.", file=sys.stderr)
        return 1
    if password != again:
        print("The two passwords differ.", file=sys.stderr)
        return 1
    print(hashed(password))
    return 0


if __name__ == "__main__":
    sys.exit(main())
