"""A small OpenID provider: whoever comes chooses who to be. It signs what it says, as a real one does."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "hopkb", "the provider's secret"

PEOPLE: dict[str, dict[str, Any]] = {
    "partner": {"email": "partner@city.lv", "email_verified": True},
    "stranger": {"email": "stranger@elsewhere.example", "email_verified": True},
    "claimant": {"email": "claimant@city.lv", "email_verified": False},
}
"""What the provider says of each person."""


@contextmanager
def provider() -> Iterator[str]:
    """The address of a running provider."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    key = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
    codes: dict[str, tuple[str, str]] = {}  # noqa: RUF012 - one provider at a time

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path == "/.well-known/openid-configuration":
            self._json(self._configuration())
        elif path == "/jwks":
            self._json({"keys": [self.key.as_dict(private=False)]})
        elif path == "/authorize" and "as" not in query:
            links = (f'<p><a href="{self.path}&as={name}">{name}</a>' for name in PEOPLE)
            self._send(f"<!doctype html><title>Provider</title>{''.join(links)}".encode(), "text/html")
        elif path == "/authorize":
            code = secrets.token_hex(8)
            self.codes[code] = (query["as"][0], query["nonce"][0])
            self._redirect(f"{query['redirect_uri'][0]}?{urlencode({'code': code, 'state': query['state'][0]})}")
        elif path == "/end":
            self._redirect(query["post_logout_redirect_uri"][0])

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        name, nonce = self.codes.pop(form["code"][0])
        now = int(time.time())
        claims = {"iss": self._here, "aud": CLIENT, "sub": name, "iat": now, "exp": now + 300, "nonce": nonce}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims | PEOPLE[name], self.key)
        self._json({"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": token})

    @property
    def _here(self) -> str:
        return f"http://localhost:{self.server.server_address[1]}"

    def _configuration(self) -> dict[str, Any]:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        return {name: f"{self._here}/{path}" for name, path in (paths | {"end_session_endpoint": "end"}).items()} | {
            "issuer": self._here,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _json(self, value: Any) -> None:
        self._send(json.dumps(value).encode(), "application/json")

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _redirect(self, address: str) -> None:
        self.send_response(302)
        self.send_header("location", address)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are read for what fails."""
