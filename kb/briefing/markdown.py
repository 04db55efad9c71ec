"""A briefing as Markdown (CommonMark) in which nothing of a document or a note is markup."""

import re

from kb.briefing.types import Briefing, Quote, Source

_ANYWHERE = re.compile(r"[\\`*_\[\]<>&|~$@^]|:(?=//)|(?<=www)\.|:(?=[\w+-]+:)", re.IGNORECASE)
"""What may be markup anywhere in a line, in CommonMark or in what GitHub and others add to it, such as bare addresses
and :names: of emoji."""

_AT_START = re.compile(r"^(\d+(?=[.)])|(?=[#+=:-]))", re.MULTILINE)
"""Where a heading, a list or the line under a heading may begin."""


def write(briefing: Briefing) -> bytes:
    """`briefing` as the bytes of a Markdown file."""
    parts = [f"# {escaped(briefing.title)}", escaped(briefing.made_words), _paragraphs(briefing.introduction)]
    for section in briefing.sections:
        parts += [f"## {escaped(section.heading)}"] if section.heading else []
        parts += [_quote(quote, briefing.labels.note) for quote in section.quotes]
    if briefing.sources:
        parts += [f"## {escaped(briefing.labels.sources)}"]
        parts += ["\n".join(_source(source, briefing.labels.quotes) for source in briefing.sources)]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def escaped(text: str) -> str:
    """`text` so that Markdown shows it as it is."""
    lines = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return _AT_START.sub(r"\1\\", _ANYWHERE.sub(r"\\\g<0>", lines))


def _paragraphs(text: str) -> str:
    """Text of our readers or documents with its own lines and paragraphs."""
    paragraphs = (part.strip("\n") for part in re.split(r"\n\s*\n", text))
    return "\n\n".join(escaped(part).replace("\n", "\\\n") for part in paragraphs if part.strip())


def _quote(quote: Quote, note: str) -> str:
    body = "\n".join(f"> {line}".rstrip() for line in f"**[{quote.number}]** {_paragraphs(quote.text)}".split("\n"))
    citation = f"— {_title(quote.title)}{escaped(quote.citation)}" + (f"\\\n<{quote.link}>" if quote.link else "")
    said = [body, citation, f"**{escaped(note)}:** {_paragraphs(quote.note)}" if quote.note else ""]
    return "\n\n".join(part for part in said if part)


def _source(source: Source, quotes: str) -> str:
    numbers = ", ".join(f"[{number}]" for number in source.quotes)
    facts = "".join(f", {fact}" for fact in map(escaped, source.facts))
    address = f" <{source.link}>" if source.link else ""
    return f"- {_title(source.title)}{facts}.{address} {escaped(quotes)}: {escaped(numbers)}"


def _title(text: str) -> str:
    return f"*{escaped(text)}*" if text else ""
