"""Practice cards as people find them, and what is still to be written down."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from localities.models import Seat, Topic
from loci.accounts.models import User
from loci.cycles.choices import LessonState
from loci.cycles.models import Lesson
from matchmaking.choices import EVIDENCE_FROM
from matchmaking.models import CheckIn


@dataclass(frozen=True)
class TopicCards:
    """A topic with how many cards there are on it."""

    topic: Topic
    count: int


@dataclass(frozen=True)
class Shelf:
    """Cards of one topic or of all, with what the others are about."""

    lessons: tuple[Lesson, ...]
    topics: tuple[TopicCards, ...]
    topic: Topic | None


def shelf(code: str) -> Shelf:
    """Published cards; an unknown topic is left aside and all are shown."""
    cards = Lesson.objects.published().select_related("locality", "topic__area")
    shown = Count("lessons", filter=Q(lessons__state=LessonState.PUBLISHED))
    topics = Topic.objects.annotate(cards=shown).filter(cards__gt=0)
    topic = Topic.objects.filter(code=code).first() if code else None
    if topic is not None:
        cards = cards.filter(topic=topic)
    return Shelf(
        tuple(cards.order_by("topic__position", "-published_at", "pk")),
        tuple(
            TopicCards(row, row.cards)
            for row in topics.select_related("area").order_by("position", "pk")
        ),
        topic,
    )


def readable_lessons(person: User | None) -> QuerySet[Lesson]:
    """Published ones for everybody; others for their side and its coordinators."""
    rows = Lesson.objects.select_related("locality__region", "topic")
    if person is None:
        return rows.filter(state=LessonState.PUBLISHED)
    own = Lesson.objects.editable_by(person).values("pk")
    coordinated = Lesson.objects.coordinated_by(person).values("pk")
    return rows.filter(
        Q(state=LessonState.PUBLISHED) | Q(pk__in=own) | Q(pk__in=coordinated)
    )


def lessons_to_agree(person: User) -> QuerySet[Lesson]:
    """Drafts of one's side that one could agree to show."""
    rows = Lesson.objects.editable_by(person).filter(state=LessonState.DRAFT)
    return rows.select_related("topic").order_by("pk")


def lessons_to_write(person: User) -> QuerySet[CheckIn]:
    """Check-ins that said *applied* for one's side, of which there is no card yet."""
    written = Lesson.objects.filter(
        introduction=OuterRef("suggestion"),
        locality=OuterRef("locality"),
        side__in=Seat.objects.held_by(person)
        .filter(locality=OuterRef(OuterRef("locality")))
        .values("side"),
    )
    speaks = Seat.objects.held_by(person).filter(locality=OuterRef("locality"))
    rows = CheckIn.objects.filter(
        Exists(speaks), ~Exists(written), outcome__gte=EVIDENCE_FROM
    )
    newest = rows.order_by("suggestion", "-answered_at", "-pk").distinct("suggestion")
    return newest.select_related(
        "locality",
        "suggestion__seeker",
        "suggestion__helper",
        "suggestion__need__topic",
    )
