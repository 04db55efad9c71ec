"""A server in a process of its own, and what it takes of the machine, as Linux tells it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
TICKS = os.sysconf("SC_CLK_TCK")
"""Units of CPU time in a second."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address without scheme, its process."""

    host: str
    pid: int

    def memory(self) -> int:
        """Resident memory in KB of the process; children are page pictures' and stay as they are."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        return int(status.split("VmRSS:")[1].split()[0])

    def cpu(self) -> float:
        """CPU seconds the process has used, all its threads together."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def threads(self) -> int:
        """How many threads it has."""
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """A server on the knowledge base in `home`, as `streamlit run app.py` starts it. Raises RuntimeError where it
    does not start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {**os.environ, "KB_HOME": str(home), "HOPKB_COUNT_QUESTIONS": "0"}
    log = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as process:
        try:
            host = f"localhost:{port}"
            _wait(f"http://{host}/_stcore/health", process)
            yield Server(host, process.pid)
        finally:
            process.terminate()


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")
