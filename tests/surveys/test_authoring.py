"""Surveys as data: conditions, what keeps one from being published, versions, files."""

import json
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from openpyxl import Workbook, load_workbook

from localities.choices import Side
from localities.queries.people import people_of
from surveys.models import Question, Section, Survey
from surveys.queries.authoring import burdens, flaws_in
from surveys.queries.completeness import Standing, missing_in
from surveys.queries.conditions import (
    Condition,
    NotUnderstood,
    holds,
    read_conditions,
)
from surveys.queries.pages import answer_rows
from surveys.services.answering import NotAsked, save_answer
from surveys.services.authoring import (
    NotReady,
    duplicate,
    next_version,
    publish_survey,
)
from surveys.services.survey import NotASurvey, as_facts, import_survey
from surveys.services.xlsform import from_xlsform, to_xlsform
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
BOTH = ["government", "civil_society"]


def question(section, code, kind="short", **facts):
    return Question.objects.create(
        section=section,
        code=code,
        kind=kind,
        labels={"en": f"Question {code}", "es": f"Pregunta {code}"},
        position=Question.objects.count(),
        **facts,
    )


@pytest.fixture
def draft():
    """Every kind of question; the second is asked by the answer to the first."""
    make.topic()
    survey = Survey.objects.create(code="every-kind", titles={"en": "Every kind"})
    page = Section.objects.create(
        survey=survey,
        code="one",
        titles={"en": "One", "es": "Uno"},
        sides=BOTH,
        position=0,
    )
    options = [
        {"code": "yes", "labels": {"en": "Yes", "es": "Sí"}},
        {"code": "no", "labels": {"en": "No"}},
    ]
    question(page, "portal", "one_of", options=options, is_required=True)
    question(page, "address", visible_if="portal = yes", is_required=True)
    question(page, "trust", "scale")
    question(page, "why", "long", visible_if="trust <= 3 and portal answered")
    question(page, "since", "date")
    question(page, "tongues", "languages")
    question(page, "call", "call")
    question(page, "ways", "several_of", options=options)
    question(page, "needs", "need", default_visibility="network")
    question(page, "offers", "offer", visible_if="ways != no")
    return survey


@pytest.fixture
def part(draft):
    publish_survey(survey=draft, by=None)
    place = make.locality()
    make.pair(place)
    return make.part(make.wave(survey=draft), place, Side.GOVERNMENT)


def save(part, code, *values, version=0, **fields):
    block = {"value": values[0] if len(values) == 1 else list(values), **fields}
    return save_answer(
        part=part,
        question=make.question(part.wave, code),
        blocks=[block],
        version=version,
        by=people_of(part.locality, Side.GOVERNMENT).get(),
        now=NOW,
    )


def codes(part):
    return [row.code for row in Standing(part).asked]


@pytest.mark.parametrize(
    ("text", "said", "is_asked"),
    [
        ("a = x, y", {"a": ("y",)}, True),
        ("a = x", {"a": ("y",)}, False),
        ("a = x", {}, False),
        ("a != x", {"a": ("y",)}, True),
        ("a != x", {}, False),
        ("a >= 7", {"a": ("7",)}, True),
        ("a <= 3", {"a": ("7",)}, False),
        ("a answered", {"a": ("z",)}, True),
        ("a = x and b >= 2", {"a": ("x",), "b": ("1",)}, False),
    ],
)
def test_conditions_hold_for_what_was_said(text, said, is_asked):
    assert all(holds(row, said) for row in read_conditions(text)) is is_asked


@pytest.mark.parametrize("text", ["a", "a =", "= x", "a > 3", "a >= x", "a = x or b"])
def test_what_is_no_condition_is_said(text):
    if text == "a = x or b":  # one value with spaces: a label nobody has
        assert read_conditions(text) == (Condition("a", "=", ("x or b",)),)
        return
    with pytest.raises(NotUnderstood):
        read_conditions(text)


def test_earlier_answers_decide_what_is_asked(part):
    before = codes(part)
    save(part, "portal", "yes")
    save(part, "trust", "2")
    save(part, "ways", "yes", "yes")

    assert before == ["portal", "trust", "since", "tongues", "call", "ways", "needs"]
    assert codes(part) == [
        *("portal", "address", "trust", "why", "since", "tongues", "call", "ways"),
        *("needs", "offers"),
    ]
    assert [row.question.code for row in missing_in(Standing(part))] == ["address"]


def test_an_answer_to_a_hidden_question_is_refused_in_words(part):
    save(part, "portal", "no")

    with pytest.raises(NotAsked, match="is not asked"):
        save(part, "address", "https://example.org")

    assert "Question address" not in [row.label for row in answer_rows(Standing(part))]


def test_eleven_of_ten_and_a_thirtieth_of_february_are_said(part):
    save(part, "portal", "no")
    save(part, "since", "2026-2-30")

    problems = [row.problem.message for row in missing_in(Standing(part))]

    assert problems == ["Give a real date, for example 27 3 2026."]
    with pytest.raises(Exception, match="Choose from the list"):
        save(part, "trust", "11")


def test_a_date_reads_as_words_on_the_check_page(part):
    save(part, "since", "2026-3-27")

    lines = {row.label: row.lines for row in answer_rows(Standing(part))}

    assert lines["Question since"] == (("", "27 March 2026"),)


def test_a_condition_about_a_later_question_is_refused(draft):
    Question.objects.filter(code="portal").update(visible_if="trust >= 7")
    Question.objects.filter(code="trust").update(visible_if="nobody understands")

    with pytest.raises(NotReady) as refusal:
        publish_survey(survey=draft, by=None)

    assert "“portal” is asked by an answer to “trust”" in str(refusal.value)
    assert "“nobody understands” is no condition" in str(refusal.value)


def test_a_condition_about_a_question_of_the_other_side_is_refused(draft):
    other = Section.objects.create(
        survey=draft, code="g", titles={"en": "G"}, sides=["government"], position=1
    )
    both = Section.objects.create(
        survey=draft, code="z", titles={"en": "Z"}, sides=BOTH, position=2
    )
    question(other, "only-g")
    question(both, "late", visible_if="only-g answered")

    assert any(
        "“late” is asked by an answer to “only-g”" in row for row in flaws_in(draft)
    )


def test_the_burden_is_told_and_too_much_is_marked(draft):
    government, civil_society = burdens(draft)

    assert (government.questions, government.minutes) == (10, 8)
    assert not civil_society.is_too_much
    page = draft.sections.get()
    for number in range(3):
        question(page, f"more-{number}", "need")
    assert burdens(draft)[0].is_too_much


def test_a_published_survey_is_frozen_in_the_database_too(part):
    survey = part.wave.survey

    for change in (
        lambda: Question.objects.filter(section__survey=survey).update(code="x"),
        lambda: Question.objects.filter(section__survey=survey).delete(),
        lambda: Section.objects.filter(survey=survey).update(titles={}),
        lambda: Survey.objects.filter(pk=survey.pk).update(titles={"en": "Other"}),
        lambda: Survey.objects.filter(pk=survey.pk).update(is_published=False),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()

    assert part.wave.survey.sections.get().questions.count() == 10


def test_the_next_version_links_back_and_a_duplicate_does_not(part):
    survey = part.wave.survey

    following = next_version(survey=survey, by=None)
    copy = duplicate(survey=survey, by=None)

    assert (following.version, following.previous) == (2, survey)
    assert (copy.version, copy.previous) == (1, None)
    assert not following.is_published
    assert as_facts(following)["sections"] == as_facts(survey)["sections"]
    Question.objects.filter(section__survey=following, code="trust").delete()
    assert Question.objects.filter(section__survey=survey).count() == 10


def test_texts_fall_back_to_english(draft):
    page = draft.sections.get()

    with translation.override("es"):
        spanish = page.title, page.questions.get(code="portal").option_choices
    with translation.override("uk"):
        ukrainian = page.title

    assert spanish == ("Uno", [("yes", "Sí"), ("no", "No")])
    assert ukrainian == "One"


def test_json_there_and_back_is_the_same(draft):
    facts = json.loads(json.dumps(as_facts(draft)))

    copy = import_survey(facts=facts, by=make.coordinator())

    assert as_facts(copy)["sections"] == as_facts(draft)["sections"]
    assert not copy.is_published


def test_xlsform_there_and_back_is_the_same(draft):
    facts = from_xlsform(to_xlsform(draft))

    copy = import_survey(facts=facts, by=make.coordinator())

    assert as_facts(copy)["sections"] == as_facts(draft)["sections"]
    assert copy.titles == draft.titles


def sheet(*rows, choices=()):
    book = Workbook()
    book.active.title = "survey"
    for row in rows:
        book.active.append(row)
    if choices:
        page = book.create_sheet("choices")
        for row in choices:
            page.append(row)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def test_a_plain_xlsform_of_another_tool_is_read():
    content = sheet(
        ("type", "name", "label", "required", "relevant"),
        ("select_one yn", "portal", "Is there a portal?", "yes", ""),
        ("text", "address", "Where?", "", "${portal} = 'y'"),
        choices=(("list_name", "name", "label"), ("yn", "y", "Yes"), ("yn", "n", "No")),
    )

    facts = from_xlsform(content)

    (page,) = facts["sections"]
    assert [row["code"] for row in page["questions"]] == ["portal", "address"]
    assert page["questions"][1]["visible_if"] == "portal = y"
    assert page["sides"] == BOTH


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (("geopoint", "where", "Where?"), "cell A3: questions of the type “geopoint”"),
        (("select_one gone", "x", "X"), "cell A3: there is no list “gone”"),
        (("text", "a b", "X"), "cell B3: a name has letters"),
        (("text", "x", "X", "once(1)"), "cell D3: this condition cannot be kept"),
    ],
)
def test_what_cannot_be_asked_is_named_with_its_cell(row, where):
    content = sheet(("type", "name", "label", "relevant"), ("text", "ok", "OK"), row)

    with pytest.raises(NotASurvey) as refusal:
        from_xlsform(content)

    assert where in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"no book", sheet()])
def test_what_is_no_book_is_said(content):
    if content and content != b"no book":
        assert from_xlsform(content)["sections"] == []
        return
    with pytest.raises(NotASurvey):
        from_xlsform(content)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda facts: facts.pop("sections"), "sections"),
        (lambda facts: facts.update(titles=5), "titles"),
        (
            lambda facts: facts["sections"][0]["questions"][0].update(kind="matrix"),
            "sections[0].questions[0].kind",
        ),
        (
            lambda facts: facts["sections"][0]["questions"][0].update(section_id=1),
            "sections[0].questions[0].section_id",
        ),
        (
            lambda facts: facts["sections"][0]["questions"][0].update(longest=10**9),
            "sections[0].questions[0].longest",
        ),
        (lambda facts: facts["sections"][0].update(sides=["hub"]), "sections[0].sides"),
    ],
)
def test_a_broken_file_is_named_with_its_place(draft, change, where):
    facts = as_facts(draft)
    change(facts)

    with pytest.raises(NotASurvey, match="not understood") as refusal:
        import_survey(facts=facts, by=make.coordinator())

    assert str(refusal.value).endswith(where)
    assert Survey.objects.count() == 1


def test_words_in_a_file_for_spreadsheets_are_never_formulas(draft):
    Question.objects.filter(code="portal").update(labels={"en": "=HYPERLINK(1)"})

    book = load_workbook(BytesIO(to_xlsform(draft)))

    kinds = {cell.data_type for row in book["survey"] for cell in row if cell.value}
    assert "f" not in kinds
