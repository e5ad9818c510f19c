"""When they meet: the clock of the host's zone, and the moment in UTC beside it."""

import uuid
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from localities.models import Membership, Organisation, Region
from loci.accounts.models import User
from loci.core.models import Stamped
from meetings.choices import (
    ANNOUNCED,
    JOIN_HOURS_BEFORE,
    LONGEST_DAYS,
    TO_COME,
    MeetingKind,
    MeetingState,
    Photos,
)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def announced(self) -> "MeetingQuerySet":
        """What everybody may know of."""
        return self.filter(state__in=ANNOUNCED)

    def to_come(self, now: datetime) -> "MeetingQuerySet":
        return self.filter(state__in=TO_COME, ends_at__gt=now)

    def coordinated_by(self, person: User) -> "MeetingQuerySet":
        return self.filter(region__in=Region.objects.coordinated_by(person))

    def hosted_by(self, person: User) -> "MeetingQuerySet":
        """Meetings of the organisations that this person belongs to now."""
        own = Membership.objects.current().filter(person=person).values("organisation")
        joint = Meeting.co_hosts.through.objects.filter(organisation__in=own)
        return self.filter(Q(host__in=own) | Q(pk__in=joint.values("meeting")))

    def without_host(self) -> "MeetingQuerySet":
        """Meetings that nobody hosts any more: no host, or nobody left in it."""
        people = Membership.objects.current().filter(organisation=OuterRef("host"))
        return self.filter(Q(host=None) | ~Exists(people))

    def seen_by(self, person: User | None) -> "MeetingQuerySet":
        """Announced ones; one that is prepared only by who prepares it."""
        if person is None:
            return self.announced()
        own = Meeting.objects.coordinated_by(person).values("pk")
        hosted = Meeting.objects.hosted_by(person).values("pk")
        return self.filter(
            Q(state__in=ANNOUNCED) | Q(pk__in=own.union(hosted).values("pk"))
        )


class Meeting(Stamped):
    """One regional meeting: when by the host's clock, where, by whom, for how many.

    Each of its days runs from `day_begins` to `day_ends` by the wall clock of
    `time_zone`. `starts_at` and `ends_at` follow from them and are derived anew when
    a zone changes its law. `taken` counts the places that are held, `waiting_number`
    the numbers given out on the waiting list, `sequence` the changes that calendars
    must learn of.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=MeetingKind.choices,
        default=MeetingKind.IN_PERSON,
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=MeetingState.choices,
        default=MeetingState.DRAFT,
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="meetings",
        verbose_name=_("region"),
    )
    host = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("host"),
    )
    co_hosts = models.ManyToManyField(
        Organisation, related_name="+", blank=True, verbose_name=_("co-hosts")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    day_begins = models.TimeField(_("each day begins"), default=time(9))
    day_ends = models.TimeField(_("each day ends"), default=time(17))
    time_zone = models.CharField(_("host's time zone"), max_length=64, default="UTC")
    starts_at = models.DateTimeField(_("begins"), editable=False)
    ends_at = models.DateTimeField(_("ends"), editable=False)
    answers_until = models.DateTimeField(_("answers until"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    join_link = models.URLField(
        _("link to join"), blank=True, validators=[URLValidator(["http", "https"])]
    )
    purpose = models.TextField(_("what it is for"), blank=True)
    who_pays = models.CharField(_("who pays"), max_length=200, blank=True)
    capacity = models.PositiveIntegerField(_("places"), default=30)
    taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)
    waiting_number = models.PositiveIntegerField(default=0, editable=False)
    seats_per_pair = models.PositiveSmallIntegerField(_("places per pair"), default=2)
    languages = ArrayField(
        models.CharField(max_length=8), default=list, verbose_name=_("languages")
    )
    interpretation = ArrayField(
        models.CharField(max_length=8),
        default=list,
        blank=True,
        verbose_name=_("interpreted into"),
    )
    is_chatham_house = models.BooleanField(
        _("Chatham House rule"),
        default=True,
        help_text=_("What was said may be used, not who said it or for whom."),
    )
    photos = models.CharField(
        _("photos"), max_length=10, choices=Photos.choices, default=Photos.ASKED
    )
    agenda_shown = models.BooleanField(_("the agenda is shown"), default=False)
    why_cancelled = models.CharField(_("why cancelled"), max_length=300, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meetings_meeting_ends_after_start",
                violation_error_message=_("A meeting ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="meetings_meeting_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__lte=F("first_day") + Value(LONGEST_DAYS - 1)),
                name="meetings_meeting_at_most_two_weeks",
                violation_error_message=_("A meeting lasts two weeks at most."),
            ),
            models.CheckConstraint(
                condition=Q(day_ends__gt=F("day_begins")),
                name="meetings_meeting_day_ends_after_it_begins",
                violation_error_message=_("A day ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="meetings_meeting_never_over_capacity",
                violation_error_message=_(
                    "More people said yes than there are places."
                ),
            ),
            models.CheckConstraint(
                condition=Q(seats_per_pair__gte=1),
                name="meetings_meeting_a_seat_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MeetingKind.values),
                name="meetings_meeting_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MeetingState.values),
                name="meetings_meeting_state_known",
            ),
            models.CheckConstraint(
                condition=Q(photos__in=Photos.values),
                name="meetings_meeting_photos_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.CANCELLED) | ~Q(why_cancelled=""),
                name="meetings_meeting_cancelled_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/meetings/{self.reference}/"

    @property
    def is_open(self) -> bool:
        return self.state == MeetingState.OPEN

    @property
    def is_cancelled(self) -> bool:
        return self.state == MeetingState.CANCELLED

    @property
    def is_held(self) -> bool:
        return self.state == MeetingState.HELD

    @property
    def is_full(self) -> bool:
        return self.taken >= self.capacity

    @property
    def places_left(self) -> int:
        return max(self.capacity - self.taken, 0)

    @property
    def days(self) -> tuple[date, ...]:
        count = (self.last_day - self.first_day).days + 1
        return tuple(self.first_day + timedelta(days=number) for number in range(count))

    def takes_answers(self, now: datetime) -> bool:
        """Answers are welcome until the host's day, or until it begins."""
        return self.is_open and now < (self.answers_until or self.starts_at)

    def can_be_joined(self, now: datetime) -> bool:
        opens_at = self.starts_at - timedelta(hours=JOIN_HOURS_BEFORE)
        return self.state in TO_COME and opens_at <= now < self.ends_at


class Material(Stamped):
    """One thing to read for a meeting: a link that says what it costs to open."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="materials"
    )
    title = models.CharField(_("title"), max_length=160)
    url = models.URLField(_("link"), validators=[URLValidator(["http", "https"])])
    language = models.CharField(_("language"), max_length=8, default="en")
    kilobytes = models.PositiveIntegerField(_("size in kB"), null=True, blank=True)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")

    def __str__(self) -> str:
        return self.title
