"""The one knowledge base of this server, shared by all sessions and by the routes beside the pages."""

import logging
import threading
from functools import lru_cache

from kb import KnowledgeBase
from kb.errors import KBError

log = logging.getLogger("hopkb.ui")

WARM_UP_AFTER = 1.0
"""Seconds: the first page is painted by then, which loading the encoder would delay."""

_opening = threading.Lock()


def knowledge_base() -> KnowledgeBase:
    """The knowledge base, opened once, as others have it now. Raises StoreError where it cannot be read; the next call
    tries again."""
    with _opening:
        kb = _opened()
    kb.engine.refresh()
    return kb


@lru_cache(maxsize=1)
def _opened() -> KnowledgeBase:
    kb = KnowledgeBase.open(create=True)
    timer = threading.Timer(WARM_UP_AFTER, _warm_up, args=[kb])
    timer.daemon = True
    timer.start()
    return kb


def _warm_up(kb: KnowledgeBase) -> None:
    """Load the encoder in the background, so that the first search is as quick as the others."""
    try:
        kb.answer("volunteers")
    except KBError:
        log.warning("the knowledge base cannot be searched yet", exc_info=True)
    finally:
        kb.close()
