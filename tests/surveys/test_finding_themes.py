"""Themes are found in a closed wave, from what may be read."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from localities.choices import Side
from surveys.choices import GroupingOutcome, WaveState
from surveys.models import Answer, Conversation, Statement, Theme, ThemeRun, ThemeText
from surveys.services.editing_themes import let_quote, move_texts
from surveys.services.finding_themes import find_themes, waves_to_search
from tests import make
from tests.make import NOW
from tests.surveys.themes import IDEAS, closed_wave, named, say_all, sizes, texts_about

pytestmark = pytest.mark.django_db


def test_what_was_said_is_grouped_once_the_wave_is_closed(wave):
    run = ThemeRun.objects.get()

    assert sizes(wave) == [(9, ""), (9, ""), (9, "")]
    assert run.outcome == GroupingOutcome.CLUSTERS
    assert run.parameters["silhouette"] > 0.3
    assert {theme.stability for theme in Theme.objects.all()} == {1.0}


def test_an_open_wave_has_no_themes():
    wave = make.wave()
    say_all(wave)

    assert find_themes(wave=wave, now=NOW) is None
    assert waves_to_search() == []


def test_the_same_texts_are_not_grouped_again(wave):
    before = list(Theme.objects.values_list("pk", flat=True))

    find_themes(wave=wave, now=NOW + timedelta(days=1))

    assert list(Theme.objects.values_list("pk", flat=True)) == before
    assert ThemeRun.objects.get().found_at == NOW
    assert waves_to_search() == []


def test_a_named_theme_keeps_its_texts_when_the_rest_is_searched_again(
    wave, coordinator
):
    theme = named(wave, "portal", "Portals", coordinator)
    move_texts(texts=texts_about("case 0"), to=theme, by=coordinator, now=NOW)

    find_themes(wave=wave, now=NOW, again=True)

    theme.refresh_from_db()
    assert (theme.name, theme.texts.count()) == ("Portals", 10)
    assert ThemeText.objects.filter(theme=None).count() == 0


def test_a_message_that_comes_twice_leaves_the_drafts(wave, coordinator):
    drafts = set(Theme.objects.values_list("pk", flat=True))
    named(wave, "portal", "Portals", coordinator)

    find_themes(wave=wave, now=NOW + timedelta(minutes=1))
    assert set(Theme.objects.values_list("pk", flat=True)) == drafts

    find_themes(wave=wave, now=NOW + timedelta(minutes=2), again=True)
    assert len(set(Theme.objects.values_list("pk", flat=True)) & drafts) == 1


def test_open_answers_of_sent_parts_are_texts_too(coordinator):
    wave = make.wave()
    question = make.question(wave, "frank")
    for number in range(10):
        place = make.locality()
        part = make.part(wave, place, Side.GOVERNMENT)
        Answer.objects.create(
            part=part,
            question=question,
            value=[{"value": IDEAS["portal"].format(number)}],
            visibility="side",
        )
        part.state, part.sent_at = ("sent", NOW) if number else (part.state, None)
        part.save()
    wave.state = WaveState.CLOSED
    wave.save()

    find_themes(wave=wave, now=NOW)

    assert ThemeText.objects.filter(answer__isnull=False).count() == 9
    assert Theme.objects.get().texts.count() == 9


def test_notes_of_conversations_are_texts_where_the_side_agreed(coordinator, signed_in):
    wave = make.wave()
    facts = {"wave": wave, "kind": "call", "side": "government", "held_on": NOW.date()}
    for number in range(10):
        Conversation.objects.create(
            locality=make.locality(),
            has_consent=bool(number),
            words=IDEAS["portal"].format(number),
            spoke_with="The clerk",
            by=coordinator,
            **facts,
        )
    silent = Conversation.objects.create(locality=make.locality(), **facts)
    wave.state = WaveState.CLOSED
    wave.save()

    find_themes(wave=wave, now=NOW)
    find_themes(wave=wave, now=NOW)

    texts = ThemeText.objects.all()
    assert texts.filter(conversation__isnull=False).count() == texts.count() == 9
    assert not texts.filter(conversation=silent).exists()
    let_quote(texts=list(texts), is_approved=True, by=coordinator)
    assert not texts.quotable().exists()
    page = signed_in(coordinator).get("/admin/surveys/themetext/")
    assert IDEAS["portal"].format(3) in page.content.decode()


def test_a_text_has_one_source():
    with pytest.raises(IntegrityError), transaction.atomic():
        ThemeText.objects.create(wave=closed_wave())


def test_what_is_withdrawn_leaves_its_theme(wave):
    Statement.objects.filter(text__contains="case 1").update(state="withdrawn")

    find_themes(wave=wave, now=NOW)

    assert sizes(wave) == [(8, ""), (9, ""), (9, "")]


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        ([], "list_only"),
        (["One response"], "list_only"),
        (["The same sentence by everybody here"] * 30, "clusters"),
        (["", " ", "🙂🙂🙂", "—", "\x00\x07"] * 6, "list_only"),
        (["<script>alert(1)</script> portal " + "long " * 2000] * 3, "list_only"),
        (["Une phrase mixed with palabras та словами"] * 2, "list_only"),
    ],
    ids=["none", "one", "all the same", "no words", "10,000 characters", "mixed"],
)
def test_bad_texts_have_a_defined_outcome(texts, outcome):
    wave = closed_wave()
    for text in texts:
        make.statement(make.locality(), wave, text=text.replace("\x00", ""))

    run = find_themes(wave=wave, now=NOW)

    assert run is not None
    assert run.outcome == outcome
    assert Theme.objects.count() == (1 if outcome == "clusters" else 0)


def test_a_language_that_nobody_knows_is_grouped_all_the_same():
    wave = closed_wave()
    say_all(wave)
    Statement.objects.update(language="tlh")

    run = find_themes(wave=wave, now=NOW)

    assert run is not None
    assert run.parameters["languages"] == ["tlh"]
    assert Theme.objects.count() == 3
