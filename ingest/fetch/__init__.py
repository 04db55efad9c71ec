"""Web addresses as input: one page or file a time, fetched with care.

    address ─► guard ─► robots.txt ─► transport ─► (redirect: once more from the left) ─► file in a folder

`Fetcher` remembers each site's robots.txt, so one serves a whole run.
"""

from ingest.fetch.address import is_address, normalise
from ingest.fetch.fetcher import Fetched, Fetcher
from ingest.fetch.transport import FetchLimits
from ingest.fetch.words import FetchFailed

__all__ = ["FetchFailed", "FetchLimits", "Fetched", "Fetcher", "is_address", "normalise"]
