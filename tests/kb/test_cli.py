"""`python -m kb`: what it prints, as text and as JSON, and its exit status."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kb import KnowledgeBase
from kb.__main__ import main
from kb.encoder import Encoder
from kb.store import DATABASE
from kb.vectors import FILE
from tests.kb.conftest import ROOT, Run
from tests.kb.drafts import add

Out = pytest.CaptureFixture[str]


def rows(out: Out) -> list[dict[str, Any]]:
    """The JSON objects printed, one a line."""
    return [json.loads(line) for line in out.readouterr().out.splitlines()]


# --- search


def test_search_prints_one_json_object_a_hit_with_stable_keys(ingested: Path, out: Out) -> None:
    assert main(["search", "Wann wurde das THW gegründet?", "--home", str(ingested), "--json", "-k", "4"]) == 0
    hits = rows(out)
    assert [hit["rank"] for hit in hits] == [1, 2, 3, 4]
    expected = {
        *("rank", "score", "path", "title", "language", "place", "text", "sentence"),
        *("document_id", "passage_id", "city", "country", "also"),
    }
    assert all(expected <= set(hit) for hit in hits)
    first = hits[0]
    assert first["path"] == str(ROOT / "corpus" / "de-en-freiwillige-feuerwehr.txt")
    assert first["language"] == "de"
    assert first["place"] == "section Das Technische Hilfswerk"
    assert first["sentence"] in first["text"]
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_search_gives_city_country_and_slide(ingested: Path, out: Out) -> None:
    main(["search", "wypożyczalnia narzędzi w bibliotece", "--home", str(ingested), "--json", "-k", "1"])
    assert [(hit["city"], hit["country"]) for hit in rows(out)] == [("Toruń", "PL")]
    main(["search", "liczba podpisów poparcia pod projektem", "--home", str(ingested), "--json", "-k", "1"])
    assert rows(out)[0]["place"] == "slide 5"


def test_search_for_people_shows_title_language_city_and_sentence(ingested: Path, out: Out) -> None:
    assert main(["search", "wypożyczalnia narzędzi w bibliotece", "--home", str(ingested), "-k", "1"]) == 0
    text = out.readouterr().out
    assert text.startswith("1. ")
    assert all(part in text for part in ("[pl]", "Toruń", "pl-torun-biblioteka.md", "wiertarkę"))


def test_search_filters_by_language_city_country_and_format(ingested: Path, out: Out) -> None:
    home = ["--home", str(ingested), "--json", "-k", "50"]
    main(["search", "volunteers", "--language", "lv", "lt", *home])
    assert {hit["language"] for hit in rows(out)} == {"lv", "lt"}
    main(["search", "volunteers", "--city", "Toruņa", "Kowno", *home])
    assert {hit["city"] for hit in rows(out)} == {"Toruń", "Kaunas"}
    main(["search", "volunteers", "--country", "Lettland", *home])
    assert {hit["country"] for hit in rows(out)} == {"LV"}
    main(["search", "volunteers", "--format", "pdf", *home])
    assert {Path(hit["path"]).suffix for hit in rows(out)} == {".pdf"}


@pytest.mark.parametrize("query", ["", "😀", "a"])
def test_a_search_without_words_says_so_kindly(ingested: Path, out: Out, query: str) -> None:
    assert main(["search", query, "--home", str(ingested)]) == 0
    assert out.readouterr().out.startswith("Nothing found.")
    assert main(["search", query, "--home", str(ingested), "--json"]) == 0
    assert rows(out) == []


@pytest.mark.parametrize(
    "arguments", [[], ["search"], ["search", "x", "-k", "0"], ["search", "x", "-k", "many"], ["fly"]]
)
def test_wrong_usage_ends_with_status_two(arguments: list[str], out: Out) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m kb" in out.readouterr().err


# --- answer


def test_answer_prints_the_sentences_with_their_places(ingested: Path, out: Out) -> None:
    assert main(["answer", "Wann wurde das THW gegründet?", "--home", str(ingested), "--json"]) == 0
    (answer,) = rows(out)
    assert answer["query_language"] == "de"
    assert 3 <= len(answer["sentences"]) <= 5
    assert all({"text", "path", "title", "place", "language"} <= set(found) for found in answer["sentences"])
    assert any("1950" in found["text"] for found in answer["sentences"])


def test_an_answer_for_people_numbers_its_sentences(ingested: Path, out: Out) -> None:
    main(["answer", "Wann wurde das THW gegründet?", "--home", str(ingested)])
    lines = out.readouterr().out.splitlines()
    assert [line[:3] for line in lines[::2]] == [f"[{n}]" for n in range(1, len(lines) // 2 + 1)]


def test_no_answer_is_said_plainly(ingested: Path, out: Out) -> None:
    assert main(["answer", "best pizza recipe", "--home", str(ingested)]) == 0
    assert out.readouterr().out == "The knowledge base has no answer to this.\n"
    main(["answer", "best pizza recipe", "--home", str(ingested), "--json"])
    assert rows(out)[0]["sentences"] == []


def test_an_uncertain_language_is_null(ingested: Path, out: Out) -> None:
    main(["answer", "40/212", "--home", str(ingested), "--json"])
    assert rows(out)[0]["query_language"] is None


# --- show, stats


def document(full: KnowledgeBase, name: str) -> int:
    return next(found.id for found in full.store.documents() if name in found.path)


def test_show_prints_a_document_with_all_its_passages(full: KnowledgeBase, ingested: Path, out: Out) -> None:
    number = document(full, "torun-biblioteka")
    assert main(["show", str(number), "--home", str(ingested), "--json"]) == 0
    (shown,) = rows(out)
    assert (shown["document_id"], shown["city"], shown["languages"]) == (number, "Toruń", ["pl"])
    text = full.store.text(number)
    assert all(text[p["start"] : p["end"]] == p["text"] for p in shown["passages"])
    assert "wiertarkę" in " ".join(p["text"] for p in shown["passages"])


def test_show_prints_one_passage_for_people(full: KnowledgeBase, ingested: Path, out: Out) -> None:
    number = document(full, "torun-biblioteka")
    wanted = full.store.passages_of(number)[-1]
    assert main(["show", str(number), "--passage", str(wanted.id), "--home", str(ingested)]) == 0
    text = out.readouterr().out
    assert wanted.text in text
    assert full.store.passages_of(number)[0].text not in text


@pytest.mark.parametrize("arguments", [["show", "999"], ["show", "1", "--passage", "99999"]])
def test_showing_what_does_not_exist_is_an_error_for_people(ingested: Path, out: Out, arguments: list[str]) -> None:
    assert main([*arguments, "--home", str(ingested)]) == 2
    printed = out.readouterr()
    assert printed.out == ""
    assert arguments[-1] in printed.err


def test_stats_count_what_was_ingested(full: KnowledgeBase, ingested: Path, out: Out) -> None:
    assert main(["stats", "--home", str(ingested), "--json"]) == 0
    (stats,) = rows(out)
    ignored = (ROOT / "corpus" / ".kbignore").read_text("utf-8").splitlines()
    paths = [path for folder in ("corpus", "tests/kb/texts") for path in (ROOT / folder).glob("??-*.*")]
    files = [path for path in paths if path.name not in ignored]
    assert stats["documents"] == len([path for path in files if path.suffix != ".yaml"])
    assert set(stats["languages"]) == {"en", "pl", "de", "lv", "lt"}
    assert stats["formats"]["pptx"] == len([path for path in files if path.suffix == ".pptx"])
    assert {"torun", "kaunas", "leipzig"} <= set(stats["cities"])
    assert stats["passages"] == sum(stats["languages"].values())
    assert stats["encoder"] == full.encoder.fingerprint


def test_stats_for_people_are_readable(ingested: Path, out: Out) -> None:
    main(["stats", "--home", str(ingested)])
    text = out.readouterr().out
    assert "documents," in text and "languages: " in text and "encoder: " in text


# --- verify


def test_verify_says_that_all_is_well(ingested: Path, out: Out) -> None:
    assert main(["verify", "--home", str(ingested)]) == 0
    assert out.readouterr().out == "All is well.\n"
    assert main(["verify", "--home", str(ingested), "--json"]) == 0
    assert rows(out) == [{"ok": True, "problems": []}]


def test_verify_ends_with_status_one_where_an_original_is_missing(home: Path, out: Out) -> None:
    shutil.rmtree(home / "originals")
    assert main(["verify", "--home", str(home)]) == 1
    assert "copy of the original is missing" in out.readouterr().out
    assert main(["verify", "--home", str(home), "--json"]) == 1
    (report,) = rows(out)
    assert report["ok"] is False
    assert all(set(problem) >= {"what", "message", "harmless"} for problem in report["problems"])


def test_verify_names_a_damaged_index_and_ends_with_status_one(home: Path, out: Out) -> None:
    (home / FILE).write_bytes(b"no index")
    assert main(["verify", "--home", str(home), "--json"]) == 1
    assert [(problem["what"], problem["harmless"]) for problem in rows(out)[0]["problems"]] == [("index", False)]


def test_an_index_that_is_only_older_than_the_documents_is_no_damage(home: Path, encoder: Encoder, out: Out) -> None:
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        kb.remove(kb.store.documents()[0].id)
    assert main(["verify", "--home", str(home)]) == 0
    assert "older than the documents" in out.readouterr().out


# --- remove


def test_remove_takes_ids_and_paths_and_drops_the_copies(full: KnowledgeBase, home: Path, out: Out) -> None:
    torun, bus = document(full, "torun-biblioteka"), full.store.document(document(full, "walking-school-bus"))
    assert main(["remove", str(torun), bus.path, "--home", str(home), "--json"]) == 0
    assert [row["document_id"] for row in rows(out)] == [torun, bus.id]
    main(["search", "walking school bus", "--home", str(home), "--json", "-k", "100"])
    assert not {torun, bus.id} & {hit["document_id"] for hit in rows(out)}
    assert list((home / "originals").glob(f"{bus.sha256}*")) == []
    assert main(["verify", "--home", str(home)]) == 0


def test_remove_reports_what_does_not_exist_and_removes_the_others(full: KnowledgeBase, home: Path, out: Out) -> None:
    torun = document(full, "torun-biblioteka")
    assert main(["remove", "999", "no/such/file.pdf", str(torun), "--home", str(home)]) == 1
    printed = out.readouterr()
    assert "999" in printed.err and "no/such/file.pdf" in printed.err
    assert printed.out.startswith("Removed ") and "pl-torun-biblioteka.md" in printed.out


@pytest.mark.parametrize("name", ["²", "١", "-1", "1e3", ""])
def test_remove_takes_only_ordinary_numbers_for_ids(kb: KnowledgeBase, out: Out, name: str) -> None:
    add(kb, "/a", "The harbour freezes in winter.")
    assert main(["remove", "--home", str(kb.store.home), "--", name]) == 1
    assert "There is no document" in out.readouterr().err
    assert kb.store.document_by_path("/a") is not None


def test_removing_everything_leaves_a_whole_empty_knowledge_base(kb: KnowledgeBase, out: Out) -> None:
    add(kb, "/a", "The harbour freezes in winter.")
    kb.settle()
    assert main(["remove", "1", "--home", str(kb.store.home)]) == 0
    assert main(["search", "harbour", "--home", str(kb.store.home)]) == 0
    assert "Nothing found" in out.readouterr().out
    assert main(["verify", "--home", str(kb.store.home)]) == 0


# --- reembed


def test_reembed_switches_the_model_and_search_uses_it(kb: KnowledgeBase, minilm_path: Path, out: Out) -> None:
    add(kb, "/thanks", "The mayor writes thank-you cards to volunteers.")
    add(kb, "/pool", "The swimming pool opens at seven in the morning.")
    kb.close()
    home = ["--home", str(kb.store.home)]
    assert main(["reembed", "--model", str(minilm_path), "--json", *home]) == 0
    (done,) = rows(out)
    assert done["documents"] == 2 and done["encoder"].startswith("sentence-transformers/")
    main(["search", "gratitude towards helpers", "--json", *home])
    assert rows(out)[0]["path"] == "/thanks"
    main(["stats", "--json", *home])
    assert rows(out)[0]["encoder"] == done["encoder"]
    assert main(["reembed", *home]) == 0
    assert "2 documents now have vectors of use-multilingual" in out.readouterr().out


def test_reembed_with_a_wrong_model_changes_nothing(home: Path, tmp_path: Path, encoder: Encoder, out: Out) -> None:
    assert main(["reembed", "--model", str(tmp_path / "nothing"), "--home", str(home)]) == 2
    assert "could not be loaded" in out.readouterr().err
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        assert kb.search("walking school bus")[0].document.path.endswith("en-walking-school-bus.md")


# --- where the knowledge base is


def test_without_a_knowledge_base_every_command_says_what_to_run(tmp_path: Path, out: Out) -> None:
    for command in (
        ["search", "x"],
        ["answer", "x"],
        ["show", "1"],
        ["stats"],
        ["verify"],
        ["remove", "1"],
        ["reembed"],
    ):
        assert main([*command, "--home", str(tmp_path)]) == 2
        assert f"python -m ingest FOLDER --home {tmp_path}" in out.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_home_may_come_from_the_environment(ingested: Path, python: Run) -> None:
    done = python("-m", "kb", "search", "NNW", "--json", "-k", "1", env={"KB_HOME": str(ingested)})
    assert done.returncode == 0
    assert "NNW" in json.loads(done.stdout)["text"]


def test_a_damaged_database_ends_with_advice_not_with_a_traceback(home: Path, out: Out) -> None:
    body = bytearray((home / DATABASE).read_bytes())
    middle = len(body) // 2
    body[middle : middle + 40_000] = b"\xaa" * 40_000
    (home / DATABASE).write_bytes(body)
    assert main(["search", "how do cities thank volunteers", "--home", str(home)]) == 2
    assert "backup" in out.readouterr().err


def test_bytes_that_are_no_text_end_without_a_traceback(ingested: Path, python: Run) -> None:
    done = python("-m", "kb", "search", "volunteers \udcff", "--home", ingested, "--json", "-k", "1")
    assert "Traceback" not in done.stderr
    assert done.returncode == 0


def test_help_names_every_command(python: Run) -> None:
    done = python("-m", "kb", "--help")
    assert done.returncode == 0
    for command in ("search", "answer", "show", "stats", "verify", "remove", "reembed"):
        assert f"\n    {command} " in done.stdout
