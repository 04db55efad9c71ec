"""A process that keeps writing until it is killed: `python -m tests.kb.writer HOME`.

Each document has PASSAGES passages that all name one version; version n replaces version n - 1.
"""

import sys
from itertools import count

from kb import KnowledgeBase
from tests.kb.drafts import draft, embedded

PASSAGES = 12
PATH = "/plan-of-the-year"
VERSIONS = ("tulip", "walnut")
"""Every sentence of a version holds its word."""

SUBJECTS = (
    *("garden", "park", "school", "library", "museum", "harbour"),
    *("market", "theatre", "stadium", "hospital", "station", "bridge"),
)


def main(home: str) -> None:
    """Write the two versions in turn, for ever."""
    with KnowledgeBase.open(home, create=True) as kb:
        kb.engine.claim(kb.encoder)
        drafts = [
            draft(PATH, *(("en", f"The {word} team of volunteers cleans the {subject}.") for subject in SUBJECTS))
            for word in VERSIONS
        ]
        ready = [(made, embedded(kb.encoder, made)) for made in drafts]
        for number in count():
            made, vectors = ready[number % len(ready)]
            kb.store.put(made, vectors.passages, vectors.sentences)
            if number % 3 == 0:
                kb.engine.sentences.save()
                kb.engine.terms.save()
            print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
