"""Requests to the cluster: tried again where that may help, and explained where it does not."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from kb.engines.qdrant.settings import Cluster
from kb.errors import ClusterError, ClusterFull, ClusterUnfit, ClusterUnreachable

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

OLDEST = (1, 16)
"""The first version that replaces a point only where it is as expected, which keeps concurrent writers apart."""

NEXT = 2
"""The next major version may do anything."""

TRIES = 6
LONGEST_WAIT = 4.0
"""Seconds: with six tries, waiting twice as long each time from a quarter on, some eight together: as long as a
cluster takes to agree on a new leader."""

ASK_AGAIN = 2.0
"""Seconds after which a node is asked again whether it is in touch with the others. It notices that itself within
three, and answers a request that it cannot pass on after four at the earliest."""

IDLE = 2.0
"""Seconds for which an unused connection is kept: the server closes it after five."""

ENCODING = {"Accept-Encoding": "identity"}
"""Vectors hardly shrink, and packing those of ten passages takes the server 15 ms. It sends what it packs in parts, the
last of which waits 40 ms for the acknowledgement of the one before where the connection is a kept one."""

Result = TypeVar("Result")


class Connection:
    """The nodes of a cluster, as one. Thread-safe."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._clients: dict[str, QdrantClient] = {}
        self._checked: set[str] = set()
        self._asked: dict[str, tuple[float, bool]] = {}
        self._first = 0
        self._lock = threading.Lock()

    def __call__(self, request: Callable[["QdrantClient"], Result], *, surely: bool = False) -> Result:
        """What `request` gives, of the first node that answers; with `surely`, only of one in touch with the others.

        One that is cut off, or whose disk was full, takes what it has for the present state, and says that it has
        written what the others will never hear of; so it is asked last, or not at all.

        `request` may be made more than once, so twice must be as good as once. Raises ClusterError.
        """
        import tenacity

        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(ClusterUnreachable),
            stop=tenacity.stop_after_attempt(TRIES) | tenacity.stop_after_delay(2 * self.cluster.seconds),
            wait=tenacity.wait_exponential(multiplier=0.25, max=LONGEST_WAIT) + tenacity.wait_random(0, 0.25),
            reraise=True,
        )
        found: Result = attempts(self._anywhere, request, surely)
        return found

    def _anywhere(self, request: Callable[["QdrantClient"], Result], surely: bool) -> Result:
        """By the node that answered last, or else by the others in turn."""
        count = len(self.cluster.urls)
        apart: list[int] = []
        refused = ClusterUnreachable("No address of the Qdrant cluster is given: set KB_QDRANT_URL.")
        for at in [(self._first + step) % count for step in range(count)]:
            try:
                if self._is_apart(self.cluster.urls[at]):
                    apart.append(at)
                    continue
                found = self._at(self.cluster.urls[at], request)
            except ClusterUnreachable as error:
                refused = error
                continue
            self._first = at
            return found
        for url in [self.cluster.urls[at] for at in apart]:
            refused = ClusterUnreachable(
                f"The Qdrant server at {url} has lost touch with the other nodes of its cluster: see that they run and "
                "reach each other, and start it again where its disk was full."
            )
            if not surely:
                with suppress(ClusterUnreachable):
                    return self._at(url, request)
        raise refused

    def _is_apart(self, url: str) -> bool:
        """Whether a node knows of no leader, or has stopped to listen to it: then it may have missed changes."""
        asked, apart = self._asked.get(url, (-math.inf, False))
        if time.monotonic() - asked > ASK_AGAIN:
            apart = self._at(url, _is_apart)
            self._asked[url] = (time.monotonic(), apart)
        return apart

    def _at(self, url: str, request: Callable[["QdrantClient"], Result]) -> Result:
        """By one node."""
        from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
        from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

        try:
            client = self._client(url)
            return request(client)
        except UnexpectedResponse as error:
            raise _explained(url, error.status_code or 0, error.content.decode("utf-8", "replace")) from error
        except ResourceExhaustedResponse as error:
            raise ClusterUnreachable(f"The Qdrant server at {url} has too much to do: try again later.") from error
        except ResponseHandlingException as error:
            raise _unanswered(url, error.source) from error

    def _client(self, url: str) -> "QdrantClient":
        """The client of a node whose version will do."""
        import httpx
        from qdrant_client import QdrantClient

        with self._lock, self._explained():
            if url not in self._clients:
                self._clients[url] = QdrantClient(
                    url=url,
                    api_key=self.cluster.api_key or None,
                    timeout=round(self.cluster.seconds),
                    check_compatibility=False,  # we do, and say what to do
                    limits=httpx.Limits(keepalive_expiry=IDLE),
                    metadata=ENCODING,  # `headers` would take the place of the one with the key
                    **self._trusting(),
                )
            client = self._clients[url]
        if url not in self._checked:
            try:
                _check_version(url, client.info().version)
            except ValueError as error:
                raise _unanswered(url, error) from error
            self._checked.add(url)
        return client

    def _trusting(self) -> dict[str, Any]:
        import ssl

        trusted = self.cluster.certificates
        return {"verify": ssl.create_default_context(cafile=trusted)} if trusted else {}

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turns what is wrong with the file of certificates into a ClusterUnfit."""
        try:
            yield
        except OSError as error:  # ssl.SSLError is one
            raise ClusterUnfit(f"The certificates in {self.cluster.certificates} (KB_QDRANT_CA): {error}") from error

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()


def _is_apart(client: "QdrantClient") -> bool:
    from qdrant_client import models
    from qdrant_client.http.exceptions import UnexpectedResponse

    try:
        found = client.cluster_status()
    except UnexpectedResponse as error:
        if error.status_code == 403:  # the API key is for one collection
            return False
        raise
    if not isinstance(found, models.ClusterStatusOneOf1):  # a server by itself
        return False
    return not found.raft_info.leader or found.consensus_thread_status.consensus_thread_status != "working"


def _check_version(url: str, version: str) -> None:
    major, minor = (int(part) for part in version.split(".")[:2])
    if (major, minor) < OLDEST or major >= NEXT:
        wanted = ".".join(map(str, OLDEST))
        raise ClusterUnfit(
            f"The Qdrant server at {url} is version {version}; HopKB works with {wanted} and later versions before "
            f"{NEXT}.0. Update the server, or HopKB."
        )


def _unanswered(url: str, why: Exception) -> ClusterError:
    """What an answer means that is none of a Qdrant server, or the lack of one."""
    if isinstance(why, ValueError):
        return ClusterUnfit(
            f"What answers at {url} is no Qdrant server: is the address in KB_QDRANT_URL or --url right?"
        )
    if "CERTIFICATE_VERIFY_FAILED" in str(why):
        return ClusterUnfit(
            f"The certificate of the Qdrant server at {url} is not trusted: {why}. Set KB_QDRANT_CA to a file with the "
            "certificates to trust."
        )
    return ClusterUnreachable(
        f"The Qdrant server at {url} does not answer: {why}. Is it running, and is the address in KB_QDRANT_URL or "
        "--url right (http:// or https://, and the port)?"
    )


def _explained(url: str, status: int, said: str) -> ClusterError:
    """What an answer other than 200 means."""
    if status in {401, 403}:
        return ClusterUnfit(
            f"The Qdrant server at {url} wants another API key. Set KB_QDRANT_API_KEY to the one its operator gave you."
        )
    if "No space left" in said or "disk is full" in said.lower() or "Out of disk" in said or status == 507:
        return ClusterFull(
            f"The Qdrant server at {url} has no room left on its disk: make room there, then run the command again."
        )
    if status in {408, 429} or status >= 500:
        return ClusterUnreachable(f"The Qdrant server at {url} cannot answer now ({status}): {said[:SAID]}")
    return ClusterError(f"The Qdrant server at {url} refused a request ({status}): {said[:SAID]}")


SAID = 300
"""Characters of a server's words worth showing."""
