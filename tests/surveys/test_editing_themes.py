"""Themes are made by people: each change can be taken back, names go on from wave to wave."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from surveys.models import Analysis, Theme, ThemeChange, ThemeRun, ThemeText
from surveys.queries.themes import themes_shown
from surveys.services.analysing import refresh_analysis
from surveys.services.editing_themes import (
    NameTaken,
    NoName,
    NothingToUndo,
    NotOneWave,
    merge_themes,
    move_texts,
    set_theme_aside,
    split_off,
    undo_last,
)
from surveys.services.finding_themes import find_themes
from surveys.services.showing_themes import show_themes
from tests.make import NOW
from tests.surveys.themes import (
    IDEAS,
    closed_wave,
    named,
    quoted,
    say_all,
    sizes,
    texts_about,
    theme_about,
)

pytestmark = pytest.mark.django_db


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
