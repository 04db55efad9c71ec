"""Whether the reader of a session is signed in, asked once more before anything is drawn, and signing out."""

from html import escape

import streamlit as st

from ui.server import gate
from ui.server.access import Way
from ui.texts import Texts

# After twelve hours, or when another tab signed out: Streamlit would say "status 401" and leave in sight what was read.
_LEAVE_WHEN_OVER = """<script>
window.hopkbSession ??= setInterval(async () => {
  const reply = await fetch("_stcore/host-config", {cache: "no-store"}).catch(() => null);
  if (reply?.status === 401) location.reload();
}, 5000);
</script>"""


def signed_in(texts: Texts) -> bool:
    """Whether the knowledge base may be shown to this session; if not, says so with a link to the sign-in page.

    The gate lets nobody open a session without sign-in; this holds if a change of the server ever goes around it.
    """
    guard = gate.guard()
    if guard.access.way in {Way.LOCAL, Way.OPEN} or guard.session(st.context.cookies) is not None:
        return True
    st.warning(texts["sign_in_over"])
    st.html(_link("sign-in", texts["sign_in_title"]))
    return False


def sign_out(texts: Texts) -> None:
    """A link to sign out, where somebody is signed in; and leaves the page when that is over."""
    if gate.guard().access.way in {Way.PASSWORD, Way.OIDC}:
        st.html(_link("sign-out", texts["sign_out"]) + _LEAVE_WHEN_OVER, width="content", unsafe_allow_javascript=True)


def _link(address: str, label: str) -> str:
    """A link that leaves the pages: what it leads to is no page of Streamlit's. All pages lie in one folder."""
    return f'<div class="kb-links"><a href="{address}" target="_self">{escape(label)}</a></div>'
