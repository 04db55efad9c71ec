"""The one knowledge base of this server, shared by all sessions and by the routes beside the pages."""

import logging
import threading
from concurrent.futures import Future, wait

from kb import KnowledgeBase
from kb.config import default_home
from kb.engines import open_engine
from kb.errors import KBError

log = logging.getLogger("hopkb.ui")

WARM_UP_AFTER = 1.0
"""Seconds: the first page is painted by then, which loading the encoder would delay."""


class Opening:
    """A knowledge base that is being opened, in a thread of its own: on a cluster a new machine first fetches its
    catalogue, which takes seconds or minutes."""

    def __init__(self) -> None:
        self.share = 0.0  # in [0, 1]: of what is fetched
        self.opened: Future[KnowledgeBase] = Future()
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        try:
            kb = KnowledgeBase(open_engine(default_home(), create=True, progress=self._tell))
            kb.close()  # this thread's connection
            self.opened.set_result(kb)
        except BaseException as error:
            self.opened.set_exception(error)  # for the page that waits
            return
        timer = threading.Timer(WARM_UP_AFTER, _warm_up, args=[kb])
        timer.daemon = True
        timer.start()

    def _tell(self, share: float) -> None:
        self.share = share


_lock = threading.Lock()
_openings: list[Opening] = []  # one at most


def _the_opening() -> Opening:
    """The one that is open or on its way there."""
    with _lock:
        if not _openings:
            _openings.append(Opening())
        return _openings[0]


class StillOpening(Exception):
    """The knowledge base is not open yet; `opening` says how far it is."""

    def __init__(self, opening: Opening) -> None:
        super().__init__("the knowledge base is not open yet")
        self.opening = opening


def knowledge_base(patience: float | None = None) -> KnowledgeBase:
    """The knowledge base, opened once, as others have it now.

    Raises StillOpening where opening it takes longer than `patience` seconds, StoreError where it cannot be read; after
    that the next call tries again.
    """
    mine = _the_opening()
    if not wait([mine.opened], patience).done:
        raise StillOpening(mine)
    if mine.opened.exception():
        with _lock:
            _openings[:] = [other for other in _openings if other is not mine]
    kb = mine.opened.result()
    kb.engine.refresh()
    return kb


def _warm_up(kb: KnowledgeBase) -> None:
    """Load the encoder in the background, so that the first search is as quick as the others."""
    try:
        kb.answer("volunteers")
    except KBError:
        log.warning("the knowledge base cannot be searched yet", exc_info=True)
    finally:
        kb.close()
