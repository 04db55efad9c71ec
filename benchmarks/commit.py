"""Which state of the project a result was measured at."""

import subprocess
from pathlib import Path


def commit() -> str:
    """The commit checked out, with a plus sign where the tree differs from it; "" outside a repository."""
    command = ["git", "describe", "--always", "--abbrev=10", "--exclude=*", "--dirty=+"]
    folder = Path(__file__).parent
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout.strip()
