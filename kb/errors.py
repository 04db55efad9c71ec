"""Everything HopKB raises on purpose. Each message names what is wrong and what to do.

KBError
├── EncoderError          the encoder cannot be loaded
│   └── EncoderMismatch   the knowledge base holds vectors of another encoder
├── StoreError            the database cannot be opened, read or written
│   ├── StoreTooNew       written by a newer version of HopKB
│   └── ClusterError      a Qdrant cluster refuses
│       ├── ClusterUnreachable  no node answers in time
│       ├── ClusterFull         a node has no room left
│       └── ClusterUnfit        another version, API key or knowledge base than is wanted
├── NotFound              no document, passage or page has this id
├── PageNotDrawn          a page of a PDF cannot be shown as a picture
├── BriefingUnreadable    a file is not a saved briefing
└── QuestionsUnreadable   a file of judged questions is not one

Refused is no KBError: it is about one file, and the next is read.
"""

import errno
import sqlite3


def is_full_disk(error: BaseException) -> bool:
    """Whether `error` says that there is no room left."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return isinstance(error, sqlite3.OperationalError) and "disk is full" in str(error)


FULL_DISK = "no room left on the disk: make room, then run the command again"


class Refused(Exception):
    """A file cannot be read, through no fault of ours; the message tells its owner why."""


class KBError(Exception):
    """Base of all errors meant for the person at the keyboard."""


class EncoderError(KBError):
    """The encoder cannot be loaded."""


class EncoderMismatch(EncoderError):
    """The knowledge base holds vectors of another encoder."""


class StoreError(KBError):
    """The database cannot be opened, read or written."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of HopKB."""


class ClusterError(StoreError):
    """A Qdrant cluster refuses."""


class ClusterUnreachable(ClusterError):
    """No node answers in time: trying again later may help."""


class ClusterFull(ClusterError):
    """A node has no room left on its disk."""


class ClusterUnfit(ClusterError):
    """The cluster is of another version, wants another API key or holds another knowledge base."""


class NotFound(KBError):
    """No document, passage or page has this id."""


class PageNotDrawn(KBError):
    """A page of a PDF cannot be shown as a picture."""


class BriefingUnreadable(KBError):
    """A file is not a saved briefing."""


class QuestionsUnreadable(KBError):
    """A file of judged questions is not one."""
