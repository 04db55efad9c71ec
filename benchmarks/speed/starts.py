"""What starts cost: the command line from cold; and the language pack beside the bundled encoder."""

import statistics
import subprocess
import sys
from functools import partial

from benchmarks.speed.timing import timed
from kb import KnowledgeBase
from kb.encoder import load_encoder

STARTS = 7
"""Cold starts of each kind, and rounds of each encoder, taken in turns."""

BALTIC = {"lv", "lt"}


def cold_starts(home: str) -> dict[str, float]:
    """Median seconds of commands from a cold start, and how many times those of a bare Python with numpy."""
    kb = [sys.executable, "-m", "kb"]
    commands = {
        "search": [*kb, "search", "who insures volunteers", "--home", home],
        "search in Latvian": [*kb, "search", "kas apdrošina brīvprātīgos", "--home", home],
        "answer": [*kb, "answer", "who insures volunteers", "--home", home],
        "stats": [*kb, "stats", "--home", home],
        "bare python with numpy": [sys.executable, "-c", "import numpy"],
    }
    runs = [
        {name: timed(partial(subprocess.run, command, check=True, capture_output=True)) for name, command in all_of}
        for all_of in [list(commands.items())] * STARTS
    ]
    medians = {name: statistics.median(run[name] for run in runs) for name in commands}
    bare = medians["bare python with numpy"]
    return {
        **{f"{name} s": round(seconds, 2) for name, seconds in medians.items()},
        "search over bare python": round(medians["search"] / bare, 1),
    }


def encoders(kb: KnowledgeBase) -> dict[str, float]:
    """Texts a second of the language pack and of the bundled encoder, each on passages it is for, in turns."""
    passages = [p for document in kb.store.documents() for p in kb.store.passages_of(document.id)]
    chosen = {
        "language pack": [p for p in passages if p.language in BALTIC],
        "bundled encoder": [p for p in passages if p.language not in BALTIC],
    }
    encode = load_encoder().encode
    rates: dict[str, list[float]] = {name: [] for name in chosen}
    for _ in range(STARTS):
        for name, found in chosen.items():
            texts, languages = [p.text for p in found], [p.language for p in found]
            rates[name].append(len(texts) / timed(partial(encode, texts, languages)))
    pack, base = (statistics.median(rates[name]) for name in chosen)
    return {
        "language pack, passages a second": round(pack),
        "bundled encoder, passages a second": round(base),
        "pack over bundled": round(pack / base, 1),
    }
