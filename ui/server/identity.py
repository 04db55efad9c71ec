"""Who signed in by OpenID Connect: what Streamlit's own st.login keeps in its signed cookie.

The names and the format are Streamlit's inner ones (1.67); tests/ui/test_access.py signs in through all of it.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

LOGIN, CALLBACK, LOGOUT = "/auth/login", "/oauth2callback", "/auth/logout"
"""Streamlit's addresses for signing in and out, below the base path."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a sign-in service vouched for `age` seconds ago. `token` is the cookie that says so."""

    email: str
    verified: bool
    provider: str
    token: str
    age: float


def person(cookies: Mapping[str, str]) -> Person | None:
    """Who the cookies of a request belong to; None without a cookie that this server signed within a session's time."""
    from itsdangerous import BadData, URLSafeTimedSerializer
    from streamlit.auth_util import get_cookie_with_chunks
    from streamlit.web.server.server_util import get_cookie_secret
    from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    from ui.server.sessions import LIFETIME

    token, secret = cookies.get(USER_COOKIE_NAME, ""), get_cookie_secret()
    if not token or not secret:
        return None
    try:
        _, signed = URLSafeTimedSerializer(secret, salt=USER_COOKIE_NAME).loads(
            token, max_age=int(LIFETIME), return_timestamp=True
        )
    except BadData:
        return None

    def part(name: str) -> bytes | None:
        return decode_signed_value(secret, name, cookies.get(name, ""))

    try:
        claims = json.loads(get_cookie_with_chunks(part, USER_COOKIE_NAME) or b"")
    except ValueError:
        return None
    if not isinstance(claims, dict) or claims.get("is_logged_in") is not True:
        return None
    # Where the service says nothing of it, it gives out its own addresses only.
    verified = claims.get("email_verified", True) in {True, "true"}
    email, provider = str(claims.get("email") or ""), str(claims.get("provider") or "")
    return Person(email, verified, provider, token, max(0.0, time.time() - signed.timestamp()))


def login_address(provider: str) -> str:
    """Where st.login sends a browser to sign in with `provider`, below the base path. Good for two minutes."""
    from streamlit.auth_util import encode_provider_token

    return f"{LOGIN}?provider={encode_provider_token(provider)}"
