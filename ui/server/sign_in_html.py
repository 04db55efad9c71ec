"""The sign-in page's HTML. It works without scripts, pictures and fonts of its own."""

import base64
import hashlib
from dataclasses import dataclass
from enum import Enum, auto
from html import escape
from urllib.parse import parse_qsl, urlencode

from ui.texts import NAMES, Texts


class Form(Enum):
    """What the page offers to do."""

    SIGN_IN = auto()
    OTHER_ADDRESS = auto()
    SIGN_OUT = auto()


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows. `base` is the path below which all addresses lie, `wanted` the address to go to after
    sign-in, `services` the sign-in services; without any there is a shared password. `said` is what came of the last
    step, `wrong` whether it failed."""

    texts: Texts
    base: str
    wanted: str
    form: Form
    services: tuple[str, ...]
    said: str = ""
    wrong: bool = False


_STYLE = """
:root { color-scheme: light dark; --accent: #1f6f78; --paper: #fff; --ink: #262730; --error: #a3160f; }
@media (prefers-color-scheme: dark) { :root { --accent: #2a7f89; --paper: #0e1117; --ink: #fafafa; --error: #ff9d95; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center; padding: 1rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 24rem; margin: auto; padding: 2rem 0; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .5rem; }
p { margin: 0 0 1.25rem; overflow-wrap: anywhere; }
label { display: block; font-weight: 600; margin-bottom: .35rem; }
input { width: 100%; font: inherit; color: inherit; background: transparent; padding: .6rem .75rem;
  border: 1px solid currentColor; border-radius: .5rem; }
.do { display: block; width: 100%; margin-top: 1rem; padding: .65rem 1rem; border: 0; border-radius: .5rem;
  background: var(--accent); color: #fff; font: inherit; font-weight: 600; text-align: center; text-decoration: none;
  cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.said { border-left: .25rem solid var(--accent); padding-left: .8rem; }
.said.wrong { border-color: var(--error); color: var(--error); }
ul { list-style: none; display: flex; flex-wrap: wrap; justify-content: center; gap: .25rem 1rem;
  margin: 0; padding: 0; }
nav a { color: inherit; display: inline-block; padding: .25rem 0; }
nav a[aria-current] { font-weight: 600; text-decoration: none; }
"""

_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "referrer-policy": "same-origin",  # without a referrer, browsers would send the form from nowhere
    "x-content-type-options": "nosniff",
}
"""Nothing is loaded, nothing is run, no other site shows the page in a frame."""


def page(view: View) -> str:
    """The whole page."""
    read = view.texts
    title = read["sign_out"] if view.form is Form.SIGN_OUT else read["sign_in_title"]
    lead = read["sign_out_question"] if view.form is Form.SIGN_OUT else read["sign_in_lead"]
    content = ("" if view.form is Form.OTHER_ADDRESS else f"<p>{escape(lead)}</p>") + _said(view)
    return (
        f'<!doctype html><html lang="{read.code}"><head><meta charset="utf-8"><title>{escape(title)} · HopKB</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<link rel="icon" href="data:,"><style>{_STYLE}</style></head>'
        f"<body><main><h1>HopKB</h1>{content}{_form(view)}</main>{_languages(view)}</body></html>"
    )


def _said(view: View) -> str:
    role, look = ("alert", "said wrong") if view.wrong else ("status", "said")
    return f'<p class="{look}" role="{role}" id="said">{escape(view.said)}</p>' if view.said else ""


def _form(view: View) -> str:
    if view.form is Form.SIGN_OUT:
        return (
            f'<form method="post" action="{view.base}/sign-out?{_next(view.wanted)}">'
            f'<button class="do">{escape(view.texts["sign_out"])}</button></form>'
        )
    if view.form is Form.OTHER_ADDRESS:
        return f'<a class="do" href="{view.base}/sign-out">{escape(view.texts["sign_in_other"])}</a>'
    return _services(view) if view.services else _password(view)


def _password(view: View) -> str:
    wrong = ' aria-invalid="true" aria-describedby="said"' if view.wrong else ""
    return (
        f'<form method="post" action="{view.base}/sign-in">'
        f'<input type="hidden" name="next" value="{escape(view.wanted)}">'
        f'<label for="password">{escape(view.texts["sign_in_password"])}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required autofocus'
        f' maxlength="1000"{wrong}>'
        f'<button class="do">{escape(view.texts["sign_in_title"])}</button></form>'
    )


def _services(view: View) -> str:
    links = []
    for service in view.services:
        named = view.texts["sign_in_with"].format(name=service[:1].upper() + service[1:])
        label = view.texts["sign_in_title"] if service == "default" else named
        query = urlencode({"service": service, "next": view.wanted})
        links.append(f'<a class="do" href="{view.base}/sign-in/with?{escape(query)}">{escape(label)}</a>')
    return "".join(links)


def _languages(view: View) -> str:
    """The same page in the other languages; the page asked for follows."""
    place = "sign-out" if view.form is Form.SIGN_OUT else "sign-in"
    path, _, query = view.wanted.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name != "ui"]
    links = []
    for code, name in NAMES.items():
        here = ' aria-current="true"' if code == view.texts.code else ""
        following = _next(f"{path}?{urlencode([*kept, ('ui', code)])}")
        links.append(
            f'<li><a href="{view.base}/{place}?{following}" lang="{code}" hreflang="{code}"{here}>{name}</a></li>'
        )
    return f'<nav aria-label="{escape(view.texts["interface"])}"><ul>{"".join(links)}</ul></nav>'


def _next(wanted: str) -> str:
    return escape(urlencode({"next": wanted}))
