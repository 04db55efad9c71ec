"""Requests to the cluster: tried again where that may help, and explained where it does not."""

import threading
from collections.abc import Callable
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

Result = TypeVar("Result")


class Connection:
    """The nodes of a cluster, as one. Thread-safe."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._clients: dict[str, QdrantClient] = {}
        self._checked: set[str] = set()
        self._first = 0
        self._lock = threading.Lock()

    def __call__(self, request: Callable[["QdrantClient"], Result]) -> Result:
        """What `request` gives, of the first node that answers.

        `request` may be made more than once, so twice must be as good as once. Raises ClusterError.
        """
        import tenacity

        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(ClusterUnreachable),
            stop=tenacity.stop_after_attempt(TRIES),
            wait=tenacity.wait_random_exponential(multiplier=0.25, max=LONGEST_WAIT),
            reraise=True,
        )
        found: Result = attempts(self._anywhere, request)
        return found

    def _anywhere(self, request: Callable[["QdrantClient"], Result]) -> Result:
        """By the node that answered last, or else by the others in turn."""
        urls = self.cluster.urls
        for step in range(len(urls)):
            at = (self._first + step) % len(urls)
            try:
                found = self._at(urls[at], request)
            except ClusterUnreachable:
                if step == len(urls) - 1:
                    raise
                continue
            self._first = at
            return found
        raise ClusterUnreachable("No address of the Qdrant cluster is given: set KB_QDRANT_URL.")

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
            raise ClusterUnreachable(
                f"The Qdrant server at {url} does not answer: {error.source}. Is it running, and is the address in "
                "KB_QDRANT_URL or --url right (http:// or https://, and the port)?"
            ) from error

    def _client(self, url: str) -> "QdrantClient":
        """The client of a node whose version will do."""
        from qdrant_client import QdrantClient

        with self._lock:
            if url not in self._clients:
                self._clients[url] = QdrantClient(
                    url=url,
                    api_key=self.cluster.api_key or None,
                    timeout=round(self.cluster.seconds),
                    check_compatibility=False,  # we do, and say what to do
                    **self._trusting(),
                )
            client = self._clients[url]
        if url not in self._checked:
            _check_version(url, client.info().version)
            self._checked.add(url)
        return client

    def _trusting(self) -> dict[str, Any]:
        return {"verify": str(self.cluster.certificates)} if self.cluster.certificates else {}

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()


def _check_version(url: str, version: str) -> None:
    major, minor = (int(part) for part in version.split(".")[:2])
    if (major, minor) < OLDEST or major >= NEXT:
        wanted = ".".join(map(str, OLDEST))
        raise ClusterUnfit(
            f"The Qdrant server at {url} is version {version}; HopKB works with {wanted} and later versions before "
            f"{NEXT}.0. Update the server, or HopKB."
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
