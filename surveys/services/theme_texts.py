"""The texts of a wave as the analysis takes them."""

from dataclasses import dataclass

from surveys.analysis import labels
from surveys.choices import QUOTED_FROM, QuestionKind
from surveys.models import Answer, Conversation, Statement, Wave, words_of
from surveys.services.meaning import Said, said_by


@dataclass(frozen=True)
class WaveText:
    """A need, an offer, an open answer or a note; `key` is S, A or C with its number."""

    key: str
    source: Statement | Answer | Conversation
    said: Said
    about: labels.Said


def texts_of(wave: Wave) -> list[WaveText]:
    """What was said in a wave, in a fixed order.

    Open answers of sent parts alone; notes of conversations with consent, where they
    are not a part's answers already.
    """
    statements = (
        Statement.objects.spoken()
        .filter(wave=wave)
        .select_related("topic", "locality__region")
        .order_by("pk")
    )
    answers = (
        Answer.objects.filter(
            part__wave=wave,
            part__sent_at__isnull=False,
            question__kind=QuestionKind.LONG,
        )
        .select_related("part__locality__region", "by")
        .order_by("pk")
    )
    notes = (
        Conversation.objects.filter(wave=wave, part__isnull=True, has_consent=True)
        .exclude(words="")
        .select_related("locality__region", "by")
        .order_by("pk")
    )
    return [
        *(_of_statement(row) for row in statements),
        *(_of_answer(row) for row in answers if words_of(row)),
        *(_of_note(row) for row in notes),
    ]


def _of_statement(row: Statement) -> WaveText:
    key = f"S{row.pk}"
    about = labels.Said(
        id=key,
        text=row.text,
        language=row.language,
        unit=row.locality_id,
        region=row.locality.region.code,
        side=row.side,
        topic=row.topic.label,
        may_quote=row.visibility in QUOTED_FROM,
    )
    return WaveText(key, row, said_by(row), about)


def _of_answer(row: Answer) -> WaveText:
    key, text = f"A{row.pk}", words_of(row)
    language = row.by.language if row.by else "en"
    about = labels.Said(
        id=key,
        text=text,
        language=language,
        unit=row.part.locality_id,
        region=row.part.locality.region.code,
        side=row.part.side,
        may_quote=row.visibility in QUOTED_FROM,
    )
    return WaveText(key, row, Said(text, language, "answer"), about)


def _of_note(row: Conversation) -> WaveText:
    key = f"C{row.pk}"
    language = row.by.language if row.by else "en"
    about = labels.Said(
        id=key,
        text=row.words,
        language=language,
        unit=row.locality_id,
        region=row.locality.region.code,
        side=row.side,
        may_quote=False,
    )
    return WaveText(key, row, Said(row.words, language, "answer"), about)
