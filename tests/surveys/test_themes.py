"""Themes: found in a closed wave, made by people, kept from wave to wave, shown safely."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from localities.choices import Side
from surveys.choices import GroupingOutcome, WaveState
from surveys.models import (
    Analysis,
    Answer,
    Conversation,
    Statement,
    Theme,
    ThemeChange,
    ThemeRun,
    ThemeText,
)
from surveys.queries.results import results_of
from surveys.queries.results_files import as_csv
from surveys.queries.themes import own_themes, themes_shown
from surveys.services.analysing import refresh_analysis
from surveys.services.editing_themes import (
    NameTaken,
    NoName,
    NothingToUndo,
    NotOneWave,
    let_quote,
    merge_themes,
    move_texts,
    name_theme,
    set_theme_aside,
    split_off,
    undo_last,
)
from surveys.services.finding_themes import find_themes, waves_to_search
from surveys.services.showing_themes import NothingNamed, show_themes
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

IDEAS = {
    "portal": "Our procurement portal shows old scanned PDF files, number {0}",
    "training": "Volunteers never learned reading budgets during workshops, year {0}",
    "payment": "Contractors wait many months until invoices become settled, case {0}",
}


def closed_wave(**facts):
    return make.wave(state=WaveState.CLOSED, **facts)


def say_all(wave, ideas=tuple(IDEAS), places=9):
    """Each place says each idea in slightly other words."""
    localities = [make.locality() for _each in range(places)]
    for number, place in enumerate(localities):
        for side, idea in zip([*Side, Side.GOVERNMENT], ideas, strict=False):
            text = IDEAS[idea].format(number)
            make.statement(place, wave, text=text, side=side)
    return localities


@pytest.fixture
def wave():
    wave = closed_wave()
    say_all(wave)
    refresh_analysis(wave=wave, now=NOW)
    find_themes(wave=wave, now=NOW)
    return wave


@pytest.fixture
def coordinator():
    return make.coordinator()


def theme_about(wave, word):
    inside = ThemeText.objects.filter(wave=wave, statement__text__contains=word)
    return Theme.objects.filter(texts__in=inside).distinct().order_by("pk")[0]


def texts_about(word):
    return list(ThemeText.objects.filter(statement__text__contains=word))


def sizes(wave):
    return sorted(
        (theme.texts.count(), theme.name) for theme in Theme.objects.filter(wave=wave)
    )


def named(wave, word, name, by):
    return name_theme(theme=theme_about(wave, word), name=name, by=by, now=NOW)


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


def test_names_are_words_and_one_theme_has_each(wave, coordinator):
    named(wave, "portal", "  Portals \n that\x00 work ", coordinator)

    assert theme_about(wave, "portal").name == "Portals that work"
    with pytest.raises(NameTaken):
        named(wave, "budgets", "Portals that work", coordinator)
    with pytest.raises(NoName):
        named(wave, "budgets", " \x07 ", coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Theme.objects.filter(name="").update(name="Portals that work")


def test_every_change_can_be_taken_back_the_newest_first(wave, coordinator):
    at_first = inside(wave)
    portals = named(wave, "portal", "Portals", coordinator)
    merge_themes(
        themes=[portals, theme_about(wave, "budgets")], by=coordinator, now=NOW
    )
    split_off(texts=texts_about("year 3"), name="On its own", by=coordinator, now=NOW)
    move_texts(texts=texts_about("case 1"), to=portals, by=coordinator, now=NOW)
    set_theme_aside(theme=theme_about(wave, "invoices"), by=coordinator, now=NOW)
    assert sizes(wave) == [(1, "On its own"), (8, ""), (18, "Portals")]

    for _change in range(5):
        undo_last(wave=wave, by=coordinator)

    assert inside(wave) == at_first
    assert not Theme.objects.exclude(name="").exists()
    assert not Theme.objects.filter(is_set_aside=True).exists()
    with pytest.raises(NothingToUndo):
        undo_last(wave=wave, by=coordinator)


def inside(wave):
    rows = ThemeText.objects.filter(wave=wave).order_by("pk")
    return list(rows.values_list("pk", "theme"))


def test_a_new_search_makes_earlier_changes_final(wave, coordinator):
    named(wave, "portal", "Portals", coordinator)

    find_themes(wave=wave, now=NOW, again=True)

    with pytest.raises(NothingToUndo):
        undo_last(wave=wave, by=coordinator)
    assert ThemeChange.objects.get().verb == "named"


def test_themes_of_two_waves_are_not_mixed(wave, coordinator):
    other = Theme.objects.create(wave=closed_wave())

    with pytest.raises(NotOneWave):
        merge_themes(
            themes=[theme_about(wave, "portal"), other], by=coordinator, now=NOW
        )
    with pytest.raises(NotOneWave):
        move_texts(texts=texts_about("portal"), to=other, by=coordinator, now=NOW)
    with pytest.raises(NotOneWave):
        split_off(texts=[], name="Nothing", by=coordinator, now=NOW)


def test_the_next_wave_keeps_names_and_says_what_is_new_grown_and_gone(
    wave, coordinator
):
    named(wave, "portal", "Portals", coordinator)
    named(wave, "budgets", "Training", coordinator)
    show_themes(wave=wave, by=coordinator, now=NOW)
    following = closed_wave(
        opens_at=NOW + timedelta(days=90), closes_at=NOW + timedelta(days=100)
    )
    say_all(following, ("portal", "payment"), places=14)
    refresh_analysis(wave=following, now=NOW)

    find_themes(wave=following, now=NOW)
    named(following, "invoices", "Late payment", coordinator)
    show_themes(wave=following, by=coordinator, now=NOW)

    shown = themes_shown(following)
    assert [(row.name, row.move) for row in shown.rows] == [
        ("Late payment", "new in this wave"),
        ("Portals", "in more localities than last time"),
    ]
    assert shown.gone == ("Training",)


def test_only_named_themes_of_a_closed_wave_are_shown(wave, coordinator):
    with pytest.raises(NothingNamed):
        show_themes(wave=wave, by=coordinator, now=NOW)
    assert themes_shown(wave).rows == ()

    named(wave, "portal", "Portals", coordinator)
    show_themes(wave=wave, by=coordinator, now=NOW)

    assert [(row.name, row.total.count) for row in themes_shown(wave).rows] == [
        ("Portals", 9)
    ]


def test_a_theme_of_two_localities_is_hidden_on_the_page_and_in_files(
    wave, coordinator
):
    named(wave, "portal", "Portals", coordinator)
    two = [*texts_about("year 1"), *texts_about("year 2")]
    split_off(texts=two, name="=Two", by=coordinator, now=NOW)
    let_quote(texts=two, is_approved=True, by=coordinator)

    show_themes(wave=wave, by=coordinator, now=NOW)

    shown = themes_shown(wave)
    assert {row.name: row.total.count for row in shown.rows} == {
        "Portals": 9,
        "=Two": None,
    }
    assert [row.voices for row in shown.rows if row.name == "=Two"] == [()]
    results = results_of(wave)
    assert results is not None
    assert "theme,'=Two,,All,hidden" in as_csv(results, shown).decode()


def test_counting_anew_keeps_what_was_shown_of_themes(wave, coordinator):
    named(wave, "portal", "Portals", coordinator)
    show_themes(wave=wave, by=coordinator, now=NOW)
    make.statement(make.locality(), wave)

    refresh_analysis(wave=wave, now=NOW)

    assert [row.name for row in themes_shown(wave).rows] == ["Portals"]


def test_moving_one_text_does_not_show_whose_it_was(wave, coordinator):
    portals = named(wave, "portal", "Portals", coordinator)
    show_themes(wave=wave, by=coordinator, now=NOW)
    first = texts_about("scanned")[:1]
    payment = named(wave, "invoices", "Late payment", coordinator)
    move_texts(texts=first, to=payment, by=coordinator, now=NOW)

    show_themes(wave=wave, by=coordinator, now=NOW)

    totals = {row.pk: row.total.count for row in themes_shown(wave).rows}
    assert totals[portals.pk] == 9


def test_quotes_need_both_yeses_and_end_with_either(wave, coordinator, signed_in):
    named(wave, "portal", "Portals", coordinator)
    show_themes(wave=wave, by=coordinator, now=NOW)
    texts = texts_about("scanned")
    assert quoted(wave) == []

    let_quote(texts=texts, is_approved=True, by=coordinator)
    assert len(quoted(wave)) == 3

    Statement.objects.filter(text__contains="scanned").update(visibility="pair")
    assert quoted(wave) == []
    page = signed_in(coordinator).get(reverse("surveys:results", args=[wave.pk]))
    assert "Portals" in page.content.decode()
    assert "scanned" not in page.content.decode()


def quoted(wave):
    return [voice.text for row in themes_shown(wave).rows for voice in row.voices]


def test_a_side_reads_in_which_themes_its_words_are(wave, coordinator):
    named(wave, "portal", "Portals", coordinator)
    named(wave, "budgets", "Training", coordinator)
    show_themes(wave=wave, by=coordinator, now=NOW)
    Statement.objects.update(visibility="side")
    government, civil_society = make.pair(Statement.objects.earliest("pk").locality)

    shown = themes_shown(wave)

    assert own_themes(government, shown) == ("Portals",)
    assert own_themes(civil_society, shown) == ("Training",)
    assert own_themes(make.person(), shown) == ()


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


def test_a_script_in_a_quote_is_shown_as_text(wave, coordinator, signed_in):
    named(wave, "portal", "Portals", coordinator)
    Statement.objects.filter(text__contains="scanned").update(
        text="<script>alert('scanned')</script>"
    )
    let_quote(texts=texts_about("scanned"), is_approved=True, by=coordinator)
    show_themes(wave=wave, by=coordinator, now=NOW)

    page = signed_in(coordinator).get(reverse("surveys:results", args=[wave.pk]))

    assert "&lt;script&gt;alert(&#x27;scanned&#x27;)" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def act(client, model, action, rows, **more):
    return client.post(
        reverse(f"admin:{model}_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows], **more},
        follow=True,
    )


def test_a_coordinator_does_all_this_in_the_cockpit(wave, coordinator, signed_in):
    client = signed_in(coordinator)
    theme = theme_about(wave, "portal")

    client.post(
        reverse("admin:surveys_theme_change", args=[theme.pk]), {"name": "Portals"}
    )
    act(client, "surveys_themetext", "move", texts_about("year 1"), to_theme=theme.pk)
    act(client, "surveys_themetext", "split", texts_about("year 2"), new_name="Alone")
    act(client, "surveys_themetext", "quote", texts_about("number 1"))
    run = [ThemeRun.objects.get()]
    shown = act(client, "surveys_themerun", "show", run)
    assert sizes(wave) == [(1, "Alone"), (7, ""), (9, ""), (10, "Portals")]
    assert "The themes of 1 wave are in its results now." in shown.content.decode()

    act(client, "surveys_themerun", "undo", run)

    assert sizes(wave) == [(8, ""), (9, ""), (10, "Portals")]
    assert quoted(wave) == [IDEAS["portal"].format(1)]


def test_refusals_are_said_in_the_cockpit(wave, coordinator, signed_in):
    client = signed_in(coordinator)

    alone = act(client, "surveys_theme", "merge", [theme_about(wave, "portal")])
    nowhere = act(
        client, "surveys_themetext", "move", texts_about("year 1"), to_theme=""
    )

    assert "Choose two themes or more of one wave." in alone.content.decode()
    assert "Choose a theme." in nowhere.content.decode()
    assert Analysis.objects.get().result["themes"] is None
