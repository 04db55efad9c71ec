"""Where passages live: in one folder (`local`) or on a Qdrant cluster (`qdrant`), behind one contract."""

import os
from pathlib import Path

from kb.engines.contract import CATALOGUE_OF, Engine, Progress
from kb.engines.local import LocalEngine
from kb.errors import StoreError
from kb.store import Store

ENGINES = ("local", "qdrant")


def open_engine(
    home: Path,
    *,
    name: str | None = None,
    url: str | None = None,
    create: bool = False,
    progress: Progress | None = None,
) -> Engine:
    """The engine called `name` (default $KB_ENGINE, else local) with the folder `home`; `url` is the cluster's (default
    $KB_QDRANT_URL). `progress` hears of the documents that are fetched into a new catalogue.

    Raises StoreError where there is no knowledge base (unless `create`) or where it cannot be used.
    """
    chosen = name or os.environ.get("KB_ENGINE") or "local"
    if chosen == "local":
        store = Store(home, create=create)
        if store.meta(CATALOGUE_OF):
            raise StoreError(
                f"{home} is a machine's catalogue of a cluster: add --engine qdrant, or set KB_ENGINE=qdrant."
            )
        return LocalEngine(store)
    if chosen == "qdrant":
        from kb.engines.qdrant.engine import QdrantEngine  # one folder by itself needs none of it
        from kb.engines.qdrant.settings import Cluster

        return QdrantEngine(Cluster.from_environment(url), home, create=create, progress=progress)
    raise StoreError(f"There is no engine {chosen}. Choose one: {', '.join(ENGINES)} (--engine, or KB_ENGINE).")
