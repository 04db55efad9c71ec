"""Keeps the landscape in step with the documents.

New passages are placed among their nearest, and nothing else moves; passages that are gone leave with their rows.
Once a share of all has changed since, it is laid out anew, from where things stood. Each way is one transaction: a
reader sees the landscape before or after it, and a process killed at any instruction leaves the one before.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors
from kb.landscape import clusters, naming, projection
from kb.landscape.projection import Middles, Positions
from kb.rows import marks
from kb.store import Store

VERSION = "landscape-1"
"""What landscapes are made with; raised whenever the same documents give another."""

LEAST_PASSAGES = 50
"""Fewer are read faster than a map of them."""

FITTED = 5_000
"""Passages that t-SNE lays out, half a minute's work; of more, a sample, and the others are placed among them."""

RENEW_SHARE = 0.25
"""Laid out anew once so many passages, of those it was laid out with, have come or gone."""

BATCH = 5_000
"""Passages placed at a time: 10 MB of vectors at 512 dimensions."""

SCATTER = 2_654_435_761
"""Knuth's multiplier: ids times this, modulo 2^32, are in no order, and always the same one."""

STATE = "landscape"

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """What the landscape was laid out with: encoder and versions, how many passages."""

    made_with: str
    passages: int


@dataclass(frozen=True, slots=True)
class _Sample:
    """Passages whose vectors are in hand, without what their language shares."""

    ids: Ids
    languages: Sequence[str]
    vectors: Vectors
    means: Middles


def update(store: Store) -> int:
    """Bring the landscape up to date; returns how many passages were given a place."""
    with store.snapshot() as db:
        layout, made_with = _layout(store), _made_with(store)
        ids: Ids = np.array([row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")], np.int64)
        waiting = _waiting(store)
    if len(ids) < LEAST_PASSAGES:
        return _forget(store) if layout else 0
    if layout is None or layout.made_with != made_with or _changed(store, layout, len(ids)) > RENEW_SHARE:
        return _lay_out(store, made_with, ids)
    return _complete(store, layout, ids, waiting) if len(waiting) else 0


def problem(store: Store) -> str | None:
    """What the next ingest will do to the landscape, or None where it is up to date."""
    layout = _layout(store)
    held = store.db.execute("SELECT count(*) FROM passages").fetchone()[0]
    if held < LEAST_PASSAGES:
        return None
    if layout is None or layout.made_with != _made_with(store):
        return "the map of passages is missing or of another version: it is drawn at the next ingest"
    count = len(_waiting(store))
    return f"{count} passages are not on the map yet: they are placed at the next ingest" if count else None


def _layout(store: Store) -> Layout | None:
    kept = store.meta(STATE)
    if not kept:
        return None
    said = json.loads(kept)
    return Layout(said["made_with"], said["passages"])


def _made_with(store: Store) -> str:
    return f"{VERSION} {store.meta('terms_made_with')} {store.meta('encoder_fingerprint')}"


def _waiting(store: Store) -> Ids:
    """Ids of the passages that have no place."""
    rows = store.db.execute(
        "SELECT id FROM passages WHERE id NOT IN (SELECT passage_id FROM landscape_positions) ORDER BY id"
    )
    return np.array([row[0] for row in rows], np.int64)


def _changed(store: Store, layout: Layout, passages: int) -> float:
    """Passages that have come or gone since the layout, as a share of those it was made with."""
    remaining = store.db.execute("SELECT count(*) FROM landscape_positions WHERE laid_out").fetchone()[0]
    return float(layout.passages - remaining + passages - remaining) / max(1, layout.passages)


def _forget(store: Store) -> int:
    with store.writing(derived=True) as db:
        _clear(db)
        db.execute("DELETE FROM meta WHERE key = ?", [STATE])
    return 0


def _clear(db: sqlite3.Connection) -> None:
    for table in ("landscape_positions", "landscape_names", "landscape_clusters"):
        db.execute(f"DELETE FROM {table}")


def _lay_out(store: Store, made_with: str, ids: Ids) -> int:
    sample = _sample(store, ids)
    positions = projection.laid_out(sample.vectors, _start(store, sample))
    middles = clusters.centres(positions)
    rest = np.setdiff1d(ids, sample.ids)
    rows = [*_rows(sample.ids, positions, middles)]
    for found, places in _placed(store, sample, positions, rest):
        rows += _rows(found, places, middles)
    names = naming.names(_texts(store, sample.ids, clusters.nearest(positions, middles)))
    with store.writing(derived=True) as db:
        if _made_with(store) != made_with:
            return 0  # all vectors were made anew meanwhile; that settles too
        _clear(db)
        db.executemany("INSERT INTO landscape_clusters VALUES (?, ?, ?)", [(n, *xy) for n, xy in enumerate(middles)])
        db.executemany("INSERT INTO landscape_names VALUES (?, ?, ?, ?)", _name_rows(names))
        kept = _insert(db, rows, laid_out=True)
        store.set_meta(db, STATE, json.dumps(asdict(Layout(made_with, kept))))
    return kept


def _complete(store: Store, layout: Layout, ids: Ids, waiting: Ids) -> int:
    state = store.meta(STATE)
    known = _sample(store, np.setdiff1d(ids, waiting))
    where = _positions(store, known.ids)
    middles = np.array(store.db.execute("SELECT x, y FROM landscape_clusters ORDER BY id").fetchall())
    if not len(middles) or len(where) != len(known.ids):
        return _lay_out(store, layout.made_with, ids)
    positions = np.array([where[passage] for passage in known.ids.tolist()])
    rows = []
    for found, places in _placed(store, known, positions, waiting):
        rows += _rows(found, places, middles)
    with store.writing(derived=True) as db:
        # Another ingest may have laid it out anew meanwhile: these places would mean nothing there.
        return _insert(db, rows, laid_out=False) if store.meta(STATE) == state else 0


def _sample(store: Store, ids: Ids) -> _Sample:
    """Up to FITTED of the passages `ids`, always the same ones."""
    chosen = ids if len(ids) <= FITTED else np.sort(ids[np.argsort(ids * SCATTER % 2**32, kind="stable")[:FITTED]])
    found, languages, vectors = _vectors(store, chosen)
    means = projection.middles(vectors, languages)
    return _Sample(found, languages, projection.centred(vectors, languages, means), means)


def _vectors(store: Store, ids: Ids) -> tuple[Ids, list[str], Vectors]:
    """Those of the passages `ids` that are still there: ids, languages, vectors."""
    rows = store.db.execute(f"SELECT id, language FROM passages WHERE id IN ({marks(ids)}) ORDER BY id", ids.tolist())
    languages = dict(rows.fetchall())
    vectors = store.vectors.of_passages(list(languages))
    found = [passage for passage in languages if passage in vectors]
    stacked = np.stack([vectors[passage] for passage in found]) if found else np.empty((0, 0), np.float32)
    return np.array(found, np.int64), [languages[passage] for passage in found], stacked


def _positions(store: Store, ids: Ids) -> dict[int, tuple[float, float]]:
    rows = store.db.execute(
        f"SELECT passage_id, x, y FROM landscape_positions WHERE passage_id IN ({marks(ids)})", ids.tolist()
    )
    return {passage: (x, y) for passage, x, y in rows}


def _start(store: Store, sample: _Sample) -> Positions | None:
    """Where the passages of `sample` stand now, new ones among their nearest; None where most of them are new."""
    where = _positions(store, sample.ids)
    if 2 * len(where) < len(sample.ids):
        return None
    held = np.isin(sample.ids, list(where))
    start = np.empty((len(sample.ids), 2))
    start[held] = [where[passage] for passage in sample.ids[held].tolist()]
    if not held.all():
        start[~held] = projection.placed(sample.vectors[~held], sample.vectors[held], start[held])
    return start


def _placed(store: Store, among: _Sample, positions: Positions, ids: Ids) -> Iterator[tuple[Ids, Positions]]:
    """The passages `ids`, BATCH at a time, with their places on the map where `among` stand at `positions`."""
    for first in range(0, len(ids), BATCH):
        found, languages, vectors = _vectors(store, ids[first : first + BATCH])
        if len(found):
            vectors = projection.centred(vectors, languages, among.means)
            yield found, projection.placed(vectors, among.vectors, positions)


def _rows(ids: Ids, positions: Positions, middles: Positions) -> list[tuple[int, int, float, float]]:
    of = clusters.nearest(positions, middles)
    return list(zip(ids.tolist(), of.tolist(), positions[:, 0].tolist(), positions[:, 1].tolist(), strict=True))


def _texts(store: Store, ids: Ids, of: NDArray[np.int64]) -> list[naming.Text]:
    passages = store.passages(ids.tolist())
    return [
        naming.Text(cluster, found.document_id, found.language, found.place.heading, found.text)
        for passage, cluster in zip(ids.tolist(), of.tolist(), strict=True)
        if (found := passages.get(passage))
    ]


def _name_rows(names: naming.Names) -> list[tuple[int, str, int, str]]:
    return [
        (cluster, language, rank, word)
        for cluster, of in names.items()
        for language, chosen in of.items()
        for rank, word in enumerate(chosen)
    ]


def _insert(db: sqlite3.Connection, rows: Sequence[tuple[int, int, float, float]], *, laid_out: bool) -> int:
    """Store places of the passages that are still there; returns how many. They were `laid_out` together, or placed
    among those that were."""
    sql = """INSERT OR REPLACE INTO landscape_positions
             SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM passages WHERE id = ?1)"""
    return db.executemany(sql, [(*row, laid_out) for row in rows]).rowcount
