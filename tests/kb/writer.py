"""A process that keeps writing until it is killed: `python tests/kb/writer.py HOME`.

Each document has PASSAGES passages that all name one version; version n replaces version n - 1.
"""

import sys
from itertools import count
from pathlib import Path

from kb import KnowledgeBase

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.kb.drafts import draft, remember_encoder

from kb.embed import embed

PASSAGES = 12
PATH = "/plan-of-the-year"
VERSIONS = ("tulip", "walnut")
"""Every sentence of a version holds its word."""

SUBJECTS = "garden park school library museum harbour market theatre stadium hospital station bridge".split(" ")


def main(home: str) -> None:
    """Write the two versions in turn, for ever."""
    with KnowledgeBase.open(home, create=True) as kb:
        remember_encoder(kb)
        drafts = [
            draft(PATH, *(("en", f"The {word} team of volunteers cleans the {subject}.") for subject in SUBJECTS))
            for word in VERSIONS
        ]
        ready = [(made, embed(kb.encoder, made.text, made.passages)) for made in drafts]
        for number in count():
            made, vectors = ready[number % len(ready)]
            kb.store.put(made, vectors.passages, vectors.sentences)
            if number % 3 == 0:
                kb.index.save()
            print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
