"""Where the cluster is, and how it keeps a knowledge base; every number has its unit and its reason."""

import math
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kb.errors import ClusterUnfit


@dataclass(frozen=True)
class Cluster:
    """A knowledge base on a cluster.

    `urls`: of one node or several; the next is asked where one does not answer. `replicas` and `shards` count when the
    knowledge base is made: 0 shards means one a node, which lets each node hold an even part.
    """

    urls: tuple[str, ...]
    collection: str = "hopkb"
    api_key: str = ""
    certificates: Path | None = None
    replicas: int = 1
    shards: int = 0
    seconds: float = 20.0

    @classmethod
    def from_environment(cls, url: str | None = None) -> "Cluster":
        """What $KB_QDRANT_URL (addresses, separated by commas), _COLLECTION, _API_KEY, _CA (a file of certificates to
        trust), _REPLICAS, _SHARDS and _SECONDS say; `url` goes before the first."""
        urls = url or os.environ.get("KB_QDRANT_URL") or DEFAULT_URL
        certificates = os.environ.get("KB_QDRANT_CA")
        return cls(
            urls=tuple(_address(part) for part in urls.split(",")),
            collection=os.environ.get("KB_QDRANT_COLLECTION") or cls.collection,
            api_key=os.environ.get("KB_QDRANT_API_KEY", ""),
            certificates=Path(certificates) if certificates else None,
            replicas=int(_number("REPLICAS", cls.replicas)),
            shards=int(_number("SHARDS", cls.shards)),
            seconds=_number("SECONDS", cls.seconds),
        )


def _address(said: str) -> str:
    """An address of a node. Raises ClusterUnfit where it is none."""
    try:
        parts = urlsplit(said.strip())
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return said.strip().rstrip("/")
    except ValueError:
        pass
    raise ClusterUnfit(f"{said!r} in KB_QDRANT_URL or --url is no address of a Qdrant server, such as {DEFAULT_URL}.")


def _number(name: str, otherwise: float) -> float:
    """What $KB_QDRANT_name says. Raises ClusterUnfit where that is no number above 0."""
    said = os.environ.get(f"KB_QDRANT_{name}")
    if not said:
        return otherwise
    try:
        number = float(said)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise ClusterUnfit(f"KB_QDRANT_{name} is {said!r}: it must be a number above 0.")
    return number


DEFAULT_URL = "http://127.0.0.1:6333"
"""Where a Qdrant started on this machine listens."""
