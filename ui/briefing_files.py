"""What comes into a briefing and what goes out of it: files to hand on, the saved file, the address to share."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import streamlit as st

from kb import KnowledgeBase
from kb.briefing import markdown, pdf, word
from kb.briefing.draft import Draft, Pick, dump, load, renewed
from kb.briefing.plain import file_name
from kb.briefing.types import Briefing
from kb.errors import BriefingUnreadable
from ui import briefing_draft, html, state
from ui.texts import Texts

MANY = 40
"""Quotes from which on a PDF takes more than a second on one core."""

FORMATS: dict[str, tuple[Callable[[Briefing], bytes], str, str]] = {
    "Word": (word.write, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "PDF": (pdf.write, "pdf", "application/pdf"),
    "Markdown": (markdown.write, "md", "text/markdown"),
}
"""By name: what writes it, its ending and its MIME type."""

MOST_BYTES = 4_000_000
"""Of a saved briefing: five times what the longest one takes."""

_ARRIVED = "briefing-arrived"
_BROKEN = "briefing-broken"

# Ours. The browser's own field for files, which speaks the reader's language; Streamlit's speaks English.
_FIELD = """<label><span></span><input type="file" accept=".json,application/json"></label>"""
_FIELD_STYLE = """
label { display: flex; flex-wrap: wrap; gap: .5rem; font-family: var(--st-font); color: var(--st-text-color); }
label:has(span:empty) { visibility: hidden; } /* until the script has named it, nobody meets it */
input { max-width: 100%; font: inherit; }
"""
_FIELD_SCRIPT = """
export default function ({ parentElement, data, setTriggerValue }) {
  parentElement.querySelector("span").textContent = data.label;
  const input = parentElement.querySelector("input");
  input.onchange = async () => {
    const [file] = input.files;
    if (file) setTriggerValue("file", file.size > data.most ? "" : await file.text());
    input.value = "";
  };
}
"""


def base() -> str:
    """The address of this knowledge base if the reader wants links to it in the files; "" else.

    One that only this computer can open is left out unless she says so: the files go to others.
    """
    return own_address() if st.session_state.get("briefing-links", not _is_local()) else ""


def own_address() -> str:
    """Where the pages stand, such as "https://kb.example"."""
    return (st.context.url or "").split("?")[0].rstrip("/").removesuffix("/briefing")


def _is_local() -> bool:
    return "://localhost" in own_address() or "://127.0.0.1" in own_address()


def take(briefing: Briefing, texts: Texts) -> None:
    """Buttons that make a file of the briefing when they are pressed."""
    if not briefing.quotes:
        return
    quotes, sources = len(briefing.quotes), len(briefing.sources)
    counts = f"{texts.count('briefing_n_quotes', quotes)} · {texts.count('n_documents', sources)}"
    with st.container(border=True, key="briefing-take"):
        st.html(html.facts(counts))
        with st.container(horizontal=True):
            for name, (write, ending, mime) in FORMATS.items():
                st.download_button(
                    texts["briefing_download"].format(format=name),
                    data=_writing(write, briefing),
                    file_name=file_name(briefing.title, ending),
                    mime=mime,
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"take-{ending}",
                )
        if quotes > MANY:
            st.caption(texts["briefing_patience"])
        st.checkbox(texts["briefing_links"], value=not _is_local(), key="briefing-links")
        st.html(html.facts(texts["briefing_links_help"].format(address=own_address())))


def _writing(write: Callable[[Briefing], bytes], briefing: Briefing) -> Callable[[], bytes]:
    return lambda: write(briefing)


def keep(draft: Draft, texts: Texts) -> None:
    """Save, load, share, empty."""
    with st.expander(texts["briefing_keep"], icon=":material/save:", expanded=not draft.picks):
        if draft.picks:
            st.download_button(
                texts["briefing_save"],
                data=dump(draft),
                file_name=file_name(draft.title or texts["briefing_title"], "json"),
                mime="application/json",
                icon=":material/save:",
                on_click="ignore",
                key="briefing-save",
            )
        st.caption(texts["briefing_save_help"])
        _loader(texts)
        if draft.picks:
            st.html(html.facts(texts["briefing_share"]))
            passages = ",".join(str(pick.passage) for pick in draft.picks if pick.passage > 0)
            st.code(f"{own_address()}/briefing?passages={passages}", language=None, wrap_lines=True)
            st.caption(texts["briefing_share_help"])
            st.button(
                texts["briefing_clear"],
                on_click=briefing_draft.write,
                args=[lambda draft: Draft(grouping=draft.grouping), texts["briefing_emptied"]],
                icon=":material/delete_sweep:",
                key="briefing-clear",
            )


def _loader(texts: Texts) -> None:
    field = st.components.v2.component("hopkb_briefing_file", html=_FIELD, css=_FIELD_STYLE, js=_FIELD_SCRIPT)
    field(key="briefing-file", data={"label": texts["briefing_load"], "most": MOST_BYTES}, on_file_change=_arrive)
    if st.session_state.pop(_BROKEN, False):
        st.error(texts["briefing_unreadable"])


def _arrive() -> None:
    content = st.session_state["briefing-file"].get("file")
    if content is None:
        return
    try:
        st.session_state[_ARRIVED] = load(str(content).encode("utf-8", "replace"))
    except BriefingUnreadable:
        st.session_state[_BROKEN] = True


def arrivals(kb: KnowledgeBase, draft: Draft, texts: Texts) -> None:
    """Offer what a file or the address has brought."""
    loaded: Draft | None = st.session_state.get(_ARRIVED)
    if loaded is not None:
        loaded = replace(loaded, picks=renewed(kb.store, loaded.picks))
        _offer(draft, loaded, texts.count("briefing_loaded", len(loaded.picks)), texts)
        return
    asked = [int(part) for part in state.get("passages").split(",") if part.isdecimal() and len(part) < 12]
    known = kb.store.passages(asked)
    held = {pick.passage for pick in draft.picks}
    new = [passage for passage in asked if passage not in held]
    if new and any(passage in known for passage in new):
        brought = Draft(picks=tuple(Pick(passage) for passage in dict.fromkeys(asked)))
        _offer(draft, brought, texts.count("briefing_shared", len(new)), texts)


def _offer(draft: Draft, brought: Draft, said: str, texts: Texts) -> None:
    with st.container(border=True, key="briefing-arrived"):
        st.info(said, icon=":material/move_to_inbox:")
        with st.container(horizontal=True):
            args = (brought, texts["briefing_replaced"])
            if draft.picks:
                st.button(texts["briefing_add"], on_click=_add, args=args, key="arrived-add")
            st.button(
                texts["briefing_instead" if draft.picks else "briefing_take"],
                on_click=_use,
                args=args,
                key="arrived-use",
            )


def _add(brought: Draft, said: str) -> None:
    _take(lambda draft: replace(draft, picks=(*draft.picks, *_new(draft, brought))), said)


def _use(brought: Draft, said: str) -> None:
    _take(lambda _: brought, said)


def _new(draft: Draft, brought: Draft) -> Iterator[Pick]:
    held = {pick.passage for pick in draft.picks}
    return (pick for pick in brought.picks if pick.passage not in held)


def _take(change: briefing_draft.Change, said: str) -> None:
    st.session_state.pop(_ARRIVED, None)
    state.put(passages=None)
    briefing_draft.write(change, said)
