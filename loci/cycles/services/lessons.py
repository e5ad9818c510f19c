"""Practice cards: written by a side or for it, shown when it agrees, taken back any time."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.choices import Side
from localities.models import Locality, Region, Topic
from localities.queries.people import people_of, side_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.states import move
from loci.core.texts import clean_text
from loci.cycles.choices import LESSON_MOVES, LessonState
from loci.cycles.models import Lesson
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from matchmaking.models import Suggestion


class NotYourCard(Refused):
    """A card is its side's; coordinators of the region help to write it."""


class NotAgreed(Refused):
    """A card is shown by consent only."""


class CardExists(Refused):
    """One card of a side for one introduction."""


@dataclass(frozen=True)
class Written:
    """What a card says."""

    topic: Topic
    title: str
    problem: str
    done: str
    cost: str = ""
    pitfalls: str = ""
    evidence: str = ""
    evidence_url: str = ""
    takes_questions: bool = False
    language: str = "en"


@transaction.atomic
def write_lesson(
    *,
    locality: Locality,
    side: Side,
    written: Written,
    by: User,
    now: datetime,
    introduction: Suggestion | None = None,
) -> Lesson:
    """Begin a card. One that a coordinator begins is shown to its side by mail.

    Raises NotYourCard, CardExists.
    """
    Locality.objects.select_for_update().get(pk=locality.pk)  # one at a time
    is_own = side_of(by, locality) == side
    if not is_own and not _coordinates(by, locality):
        raise NotYourCard(_("You can write a card for your own side."))
    cards = Lesson.objects.filter(
        introduction=introduction, locality=locality, side=side
    )
    if introduction is not None and cards.exists():
        raise CardExists(_("There is a card on this introduction already."))
    lesson, is_new = Lesson.objects.get_or_create(
        locality=locality,
        side=side,
        introduction=introduction,
        by=by,
        is_demo=locality.is_demo,
        **_cleaned(written),
    )
    if not is_new:  # the button was pressed twice
        return lesson
    record(by, "wrote", lesson)
    if not is_own:
        ask_to_agree(lesson=lesson, now=now)
    return lesson


@transaction.atomic
def change_lesson(*, lesson: Lesson, written: Written, by: User) -> Lesson:
    """Keep new words. A card that was shown waits for its side's word again.

    Raises NotYourCard.
    """
    lesson = _locked(lesson)
    if not _is_of(by, lesson) and not _coordinates(by, lesson.locality):
        raise NotYourCard(_("You can change the cards of your own side."))
    for name, value in _cleaned(written).items():
        setattr(lesson, name, value)
    lesson.state = LessonState.DRAFT
    lesson.agreed_by = lesson.agreed_at = lesson.published_at = None
    lesson.save()
    record(by, "changed", lesson)
    return lesson


@transaction.atomic
def agree_to_show(*, lesson: Lesson, by: User, now: datetime) -> Lesson:
    """Its side lets everybody read it; a coordinator has the last look.

    Raises NotYourCard, WrongMove.
    """
    lesson = _locked(lesson)
    if not _is_of(by, lesson):
        raise NotYourCard(_("Only its own side can agree to show a card."))
    lesson.agreed_by, lesson.agreed_at = by, now
    lesson.save(update_fields=["agreed_by", "agreed_at", "updated_at"])
    move(lesson, to=LessonState.AGREED, moves=LESSON_MOVES)
    record(by, "agreed to show", lesson)
    return lesson


@transaction.atomic
def publish_lesson(*, lesson: Lesson, by: User, now: datetime) -> Lesson:
    """Show a card that its side agreed to. Raises NotYourCard, NotAgreed."""
    lesson = _locked(lesson)
    if not _coordinates(by, lesson.locality):
        raise NotYourCard(_("Coordinators of its region publish a card."))
    if lesson.state != LessonState.AGREED:
        raise NotAgreed(_("Its side has not agreed to show it."))
    lesson.published_at = now
    lesson.save(update_fields=["published_at", "updated_at"])
    move(lesson, to=LessonState.PUBLISHED, moves=LESSON_MOVES)
    record(by, "published", lesson)
    return lesson


@transaction.atomic
def withdraw_lesson(*, lesson: Lesson, by: User) -> Lesson:
    """Take a card out of sight at once. Raises NotYourCard, WrongMove."""
    lesson = _locked(lesson)
    if not _is_of(by, lesson) and not _coordinates(by, lesson.locality):
        raise NotYourCard(_("You can withdraw the cards of your own side."))
    lesson.agreed_by = lesson.agreed_at = None
    move(lesson, to=LessonState.WITHDRAWN, moves=LESSON_MOVES)
    lesson.save(update_fields=["agreed_by", "agreed_at", "updated_at"])
    record(by, "withdrew", lesson)
    return lesson


def ask_to_agree(*, lesson: Lesson, now: datetime) -> int:
    """Ask the people of a card's side whether it may be shown; returns how many."""
    people = people_of(lesson.locality, Side(lesson.side))
    for person in people:
        post_notice(
            key=f"lesson:{lesson.pk}:{person.pk}:{now.date()}",
            kind=NoticeKind.LESSON_TO_AGREE,
            to=person,
            now=now,
            parameters={"title": lesson.title},
            path=f"/practice/{lesson.reference}/",
        )
    return len(people)


def _cleaned(written: Written) -> dict[str, Any]:
    facts = asdict(written) | {"topic": written.topic}
    return {
        name: clean_text(value).strip() if isinstance(value, str) else value
        for name, value in facts.items()
    }


def _is_of(person: User, lesson: Lesson) -> bool:
    return Lesson.objects.editable_by(person).filter(pk=lesson.pk).exists()


def _coordinates(person: User, locality: Locality) -> bool:
    regions = Region.objects.coordinated_by(person)
    return regions.filter(pk=locality.region_id).exists()


def _locked(lesson: Lesson) -> Lesson:
    rows = Lesson.objects.select_for_update(of=("self",))
    return rows.select_related("locality").get(pk=lesson.pk)
