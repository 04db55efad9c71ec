"""nginx with TLS in front of a server, as docs/operating/nginx.conf sets it up."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

CONFIGURATION = Path(__file__).parents[2] / "docs" / "operating" / "nginx.conf"
PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin") or ""
"""Where nginx is; "" where it is not installed."""


@contextmanager
def behind_nginx(server: str, folder: Path, secure: int, plain: int) -> Iterator[None]:
    """Serve what is at the address `server` by https at the port `secure`, and by http at `plain`."""
    _certificate(folder)
    text = re.sub(r"listen (\[::\]:)?\d+.*\n", "", CONFIGURATION.read_text("utf-8"))
    text = text.replace("server_name", f"listen 127.0.0.1:{plain};\nserver_name", 1)
    text = text.replace("server_tokens", f"listen 127.0.0.1:{secure} ssl http2;\nserver_tokens", 1)
    text = text.replace("/etc/ssl/hopkb", str(folder)).replace("https://$host", f"https://localhost:{secure}")
    text = text.replace("http://127.0.0.1:8501", server.replace("localhost", "127.0.0.1"))
    whole = f"daemon off; pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; {text} }}"
    (folder / "nginx.conf").write_text(whole, "utf-8")
    nginx = subprocess.Popen([PROGRAM, "-p", folder, "-c", folder / "nginx.conf"])
    try:
        _wait(secure)
        yield
    finally:
        nginx.terminate()
        nginx.wait(20)


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("nginx did not start")


def _certificate(folder: Path) -> None:
    """A certificate for localhost that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now, day = datetime.now(UTC), timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - day, now + day)
    signed = made.sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(*kinds))
