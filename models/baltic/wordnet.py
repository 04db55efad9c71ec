"""English sentences from WordNet: `python -m models.baltic.wordnet DICT_FOLDER > english.txt`.

DICT_FOLDER holds WordNet 3.0's data.noun, data.verb, data.adj and data.adv (format: wndb(5)).
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

LEAST_DEFINITION = 4
LEAST_EXAMPLE = 3
"""Shorter ones, in words, mean too little by themselves."""


def sentences(folder: Path) -> Iterator[str]:
    """Each word sense's first definition, headed by its first word, and its examples."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{part}").read_text("utf-8").splitlines():
            if line.startswith("  ") or "|" not in line:
                continue  # the licence stands before the data
            head, gloss = line.split("|", 1)
            word = head.split()[4].replace("_", " ").split("(")[0]
            definition = re.sub(r'"[^"]*"', "", gloss).split(";")[0].strip()
            if len(definition.split()) >= LEAST_DEFINITION:
                yield f"{word}: {definition}"
            yield from (e for e in re.findall(r'"([^"]*)"', gloss) if len(e.split()) >= LEAST_EXAMPLE)


if __name__ == "__main__":
    print("\n".join(sorted(set(sentences(Path(sys.argv[1]))))))
