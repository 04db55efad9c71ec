"""The landscape as readers hold it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from kb.landscape.update import SCATTER
from kb.store import Store


@dataclass(frozen=True, slots=True)
class Point:
    """A passage on the map: x and y in [-1, 1], and what it may be coloured by; "" where its document says nothing.

    `city` and `country` are ids of the gazetteer, `topic` the first of the document's topics.
    """

    passage_id: int
    document_id: int
    x: float
    y: float
    cluster: int
    language: str
    city: str
    country: str
    topic: str


@dataclass(frozen=True, slots=True)
class Name:
    """What a cluster is about, and in which language that is said."""

    words: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Passages that lie together around x and y; `languages`: how many in each, the most first."""

    id: int
    x: float
    y: float
    passages: int
    languages: tuple[tuple[str, int], ...]
    names: Mapping[str, tuple[str, ...]]

    def name(self, language: str) -> Name:
        """Its name in `language`, else in the language most of it is in."""
        for code in (language, *(own for own, _ in self.languages)):
            if code in self.names:
                return Name(self.names[code], code)
        return Name((), language)


@dataclass(frozen=True, slots=True)
class Landscape:
    """The map: its clusters, the largest first; points, at most as many as were asked for, spread evenly over all;
    how many passages it holds."""

    clusters: tuple[Cluster, ...]
    points: tuple[Point, ...]
    passages: int


def read(store: Store, most: int) -> Landscape:
    """The landscape with at most `most` points; without any where none is laid out."""
    with store.snapshot() as db:
        passages = db.execute("SELECT count(*) FROM landscape_positions").fetchone()[0]
        return Landscape(_clusters(store), _points(store, most), passages)


def members(store: Store, cluster: int, most: int) -> list[int]:
    """Passages of a cluster, by id, those in its middle first."""
    return _ids(
        store,
        """SELECT passage_id FROM landscape_positions p JOIN landscape_clusters c ON c.id = p.cluster_id
           WHERE c.id = ? ORDER BY (p.x - c.x) * (p.x - c.x) + (p.y - c.y) * (p.y - c.y), passage_id LIMIT ?""",
        cluster,
        most,
    )


def around(store: Store, passage: int, most: int) -> list[int]:
    """The passages nearest to one on the map, by id, itself first; none where it has no place."""
    return _ids(
        store,
        """SELECT p.passage_id FROM landscape_positions p JOIN landscape_positions o ON o.passage_id = ?
           ORDER BY p.passage_id <> o.passage_id, (p.x - o.x) * (p.x - o.x) + (p.y - o.y) * (p.y - o.y), p.passage_id
           LIMIT ?""",
        passage,
        most,
    )


def _ids(store: Store, sql: str, *values: int) -> list[int]:
    return [row[0] for row in store.db.execute(sql, values)]


def _points(store: Store, most: int) -> tuple[Point, ...]:
    rows = store.db.execute(
        """SELECT passage_id, d.id, x, y, cluster_id, p.language, coalesce(d.city, ''), coalesce(d.country, ''),
                  coalesce((SELECT value FROM practice_facts WHERE document_id = d.id AND field = 'topics'
                            ORDER BY id LIMIT 1), '')
           FROM (SELECT * FROM landscape_positions ORDER BY (passage_id & 0x7FFFFFFF) * ? & 0xFFFFFFFF LIMIT ?)
           JOIN passages p ON p.id = passage_id JOIN documents d ON d.id = p.document_id""",
        [SCATTER, most],
    )
    return tuple(Point(*row) for row in rows)


def _clusters(store: Store) -> tuple[Cluster, ...]:
    languages: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for cluster, language, count in store.db.execute(
        """SELECT cluster_id, language, count(*) FROM landscape_positions JOIN passages ON id = passage_id
           GROUP BY 1, 2 ORDER BY 3 DESC, 2"""
    ):
        languages[cluster].append((language, count))
    names: defaultdict[int, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for cluster, language, word in store.db.execute(
        "SELECT cluster_id, language, word FROM landscape_names ORDER BY cluster_id, language, rank"
    ):
        names[cluster][language].append(word)
    found = [
        Cluster(
            cluster,
            x,
            y,
            sum(count for _, count in languages[cluster]),
            tuple(languages[cluster]),
            {language: tuple(chosen) for language, chosen in names[cluster].items()},
        )
        for cluster, x, y in store.db.execute("SELECT id, x, y FROM landscape_clusters ORDER BY id")
        if languages[cluster]
    ]
    return tuple(sorted(found, key=lambda cluster: (-cluster.passages, cluster.id)))
