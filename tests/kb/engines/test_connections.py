"""Servers that are away, guarded, too old, or none of ours: what is said, and how soon."""

import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from kb.encoder import Encoder
from kb.engines import open_engine
from kb.engines.qdrant.engine import QdrantEngine
from kb.engines.qdrant.settings import Cluster
from kb.errors import ClusterError, ClusterUnfit, ClusterUnreachable, StoreError
from tests.ingest.web import Answer, certify, serve
from tests.kb.drafts import add
from tests.kb.engines.conftest import Machine, machine_at
from tests.kb.engines.machines import found
from tests.qdrant import Server, free_port

PATIENCE = 30.0
"""Seconds in which a person hears that no server answers, on a machine that is busy with other tests."""

KEY = "only-for-cities"


@dataclass
class Guarded(Server):
    """A server that talks TLS, by the certificate `certificate`, with those who have the key."""

    certificate: Path = Path()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"https://{self.host}:{self.port}"

    def wait(self) -> None:
        """Until it is ready."""
        context = ssl.create_default_context(cafile=self.certificate)
        for _ in range(600):
            assert self.process is not None and self.process.poll() is None, (self.folder / "log").read_text()[-2_000:]
            try:
                httpx.get(f"{self.url}/readyz", verify=context).raise_for_status()
                return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise TimeoutError((self.folder / "log").read_text()[-2_000:])


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    certificate = certify(folder, "127.0.0.1")
    key = folder / "key.pem"
    key.write_text("-----BEGIN PRIVATE" + certificate.read_text().partition("-----BEGIN PRIVATE")[2])
    environment = {
        "QDRANT__SERVICE__API_KEY": KEY,
        "QDRANT__SERVICE__ENABLE_TLS": "true",
        "QDRANT__TLS__CERT": str(certificate),
        "QDRANT__TLS__KEY": str(key),
    }
    running = Guarded(folder, environment, certificate=certificate)
    try:
        running.start()
        yield running
    finally:
        running.kill()


def refusal(cluster: Cluster, home: Path, kind: type[ClusterError]) -> str:
    """What is said where a cluster cannot be used, and soon."""
    began = time.monotonic()
    with pytest.raises(kind) as refused:
        QdrantEngine(cluster, home, create=True)
    assert time.monotonic() - began < PATIENCE
    return str(refused.value)


# --- not there


def test_a_server_that_is_not_there_is_named_with_what_to_check(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    said = refusal(Cluster((address,)), tmp_path, ClusterUnreachable)
    assert said.startswith(f"The Qdrant server at {address} does not answer")
    assert "Is it running" in said and "KB_QDRANT_URL" in said and "--url" in said


def test_a_server_that_never_answers_is_given_up_in_time(tmp_path: Path) -> None:
    with serve({"/": lambda handler: time.sleep(60)}) as site:
        said = refusal(Cluster((site.address,), seconds=1), tmp_path, ClusterUnreachable)
    assert site.address in said


def test_another_server_of_the_cluster_answers_for_one_that_is_away(cluster: Cluster, machine: Machine) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    kb = machine("one", replace(cluster, urls=(dead, *cluster.urls)))
    add(kb, "/plan", "Volunteers plant tulips.")
    assert found(kb, "tulips") == ["Volunteers plant tulips."]


@pytest.mark.parametrize("address", ["nonsense", "ftp://127.0.0.1:6333", "http://", "http://127.0.0.1:port", ","])
def test_an_address_that_is_none_is_an_error_for_people(tmp_path: Path, address: str) -> None:
    with pytest.raises(ClusterError, match=r"KB_QDRANT_URL"):
        open_engine(tmp_path, name="qdrant", url=address)


def test_lists_and_documents_are_shown_while_no_server_answers(tmp_path: Path, encoder: Encoder) -> None:
    running = Server(tmp_path / "server")
    cluster = Cluster((running.url,))
    try:
        running.start()
        with machine_at(cluster, tmp_path / "home", encoder) as kb:
            document = add(kb, "/plan", "Volunteers plant tulips.")
            running.kill()
            assert kb.store.text(document).startswith("Volunteers plant tulips.")
            with pytest.raises(ClusterUnreachable, match="does not answer"):
                kb.search("tulips")
            running.start()
            assert found(kb, "tulips") == ["Volunteers plant tulips."]
    finally:
        running.kill()


# --- guarded


def test_a_guarded_server_serves_those_with_its_key_who_trust_its_certificate(
    guarded: Guarded, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_QDRANT_URL", guarded.url)
    monkeypatch.setenv("KB_QDRANT_API_KEY", KEY)
    monkeypatch.setenv("KB_QDRANT_CA", str(guarded.certificate))
    kb = machine("one", Cluster.from_environment())
    add(kb, "/plan", "Volunteers plant tulips.")
    assert found(kb, "tulips") == ["Volunteers plant tulips."]


@pytest.mark.parametrize("key", ["", "another"])
def test_without_the_key_a_guarded_server_says_how_to_give_it(guarded: Guarded, tmp_path: Path, key: str) -> None:
    cluster = Cluster((guarded.url,), api_key=key, certificates=guarded.certificate)
    said = refusal(cluster, tmp_path, ClusterUnfit)
    assert guarded.url in said and "KB_QDRANT_API_KEY" in said


def test_a_certificate_that_nobody_vouches_for_is_refused(guarded: Guarded, tmp_path: Path) -> None:
    said = refusal(Cluster((guarded.url,), api_key=KEY), tmp_path, ClusterError)
    assert guarded.url in said and "certificate" in said and "KB_QDRANT_CA" in said


def test_a_file_of_certificates_that_is_not_there_is_named(guarded: Guarded, tmp_path: Path) -> None:
    cluster = Cluster((guarded.url,), api_key=KEY, certificates=tmp_path / "missing.pem")
    said = refusal(cluster, tmp_path, ClusterError)
    assert "missing.pem" in said and "KB_QDRANT_CA" in said


# --- not one of ours


@pytest.mark.parametrize("version", ["1.12.0", "2.0.0"])
def test_a_server_of_another_version_is_refused(tmp_path: Path, version: str) -> None:
    title = f'{{"title": "qdrant - vector search engine", "version": "{version}", "commit": "0"}}'.encode()
    with serve({"/": Answer(title, headers={"Content-Type": "application/json"})}) as site:
        said = refusal(Cluster((site.address,)), tmp_path, ClusterUnfit)
    assert f"{site.address} is version {version}; HopKB works with 1.16 and later" in said


@pytest.mark.parametrize("page", [Answer(b"<h1>Welcome</h1>"), Answer(b'{"hello": 1}'), Answer(b"no", 404)])
def test_what_is_no_qdrant_server_is_named(tmp_path: Path, page: Answer) -> None:
    with serve({"/": page}) as site:
        said = refusal(Cluster((site.address,)), tmp_path, ClusterError)
    assert site.address in said


# --- settings


@pytest.mark.parametrize("name", ["REPLICAS", "SHARDS", "SECONDS"])
@pytest.mark.parametrize("said", ["many", "0", "-1", "nan", "inf"])
def test_a_setting_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch, name: str, said: str) -> None:
    monkeypatch.setenv(f"KB_QDRANT_{name}", said)
    with pytest.raises(ClusterUnfit, match=f"KB_QDRANT_{name} is '{said}'"):
        Cluster.from_environment()


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"URL": "http://one:1/, http://two:2", "COLLECTION": "cities", "API_KEY": "k", "CA": "/ca.pem"}
    for name, value in {**settings, "REPLICAS": "2", "SHARDS": "6", "SECONDS": "2.5"}.items():
        monkeypatch.setenv(f"KB_QDRANT_{name}", value)
    expected = Cluster(("http://one:1", "http://two:2"), "cities", "k", Path("/ca.pem"), 2, 6, 2.5)
    assert Cluster.from_environment() == expected
    assert Cluster.from_environment("http://three:3") == replace(expected, urls=("http://three:3",))


def test_an_engine_that_there_is_not_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_ENGINE", "cloud")
    with pytest.raises(StoreError, match=r"There is no engine cloud\. Choose one: local, qdrant"):
        open_engine(tmp_path)
