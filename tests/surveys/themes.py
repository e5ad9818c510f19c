"""A closed wave in which some ideas were said by many, and its themes."""

from localities.choices import Side
from surveys.choices import WaveState
from surveys.models import Theme, ThemeText
from surveys.queries.themes import themes_shown
from surveys.services.editing_themes import name_theme
from tests import make
from tests.make import NOW

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


def quoted(wave):
    return [voice.text for row in themes_shown(wave).rows for voice in row.voices]
