"""Translations keep what the program puts in, and say that no native reader saw them."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from localities.models import Topic

FOLDER = Path(settings.BASE_DIR) / "locale"
LANGUAGES = ("es", "fr", "id", "ru", "uk")
HOLDERS = re.compile(r"%\(\w+\)[sd]|%%|</?\w+[^>]*>")


def entries(language: str) -> list[polib.POEntry]:
    catalogue = polib.pofile(str(FOLDER / language / "LC_MESSAGES" / "django.po"))
    return [entry for entry in catalogue if not entry.obsolete]


def holders(text: str) -> set[str]:
    return set(HOLDERS.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_keeps_the_places_that_are_filled_in(language):
    wrong = []
    for entry in entries(language):
        source = holders(entry.msgid_plural or entry.msgid)
        single = holders(entry.msgid)
        for place, text in (entry.msgstr_plural or {0: entry.msgstr}).items():
            # a form for one may leave the number out, as "a day ago"
            allowed = [source, single, source - {"%(count)s", "%(count)d"}]
            if text and holders(text) not in (allowed if place == 0 else [source]):
                wrong.append(entry.msgid)

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_says_that_it_waits_for_a_native_reader(language):
    unmarked = [
        e.msgid
        for e in entries(language)
        if e.translated() and "review" not in e.tcomment
    ]

    assert unmarked == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_misses_anything(language):
    assert [e.msgid for e in entries(language) if not e.translated()] == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_has_its_name_in_every_language(language):
    call_command("load_taxonomy", verbosity=0)

    with translation.override(language):
        labels = {topic.code: topic.label for topic in Topic.objects.all()}

    assert labels == {
        topic.code: topic.names[language] for topic in Topic.objects.all()
    }
