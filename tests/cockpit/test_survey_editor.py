"""Writing a survey in the coordinators' place, from the first page to the file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from surveys.models import Question, Section, Survey
from surveys.services.xlsform import to_xlsform
from tests import make

pytestmark = pytest.mark.django_db


def inline(prefix, *rows, kept=0):
    facts = {
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": kept,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows):
        facts |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return facts


PAGE = {
    "position": 0,
    "code": "one",
    "sides": ["government"],
    "titles_en": "One",
    "titles_es": "Uno",
}


def text_of(page):
    return page.content.decode()


def test_a_survey_is_written_published_and_frozen(signed_in):
    client = signed_in(make.coordinator())

    client.post(
        reverse("admin:surveys_survey_add"),
        {"code": "new", "titles_en": "New survey", **inline("sections", PAGE)},
    )
    section = Section.objects.get()
    question = {
        "position": 0,
        "code": "portal",
        "kind": "one_of",
        "labels_en": "Is there a portal?",
        "options": "yes | Yes | Sí\nno | No",
        "longest": 100,
        "default_visibility": "side",
    }
    address = reverse("admin:surveys_section_change", args=[section.pk])
    wrong = client.post(
        address, {**PAGE, **inline("questions", {**question, "visible_if": "portal >"})}
    )
    client.post(address, {**PAGE, **inline("questions", question)})
    survey = Survey.objects.get()
    change = reverse("admin:surveys_survey_change", args=[survey.pk])
    draft = client.get(change)
    client.post(reverse("admin:surveys_survey_do", args=[survey.pk, "publish"]))
    frozen = client.get(change)

    assert survey.titles == {"en": "New survey"}
    assert section.titles == {"en": "One", "es": "Uno"}
    assert "is no condition" in text_of(wrong)
    assert Question.objects.get().options == [
        {"code": "yes", "labels": {"en": "Yes", "es": "Sí"}},
        {"code": "no", "labels": {"en": "No"}},
    ]
    assert "Publish: it is frozen then" in text_of(draft)
    survey.refresh_from_db()
    assert survey.is_published
    read = text_of(client.get(reverse("admin:surveys_survey_change", args=[survey.pk])))
    read += text_of(client.get(address))
    for words in ("Government", "One", "Is there a portal?", "Yes<br>No"):
        assert words in read
    for code in ("titles", "&quot;en&quot;", "[&quot;government"):
        assert code not in read
    assert 'name="titles_en"' not in text_of(frozen)
    assert "Make the next version" in text_of(frozen)


def test_a_hub_reads_and_writes_nothing(signed_in):
    survey = make.survey(is_published=False)
    client = signed_in(make.hub_coordinator())

    page = client.get(reverse("admin:surveys_survey_change", args=[survey.pk]))
    deed = client.post(reverse("admin:surveys_survey_do", args=[survey.pk, "publish"]))

    assert 'name="titles_en"' not in text_of(page)
    assert deed.status_code == 403
    assert not Survey.objects.get().is_published


def test_a_preview_shows_what_each_side_meets_and_saves_nothing(signed_in):
    survey = make.survey(joint=True)
    client = signed_in(make.coordinator())

    pages = {
        side: text_of(client.get(reverse("surveys:preview", args=[survey.pk, side])))
        for side in ("government", "joint")
    }

    assert "What is the problem" in pages["government"]
    assert "What will you do together?" in pages["joint"]
    assert "What will you do together?" not in pages["government"]
    assert '<fieldset class="shut" disabled>' in pages["government"]


def test_a_file_becomes_a_draft_and_a_broken_one_is_said(signed_in):
    survey = make.survey()
    client = signed_in(make.coordinator())
    address = reverse("admin:surveys_survey_import")
    json_file = client.get(
        reverse("admin:surveys_survey_file", args=[survey.pk, "json"])
    )

    by_json = client.post(
        address, {"file": SimpleUploadedFile("s.json", json_file.content)}
    )
    by_form = client.post(
        address, {"file": SimpleUploadedFile("s.xlsx", to_xlsform(survey))}
    )
    broken = client.post(address, {"file": SimpleUploadedFile("s.json", b"{")})
    other = client.post(address, {"file": SimpleUploadedFile("s.xlsx", b"no book")})

    assert (by_json.status_code, by_form.status_code) == (302, 302)
    assert Survey.objects.filter(is_published=False).count() == 2
    assert "This is no JSON file" in text_of(broken)
    assert "This is no .xlsx file" in text_of(other)
