"""`python -m kb`: search, answer, and look after a knowledge base, from the command line."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kb import KnowledgeBase, views
from kb.config import SAMPLE_QUESTIONS
from kb.engines import ENGINES
from kb.errors import KBError, NotFound
from kb.practice import facts_of
from kb.questions import Questions
from kb.related.links import related_documents
from kb.types import Filters


def parser() -> argparse.ArgumentParser:
    """The command line's options."""
    made = argparse.ArgumentParser(prog="python -m kb", description="Search and look after a knowledge base.")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _searching(commands.add_parser("search", help="the passages that answer a query best"), search, many=True)
    _searching(commands.add_parser("answer", help="the sentences that answer a query, quoted"), answer, many=False)
    show_options = _command(commands, "show", show, "a document's text, or a passage in it")
    show_options.add_argument("document", type=int, help="document id, as search gives it")
    show_options.add_argument("--passage", type=int, help="passage id: only this passage")
    _command(commands, "stats", stats, "what the knowledge base holds")
    _command(commands, "verify", verify, "check that everything is whole; exit status 1 where it is not")
    evaluating = _command(commands, "evaluate", evaluate, "measure search and answers on judged questions")
    evaluating.add_argument(
        "questions",
        nargs="?",
        type=Path,
        default=SAMPLE_QUESTIONS,
        metavar="QUESTIONS",
        help="JSON lines with query, language and relevant places (default: those of the sample corpus)",
    )
    evaluating.add_argument("--set", default="", metavar="NAME", help="only the questions marked so: development, test")
    removing = _command(commands, "remove", remove, "remove documents by id or path")
    removing.add_argument("documents", nargs="+", metavar="DOCUMENT", help="document id or path")
    embedding = _command(commands, "reembed", reembed, "make all vectors anew, after a change of encoder")
    embedding.add_argument(
        "--model", metavar="NAME", help="a sentence-transformers model (default: the bundled encoder)"
    )
    migrating = _command(commands, "migrate", migrate, "copy the knowledge base to a cluster, or from it to a folder")
    migrating.add_argument(
        "--to", required=True, metavar="TARGET", help="a folder, or the address of a Qdrant cluster (http://...)"
    )
    migrating.add_argument(
        "--catalogue",
        type=Path,
        metavar="FOLDER",
        help="where this machine keeps its catalogue of that cluster (default: the --home with -cluster behind it)",
    )
    asking = _command(commands, "questions", questions, "the questions asked on the page that found nothing")
    asking.add_argument("--clear", action="store_true", help="delete them")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status: 0 well, 1 damage or nothing removed, 2 wrong usage."""
    options = parser().parse_args(arguments)
    try:
        with _opened(options) as kb, kb.store.explained():
            return int(options.run(kb, options))
    except KBError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, `head` for instance, has seen enough
        sys.stderr.close()
        return 0


def _opened(options: argparse.Namespace) -> KnowledgeBase:
    return KnowledgeBase.open(options.home, engine=options.engine, url=options.url)


def _command(commands: Any, name: str, run: Any, about: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=about)
    _common(made, run)
    return made


def _common(made: argparse.ArgumentParser, run: Any) -> None:
    made.set_defaults(run=run)
    made.add_argument("--home", type=Path, default=None, help="the knowledge base (default: $KB_HOME, else ./data)")
    made.add_argument("--json", action="store_true", help="JSON instead of text")
    made.add_argument(
        "--engine", choices=ENGINES, help="where the knowledge base lives (default: $KB_ENGINE, else local)"
    )
    made.add_argument("--url", metavar="URL", help="the Qdrant cluster (default: $KB_QDRANT_URL)")


def _searching(made: argparse.ArgumentParser, run: Any, *, many: bool) -> None:
    made.add_argument("query", help="a question or keywords in en, pl, de, lv or lt")
    if many:
        made.add_argument("-k", type=_positive, default=10, metavar="N", help="how many passages (default: 10)")
        made.add_argument(
            "--separate", action="store_true", help="passages that say the same one by one, not as one of them"
        )
    made.add_argument("--language", nargs="+", default=[], metavar="CODE", help="only passages in these languages")
    made.add_argument("--city", nargs="+", default=[], metavar="NAME", help="only documents about these cities")
    made.add_argument("--country", nargs="+", default=[], metavar="NAME", help="only documents about these countries")
    made.add_argument("--format", nargs="+", default=[], metavar="NAME", help="only these formats, such as pdf")
    _common(made, run)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _filters(options: argparse.Namespace) -> Filters:
    return Filters(tuple(options.language), tuple(options.city), tuple(options.country), tuple(options.format))


def _say(options: argparse.Namespace, rows: Sequence[object], text: str) -> None:
    """Print `rows` as JSON lines, or `text`, as the options ask."""
    for line in (json.dumps(row, ensure_ascii=False) for row in rows) if options.json else [text]:
        print(line)


def search(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    """Print hits, best first."""
    hits = kb.search(options.query, options.k, filters=_filters(options), collapse=not options.separate)
    text = "\n\n".join(views.hit_text(hit) for hit in hits)
    _say(options, [views.hit(hit) for hit in hits], text or "Nothing found. Try a whole question, or fewer filters.")
    return 0


def answer(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    """Print the answer's sentences, or that there is none."""
    found = kb.answer(options.query, filters=_filters(options))
    text = "\n".join(views.citation_text(number, c) for number, c in enumerate(found.citations, start=1))
    _say(options, [views.answer(found)], text or "The knowledge base has no answer to this.")
    return 0


def show(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    """Print a document's text by place, or one passage."""
    document = kb.store.document(options.document)
    passages = kb.store.passages_of(document.id)
    if options.passage is not None:
        passages = [passage for passage in passages if passage.id == options.passage]
        if not passages:
            raise NotFound(f"Document {document.id} has no passage {options.passage}.")
    near = related_documents(kb.store, document.id)
    row = {
        **views.document(document, facts_of(kb.store, document.id)),
        "related": [views.related(found) for found in near],
        "passages": [views.passage(passage) for passage in passages],
    }
    _say(options, [row], views.document_text(document, passages, near))
    return 0


def stats(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    """Print what the knowledge base holds."""
    found = views.stats(kb.store)
    _say(options, [found], views.stats_text(found))
    return 0


def verify(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    """Print what is wrong; 1 if anything is that does not mend itself."""
    problems = kb.verify()
    row = {"ok": not problems, "problems": [views.problem(found) for found in problems]}
    _say(options, [row], "\n".join(f"{found.what}: {found.message}" for found in problems) or "All is well.")
    return 1 if any(not found.harmless for found in problems) else 0


def evaluate(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    """Print how high the judged places stand, by language pair, and how often an answer is rightly given."""
    from kb.evaluation import evaluate, questions, views

    chosen = questions.of_subset(questions.read_questions(options.questions), options.set)
    report = evaluate.evaluate(kb, chosen)
    _say(options, [views.report(report)], views.report_text(report))
    return 0


def remove(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    """Remove documents; those named wrongly are reported and the others removed."""
    status = 0
    for name in options.documents:
        try:
            removed = kb.remove(name)
            _say(options, [{"removed": removed.path, "document_id": removed.id}], f"Removed {removed.path}")
        except NotFound as error:
            print(error, file=sys.stderr)
            status = 1
    kb.settle()
    return status


def reembed(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    """Make all vectors anew."""
    from kb.encoder import load_encoder

    encoder = load_encoder(options.model)
    print(f"Making all vectors anew with {encoder.fingerprint} ...", file=sys.stderr)
    count = kb.reembed(encoder)
    text = f"{count} documents now have vectors of {encoder.fingerprint}."
    _say(options, [{"documents": count, "encoder": encoder.fingerprint}], text)
    return 0


def migrate(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    """Copy everything to another engine, and say what was done."""
    from kb.migrate import migrate

    def say(done: int, total: int) -> None:
        if not options.json and sys.stderr.isatty():
            print(f"\r{done} of {total} documents", end="" if done < total else "\n", file=sys.stderr, flush=True)

    with _target(kb, options) as target:
        done = migrate(kb.engine, target.engine, say)
        text = (
            f"{done.copied} documents copied, {done.already} were there already. {options.to} now holds "
            f"{done.held.documents} documents, {done.held.passages} passages and {done.held.sentences} sentences, the "
            f"same as here: SHA-256 {done.checksum}"
        )
        _say(options, [{**asdict(done), "to": options.to}], text)
    return 0


def _target(kb: KnowledgeBase, options: argparse.Namespace) -> KnowledgeBase:
    """What to copy into."""
    if options.to.startswith(("http://", "https://")):
        beside = kb.store.home.absolute()
        folder = options.catalogue or beside.with_name(f"{beside.name}-cluster")
        return KnowledgeBase.open(folder, engine="qdrant", url=options.to, create=True)
    return KnowledgeBase.open(options.to, engine="local", create=True)


def questions(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    """Print the questions that found nothing, those asked most first, or delete them."""
    asked = Questions(kb.store.home)
    if options.clear:
        count = asked.clear()
        _say(options, [{"deleted": count}], f"{count} questions deleted.")
        return 0
    found = asked.counts()
    text = "\n".join(views.asked_text(question) for question in found)
    _say(options, [views.asked(question) for question in found], text or "No question without an answer was counted.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
