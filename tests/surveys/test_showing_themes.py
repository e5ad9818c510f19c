"""Themes are shown safely: small ones not, quotes by consent, nothing by comparison."""

import pytest
from django.urls import reverse

from surveys.models import Statement
from surveys.queries.results import results_of
from surveys.queries.results_files import as_csv
from surveys.queries.themes import own_themes, themes_shown
from surveys.services.analysing import refresh_analysis
from surveys.services.editing_themes import let_quote, move_texts, split_off
from surveys.services.showing_themes import NothingNamed, show_themes
from tests import make
from tests.make import NOW
from tests.surveys.themes import named, quoted, texts_about

pytestmark = pytest.mark.django_db


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
