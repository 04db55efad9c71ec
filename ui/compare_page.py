"""The compare page: two to four cities or documents, a question and topics; what each says, side by side.

/compare?city=torun&city=liepaja&document=3&q=QUESTION&aspect=recognition&aspect=results
"""

from collections.abc import Callable, Sequence

import streamlit as st

from kb import KnowledgeBase, places
from kb.compare import FEWEST_SUBJECTS, MOST_ASPECTS, MOST_SUBJECTS, Aspect, AspectKind, Row, aspect, compare, offered
from kb.subjects import Choice, Subject, choices
from ui import compare_cells, html, state
from ui.texts import Texts

TOPICS = 12
"""Topics offered, at most: about three lines of buttons."""


def render(kb: KnowledgeBase, texts: Texts) -> None:
    """Draw the page."""
    st.title(texts["compare_title"])
    st.caption(texts["compare_subtitle"])
    known = choices(kb.store)
    subjects = _subjects(known, texts)
    names = _names(known, texts)
    if not subjects:
        _explanation(known, names, texts)
        return
    if len(subjects) < FEWEST_SUBJECTS:
        st.info(texts["compare_one_more"], icon=":material/add:")
        return
    question = _question(texts)
    aspects = _aspects(kb, subjects, texts)
    if not question and not aspects:
        st.info(texts["compare_ask"], icon=":material/info:")
        return
    with st.spinner(texts["compare_reading"], show_time=False):
        rows = compare(kb, subjects, question, aspects, texts.code)
    _table(rows, [names(subject) for subject in subjects], texts)


def _subjects(known: Sequence[Choice], texts: Texts) -> list[Subject]:
    """What is chosen to be compared, at most MOST_SUBJECTS; cities first, as in the address."""
    options = {_option(choice.subject): choice for choice in known}
    asked = [f"city:{places.resolve(city)}" for city in state.get_all("city")]
    asked += [f"document:{number}" for number in state.numbers("document")]
    gone = [option for option in asked if option not in options]
    held = [option for option in dict.fromkeys(asked) if option in options]
    state.follow("compare-subjects", held)
    chosen = st.multiselect(
        texts["compare_subjects"],
        list(options),
        format_func=lambda option: _label(options[option], texts),
        placeholder=texts["compare_choose"],
        select_all=False,
        key="compare-subjects",
    )
    chosen = sorted(chosen, key=lambda option: options[option].subject.document is not None)
    state.lead("compare-subjects", chosen)
    subjects = [options[option].subject for option in chosen]
    if chosen != held:  # else what is gone would leave the address, and nobody would be told
        state.put(**_address(subjects))
    left_out = [_label(options[option], texts) for option in chosen[MOST_SUBJECTS:]]
    if left_out:
        st.info(html.plain_label(texts["compare_too_many"].format(names=texts.listed(left_out))))
    if gone:
        missing = [option.replace("document:", f"{texts['nav_document']} ").replace("city:", "") for option in gone]
        st.warning(html.plain_label(texts["compare_gone"].format(names=texts.listed(missing))))
    return subjects[:MOST_SUBJECTS]


def _address(subjects: Sequence[Subject]) -> dict[str, state.Value]:
    """The parameters of the address that name `subjects`."""
    return {
        "city": [subject.city for subject in subjects if subject.city],
        "document": [subject.document for subject in subjects if subject.document is not None],
    }


def _option(subject: Subject) -> str:
    return f"city:{subject.city}" if subject.document is None else f"document:{subject.document}"


def _label(choice: Choice, texts: Texts) -> str:
    """How a choice reads in the list: "Toruń (3 documents)", or a document's title."""
    if choice.subject.document is not None:
        return choice.title
    return f"{texts.located(choice.subject.city)} ({texts.count('n_documents', choice.documents)})"


def _names(known: Sequence[Choice], texts: Texts) -> Callable[[Subject], str]:
    """What to call a subject above its column."""
    titles = {choice.subject: choice.title for choice in known}
    return lambda subject: titles[subject] or texts.located(subject.city)


def _explanation(known: Sequence[Choice], names: Callable[[Subject], str], texts: Texts) -> None:
    """How it works, with an example of what there is: two cities, or two documents where there are no two cities."""
    st.info(texts["compare_how"], icon=":material/info:")
    cities = [choice.subject for choice in known if choice.subject.city][:FEWEST_SUBJECTS]
    subjects = [choice.subject for choice in known if choice.subject.document is not None][:FEWEST_SUBJECTS]
    pair = cities if len(cities) == FEWEST_SUBJECTS else subjects
    if len(pair) < FEWEST_SUBJECTS:
        return
    question = texts["compare_example_question"]
    st.caption(texts["compare_examples"])
    st.button(
        html.plain_label(f"{texts.listed([names(subject) for subject in pair])}: {question}"),
        on_click=state.turn,
        kwargs={**_address(pair), "q": question},
        type="tertiary",
        key="compare-example",
    )


def _question(texts: Texts) -> str:
    state.follow("compare-question", state.get("q"))
    with st.form("compare", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            texts["compare_question"],
            key="compare-question",
            placeholder=texts["compare_placeholder"],
            width="stretch",
        )
        st.form_submit_button(texts["compare_submit"], type="primary", icon=":material/compare_arrows:")
    question = str(st.session_state["compare-question"]).strip()
    state.lead("compare-question", question)
    state.put(q=question)
    return question


def _aspects(kb: KnowledgeBase, subjects: Sequence[Subject], texts: Texts) -> list[Aspect]:
    """The topics and fields that are chosen, of those that at least two of the subjects have something on."""
    asked = [made for name in state.get_all("aspect") if (made := aspect(name))]
    found = offered(kb.store, subjects)
    chosen: list[Aspect] = []
    for kind, most in ((AspectKind.TOPIC, TOPICS), (AspectKind.FIELD, len(found))):
        mine = [made for made in asked if made.kind is kind]
        options = dict.fromkeys([*[made for made in found if made.kind is kind][:most], *mine])
        if options:
            chosen += _pills(f"compare-{kind}s", texts[f"compare_{kind}s"], list(options), mine, texts)
    state.put(aspect=[made.id for made in chosen])
    if len(chosen) > MOST_ASPECTS:
        st.info(texts["compare_too_many_aspects"].format(n=MOST_ASPECTS))
    return chosen[:MOST_ASPECTS]


def _pills(key: str, label: str, options: Sequence[Aspect], asked: Sequence[Aspect], texts: Texts) -> list[Aspect]:
    wanted = [made.id for made in asked]
    state.follow(key, wanted)
    ids = {made.id: made for made in options}
    st.session_state[key] = [name for name in st.session_state[key] if name in ids]
    chosen = st.pills(
        label,
        list(ids),
        selection_mode="multi",
        format_func=lambda name: html.plain_label(compare_cells.aspect_name(ids[name], texts)),
        key=key,
    )
    state.lead(key, list(chosen))
    return [ids[name] for name in chosen]


def _table(rows: Sequence[Row], names: Sequence[str], texts: Texts) -> None:
    """A row of columns an aspect; narrow screens stack the columns, so each cell says whose it is."""
    if not any(cell for row in rows for cell in row.cells):
        st.info(texts["compare_nothing_at_all"], icon=":material/info:")
        return
    compare_cells.add_all(rows, texts)
    for at, row in enumerate(rows):
        st.html(html.group(compare_cells.aspect_name(row.aspect, texts), ""))
        columns = st.columns(len(names))
        for number, (column, name, cell) in enumerate(zip(columns, names, row.cells, strict=True)):
            with column:
                compare_cells.draw(cell, name, row.aspect, texts, key=f"{at}-{number}")
