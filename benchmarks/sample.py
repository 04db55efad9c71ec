"""The sample corpus as a knowledge base."""

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase
from kb.config import SAMPLE_QUESTIONS

CORPUS = SAMPLE_QUESTIONS.parent


def ingested(kb: KnowledgeBase) -> KnowledgeBase:
    """`kb`, with the corpus in it. Raises SystemExit where a document cannot be read."""
    refused = [
        f"{report.path}: {report.reason}"
        for report in Pipeline(kb).run([CORPUS], discover([CORPUS]))
        if report.status != "added"
    ]
    if refused:
        raise SystemExit("; ".join(refused))
    return kb
