"""Several machines, or programs of one, that write at the same time."""

import threading
from collections.abc import Callable, Sequence

from kb import KnowledgeBase
from kb.errors import KBError
from tests.kb.drafts import add, draft, embedded
from tests.kb.engines.conftest import Machine
from tests.kb.engines.machines import document_id, found, look, paths, serious, texts

Work = Callable[[], object]


def at_once(*works: Work) -> list[BaseException]:
    """Run them side by side; what they raised."""
    failed: list[BaseException] = []
    together = threading.Barrier(len(works))

    def run(work: Work) -> None:
        together.wait()
        try:
            work()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_of_two_machines_that_replace_a_document_at_once_one_wins_whole(
    riga: KnowledgeBase, torun: KnowledgeBase
) -> None:
    rounds = 12

    def replacing(kb: KnowledgeBase, name: str) -> Work:
        made = [draft("/plan", *(("en", f"{name} {at}: part {part}.") for part in range(5))) for at in range(rounds)]
        ready = [(each, embedded(kb.encoder, each)) for each in made]
        kb.engine.claim(kb.encoder)

        def work() -> None:
            for each, vectors in ready:
                kb.engine.put(each, vectors)

        return work

    assert at_once(replacing(riga, "Riga"), replacing(torun, "Torun")) == []
    look(riga, torun)
    assert riga.store.documents() == torun.store.documents()
    assert paths(riga) == ["/first", "/plan"]
    parts = texts(riga, document_id(riga, "/plan"))
    city, number = parts[0].split(":")[0].split()
    assert number == str(rounds - 1)
    assert parts == [f"{city} {number}: part {part}." for part in range(5)]
    assert parts == texts(torun, document_id(torun, "/plan"))
    for kb in (riga, torun):
        kb.engine.settle()  # which deletes what a document was before
    assert [problem.message for kb in (riga, torun) for problem in kb.engine.problems()] == []
    assert sorted(found(torun, "part of the city")) == sorted([*parts, "The library lends drills."])


def test_two_machines_that_move_and_replace_a_document_at_once_leave_it_once(
    riga: KnowledgeBase, torun: KnowledgeBase
) -> None:
    for number in range(6):
        path = f"/plan/{number}"
        plan = add(riga, path, "Volunteers plant tulips.")
        look(torun)
        new = draft(path, ("en", "Volunteers repair bicycles."))
        vectors = embedded(torun.encoder, new)
        failed = at_once(
            lambda plan=plan, number=number: riga.engine.move(plan, f"/moved/{number}"),  # type: ignore[misc]
            lambda new=new, vectors=vectors: torun.engine.put(new, vectors),  # type: ignore[misc]
        )
        assert all(isinstance(error, KBError) for error in failed), failed
        look(riga, torun)
        assert riga.store.documents() == torun.store.documents()
        assert {path for path in paths(riga) if path.endswith(f"/{number}")} <= {path, f"/moved/{number}"}
        _all_are_found(riga)
    for kb in (riga, torun):
        kb.engine.settle()  # which deletes what a document was before
    assert [problem.message for kb in (riga, torun) for problem in kb.engine.problems()] == []


def _all_are_found(kb: KnowledgeBase) -> None:
    held: Sequence[str] = [text for document in kb.store.documents() for text in texts(kb, document.id)]
    assert sorted(found(kb, "volunteers", 100)) == sorted(held)


def test_two_machines_may_make_the_knowledge_base_at_once(machine: Machine) -> None:
    machines = [machine(name) for name in ("riga", "torun", "kaunas")]

    def making(kb: KnowledgeBase) -> Work:
        return lambda: add(kb, f"/{kb.store.home.name}", "Volunteers plant tulips.")

    assert at_once(*map(making, machines)) == []
    look(*machines)
    for kb in machines:
        assert paths(kb) == ["/kaunas", "/riga", "/torun"]
    assert serious(*machines) == []


def test_two_programs_of_one_machine_share_its_catalogue(machine: Machine) -> None:
    page, ingest = machine("riga"), machine("riga")

    def asking() -> None:
        for _ in range(6):
            look(page)
            page.search("volunteers")

    def adding() -> None:
        for number in range(6):
            add(ingest, "/plan", f"Volunteers plant {number} tulips.")
            add(ingest, f"/{number}", f"The library lends {number} drills.")

    assert at_once(asking, adding) == []
    look(page)
    assert paths(page) == sorted(["/plan", *(f"/{number}" for number in range(6))])
    assert texts(page, document_id(page, "/plan")) == ["Volunteers plant 5 tulips."]
    assert serious(page, ingest) == []
