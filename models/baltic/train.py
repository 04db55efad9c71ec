"""Train a language pack: `python -m models.baltic.train PAIRS_FOLDER --english FILE`; under an hour on two cores.

PAIRS_FOLDER holds sentence pairs (models/pairs.py), FILE English sentences, one a line, from which
examples are made with the lexical bridge (models.baltic.wordnet gives some). The bridge must be
trained before. README.md beside this file says what was trained on and how good it is.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from kb import pack
from kb.encoder import BundledEncoder
from kb.pack import CARD, MOST_PIECES, PIECES, WEIGHTS, Weights
from models.baltic.examples import Group, groups, once_each

PIECE_COUNT = 48_000
HIDDEN = 1024
BATCH = 1024
STEPS = 4_000
TABLE_RATE = 2e-3
LAYER_RATE = 1e-3
WARMUP = 100

PIECE_DROPOUT = 0.1
"""Share of pieces left out of each bag: no single one should decide."""

CONTRAST = 0.1
SCALE = 20.0
SAME = 0.85
"""In-batch contrast beside 1 - cos: its weight, the softmax scale, and the cosine from which another
target counts as the same."""

TOKENISER_LINES = 400_000
THREADS = 2


class Student(nn.Module):
    """Bags of pieces to unit vectors; what `kb.pack.Weights.vectors` computes in numpy."""

    def __init__(self, pieces: int, dim: int) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(pieces, dim, mode="sum", sparse=True)
        nn.init.normal_(self.table.weight, std=0.05)
        self.up = nn.Linear(dim, HIDDEN)
        self.down = nn.Linear(HIDDEN, dim)

    def forward(self, pieces: Tensor, starts: Tensor, kept: Tensor) -> Tensor:
        """Vectors (n, dim) of bags that begin at `starts` (n,); `kept` is 0 for the pieces left out."""
        which = torch.repeat_interleave(
            torch.arange(len(starts)), torch.diff(torch.cat([starts, torch.tensor([len(pieces)])]))
        )
        counts = torch.zeros(len(starts)).index_add_(0, which, kept).clamp(min=1)
        bags = self.table(pieces, starts, per_sample_weights=kept) / counts.sqrt()[:, None]
        vectors: Tensor = functional.normalize(bags + self.down(torch.relu(self.up(bags))), dim=1)
        return vectors


class Bags:
    """A group's texts as piece ids, drawn by weight."""

    def __init__(self, tokeniser: Any, group: Group) -> None:
        ids = [found[:MOST_PIECES] or [0] for found in tokeniser.encode(group.texts, num_threads=THREADS)]
        self.starts = np.concatenate([[0], np.cumsum([len(found) for found in ids])])
        self.pieces = np.concatenate([np.array(found, np.int32) for found in ids])
        self.targets = group.targets
        self._drawn = np.cumsum(group.weights / group.weights.sum())

    def draw(self, count: int, chance: np.random.Generator) -> tuple[list[NDArray[np.int32]], NDArray[np.float32]]:
        """`count` bags and their targets."""
        chosen = np.searchsorted(self._drawn, chance.random(count)).clip(max=len(self.targets) - 1)
        return [self.pieces[self.starts[at] : self.starts[at + 1]] for at in chosen], self.targets[chosen]


def tokeniser(found: dict[str, Group], folder: Path) -> Any:
    """A SentencePiece unigram model over the texts of all groups, our own counted more often."""
    import sentencepiece

    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as lines:
        for name, group in found.items():
            repeated = {"rows": 6, "joined rows": 0}.get(name, 1)
            step = {"documentation": 2, "synthetic": 4}.get(name, 1)
            for text in group.texts[::step]:
                lines.write((text[:400].replace("\n", " ") + "\n") * repeated)
        lines.flush()
        sentencepiece.SentencePieceTrainer.train(
            input=lines.name,
            model_prefix=str(folder / "pieces"),
            vocab_size=PIECE_COUNT,
            model_type="unigram",
            normalization_rule_name="nmt_nfkc_cf",
            character_coverage=0.9998,
            input_sentence_size=TOKENISER_LINES,
            shuffle_input_sentence=True,
            num_threads=THREADS,
            minloglevel=2,
        )
    (folder / "pieces.vocab").unlink()
    return sentencepiece.SentencePieceProcessor(model_file=str(folder / PIECES))


def train(found: dict[str, Group], bags: dict[str, Bags], steps: int) -> Student:
    """A trained student."""
    torch.set_num_threads(THREADS)  # here, because the bundled encoder limits them for the whole process
    torch.manual_seed(1)
    chance = np.random.default_rng(1)
    dim = next(iter(bags.values())).targets.shape[1]
    student = Student(PIECE_COUNT, dim)
    layers = [*student.up.parameters(), *student.down.parameters()]
    optimisers = [
        (TABLE_RATE, torch.optim.SparseAdam(list(student.table.parameters()), lr=TABLE_RATE)),
        (LAYER_RATE, torch.optim.Adam(layers, lr=LAYER_RATE)),
    ]
    counts = {name: round(BATCH * group.share / sum(g.share for g in found.values())) for name, group in found.items()}
    start = time.monotonic()
    for step in range(steps):
        drawn = [bags[name].draw(count, chance) for name, count in counts.items()]
        loss = _loss(student, [bag for part, _ in drawn for bag in part], np.concatenate([t for _, t in drawn]))
        for rate, optimiser in optimisers:
            optimiser.param_groups[0]["lr"] = rate * (1 - step / steps) * min(1.0, step / WARMUP)
            optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        for _, optimiser in optimisers:
            optimiser.step()
        if step % 250 == 0:
            print(f"step {step} of {steps}: loss {loss.item():.3f}, {time.monotonic() - start:.0f} s", flush=True)
    return student


def _loss(student: Student, bags: Sequence[NDArray[np.int32]], wanted: NDArray[np.float32]) -> Tensor:
    starts = torch.from_numpy(np.concatenate([[0], np.cumsum([len(bag) for bag in bags])[:-1]]))
    pieces = torch.from_numpy(np.concatenate(bags).astype(np.int64))
    kept = (torch.rand(len(pieces)) >= PIECE_DROPOUT).float()
    found, targets = student(pieces, starts, kept), torch.from_numpy(wanted)
    same = (targets @ targets.T > SAME) & ~torch.eye(len(targets), dtype=torch.bool)
    scores = (SCALE * found @ targets.T).masked_fill(same, -1e4)
    right = torch.arange(len(targets))
    contrast = (functional.cross_entropy(scores, right) + functional.cross_entropy(scores.T, right)) / 2
    loss: Tensor = (1 - (found * targets).sum(1)).mean() + CONTRAST * contrast
    return loss


def export(student: Student, languages: Sequence[str], folder: Path) -> None:
    """Write the pack's weights, the table in eight bits, and its description."""
    table = student.table.weight.detach().numpy()
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-9) / 127
    scales = scales.astype(np.float16).astype(np.float32)
    layers = [
        tensor.detach().numpy()
        for layer in (student.up, student.down)
        for tensor in (layer.weight.T.contiguous(), layer.bias)
    ]
    rounded = np.round(table / np.maximum(scales, 1e-9)).clip(-127, 127).astype(np.int8)
    Weights(rounded, scales[:, 0], *layers).save(folder / WEIGHTS)
    card = {"name": folder.name, "languages": sorted(languages), "weights_sha256": pack.sha256(folder)}
    (folder / CARD).write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.baltic.train", description=__doc__)
    parser.add_argument("pairs", type=Path, help="folder with parallel.<code>-en.tsv[.xz]")
    parser.add_argument("--english", type=Path, help="English sentences, one a line")
    parser.add_argument("--languages", nargs="+", default=["lv", "lt"], metavar="CODE")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    english = chosen.english.read_text("utf-8").splitlines() if chosen.english else []
    found = groups(chosen.pairs, english, chosen.languages, once_each(BundledEncoder().encode))
    print({name: len(group.texts) for name, group in found.items()}, flush=True)
    pieces = tokeniser(found, chosen.out)
    student = train(found, {name: Bags(pieces, group) for name, group in found.items()}, chosen.steps)
    export(student, chosen.languages, chosen.out)


if __name__ == "__main__":
    main()
