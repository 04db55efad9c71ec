"""Whatever a person pastes into the question field, the knowledge base answers civilly."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kb import KnowledgeBase
from kb.types import Filters
from kb.views import answer, hit

ODD = "\0 \u200b\u202e\ufeff\u0301\ud800💥\t\r\n\"'`;--%_*?()[]{}<>\\/|&^~@#$"
WORDS = st.sampled_from(
    ["volunteers", "wolontariusze", "Freiwillige", "brīvprātīgie", "savanoriai", "Toruń", "NEAR", "AND", "2016", "a"]
)
PIECES = st.one_of(st.text(max_size=40), WORDS, st.text(alphabet=ODD, max_size=12))
QUERIES = st.lists(PIECES, max_size=12).map(" ".join)


@settings(max_examples=80, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=QUERIES)
@example("volunteers " * 20_000)
@example('" OR 1=1; DROP TABLE passages; --')
@example("ẞ" * 5_000)
@example("\u0301" * 5_000 + "volunteers")
@example("\ud800 volunteers")
def test_any_query_is_searched_and_answered(full: KnowledgeBase, query: str) -> None:
    said, hits = full.ask(query, 5)
    assert [found.rank for found in hits] == list(range(1, len(hits) + 1))
    for found in hits:
        assert hit(found)["sentence"] in found.passage.text
    for citation in said.citations:
        text = full.store.text(citation.hit.document.id)
        assert text[citation.span.start : citation.span.end] == citation.text
    assert answer(said)["confidence"] == round(said.confidence, 3)


@settings(max_examples=30, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=st.tuples(*[st.lists(st.text(max_size=20), max_size=3).map(tuple)] * 4))
def test_any_filter_restricts_or_finds_nothing(
    full: KnowledgeBase, values: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]
) -> None:
    filters = Filters(*values)
    for found in full.search("volunteers", filters=filters):
        assert not filters.languages or found.passage.language in filters.languages
        assert not filters.formats or found.document.format in filters.formats
