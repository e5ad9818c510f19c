"""Selects that the product writes itself say what Django's say."""

from html.parser import HTMLParser

from django import forms
from hypothesis import given, strategies as st

from loci.core.templatetags.attributes import attributes
from loci.core.widgets import LongSelect

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8
)
PLAIN = st.tuples(WORDS, WORDS)
GROUP = st.tuples(WORDS.filter(bool), st.lists(PLAIN, max_size=3))
CHOICES = st.lists(st.one_of(PLAIN, GROUP), max_size=4).filter(
    lambda rows: len(codes(rows)) == len(set(codes(rows)))
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["id", "class", "data-x", "disabled", "required"]),
    st.one_of(WORDS, st.booleans(), st.none()),
)


def codes(rows):
    return [
        code
        for row in rows
        for code, _label in (row[1] if isinstance(row[1], list) else [row])
    ]


class Reader(HTMLParser):
    """What a browser reads: tags with their attributes, words without edges."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.read: list[object] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.read += [(tag, dict(attrs)), ""]

    def handle_endtag(self, tag):
        self.read += [tag, ""]

    def handle_data(self, data):
        self.read[-1] += data.strip(" \n")


@given(CHOICES, WORDS, ATTRIBUTES)
def test_a_long_select_is_written_as_django_writes_it(choices, value, named):
    named = {name: value for name, value in named.items() if value is not None}
    ours = LongSelect(named, choices).render("topic", value, {"id": "here"})
    theirs = forms.Select(named, choices).render("topic", value, {"id": "here"})

    assert Reader(ours).read == Reader(theirs).read


def test_attributes_are_escaped_and_some_left_out():
    named = {"id": '"><b>', "required": True, "disabled": False, "x": None, "rows": 3}

    assert attributes(named, "required") == ' id="&quot;&gt;&lt;b&gt;" rows="3"'
    assert attributes({"required": True}) == " required"
