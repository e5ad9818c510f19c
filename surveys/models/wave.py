"""One run of a survey, and each side's part in it."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.models import Locality, Membership, Region, Seat
from loci.accounts.models import User
from loci.core.models import Stamped
from surveys.choices import PartState, StatementSide, WaveState, Weekday
from surveys.models.survey import Survey


class WaveQuerySet(models.QuerySet["Wave"]):
    def asked_of(self, person: User) -> "WaveQuerySet":
        """Waves of the network that this person belongs to, once they are open."""
        belongs = Membership.objects.current().filter(person=person)
        return self.exclude(state=WaveState.DRAFT).filter(Exists(belongs))

    def opened_early(self) -> "WaveQuerySet":
        """Waves that asked before the last was shared back; everyone may read why."""
        written = self.exclude(state=WaveState.DRAFT).exclude(gate_override="")
        return written.order_by("-opens_at", "pk")


STANDARD_MARKS = (14, 7, 2)  # days before the close
STANDARD_WEEKDAYS = (Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY)


class Wave(Stamped):
    """One run of a survey: whom it asks, when it opens and closes, how it reminds."""

    survey = models.ForeignKey(
        Survey, on_delete=models.PROTECT, related_name="waves", verbose_name=_("survey")
    )
    title = models.CharField(_("title"), max_length=120)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    state = models.CharField(
        _("state"), max_length=20, choices=WaveState.choices, default=WaveState.DRAFT
    )
    regions = models.ManyToManyField(
        Region,
        blank=True,
        related_name="+",
        verbose_name=_("regions"),
        help_text=_("None here and no localities below: the whole network is asked."),
    )
    localities = models.ManyToManyField(
        Locality,
        blank=True,
        related_name="+",
        verbose_name=_("localities"),
        help_text=_("These are asked too, wherever they are."),
    )
    remind_days_before = ArrayField(
        models.PositiveSmallIntegerField(),
        null=True,
        blank=True,
        verbose_name=_("remind so many days before the close"),
        help_text=_("Numbers with commas between. Empty: 14, 7 and 2."),
    )
    reminders_at_most = models.PositiveSmallIntegerField(
        _("reminders to one person at most"),
        default=3,
        help_text=_("0: nobody is reminded."),
        validators=[MaxValueValidator(6)],
    )
    reminder_gap_days = models.PositiveSmallIntegerField(
        _("days between two reminders at least"), default=4
    )
    remind_on = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday.choices),
        null=True,
        blank=True,
        verbose_name=_("remind on these days of the week"),
        help_text=_("Empty: Tuesday to Thursday."),
    )
    reminders_swept_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_from = models.DateTimeField(
        _("its people are told of the opening from"),
        null=True,
        blank=True,
        editable=False,
    )
    gate_override = models.TextField(
        _("why it opened before the last one was shared back"), blank=True
    )
    is_demo = models.BooleanField(default=False, editable=False)

    objects = WaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opens_at")),
                name="surveys_wave_closes_after_opening",
                violation_error_message=_("A wave closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=WaveState.values), name="surveys_wave_state_known"
            ),
            models.CheckConstraint(
                condition=Q(reminders_at_most__lte=6),
                name="surveys_wave_reminders_are_few",
                violation_error_message=_("Six reminders are the most."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reminder_marks(self) -> tuple[int, ...]:
        """Days before the close on which reminders begin to be due."""
        return tuple(self.remind_days_before or STANDARD_MARKS)

    @property
    def reminder_weekdays(self) -> frozenset[int]:
        """Days of the week on which reminders may go out; Monday is 0."""
        return frozenset(self.remind_on or STANDARD_WEEKDAYS)

    def takes_answers(self, now: datetime) -> bool:
        return self.state == WaveState.OPEN and self.opens_at <= now < self.closes_at


class PartQuerySet(models.QuerySet["Part"]):
    def editable_by(self, person: User) -> "PartQuerySet":
        """Parts this person writes: for a side, or for one that consented to it."""
        spoken = Part.objects.spoken_for_by(person).values("pk")
        return self.filter(Q(pk__in=spoken) | Q(pk__in=entered_by(person).values("pk")))

    def spoken_for_by(self, person: User) -> "PartQuerySet":
        """Parts of the sides this person speaks for now; either side writes the joint."""
        pair = Seat.objects.held_by(person).filter(locality=OuterRef("locality"))
        own = pair.filter(side=OuterRef("side"))
        return self.filter(Exists(own) | Q(Exists(pair), side=StatementSide.JOINT))

    def taking_answers(self, now: datetime) -> "PartQuerySet":
        """Parts that can be written in now, those with more time than others too."""
        in_time = Q(wave__state=WaveState.OPEN, wave__closes_at__gt=now)
        longer = Q(
            wave__state__in=[WaveState.OPEN, WaveState.CLOSED], extended_until__gt=now
        )
        return self.filter(in_time | longer, wave__opens_at__lte=now)

    def coordinated_by(self, person: User) -> "PartQuerySet":
        regions = Region.objects.coordinated_by(person)
        return self.filter(locality__region__in=regions)

    def visible_to(self, person: User) -> "PartQuerySet":
        """That a part exists and how far it is: both sides of the pair."""
        pair = Seat.objects.held_by(person).filter(locality=OuterRef("locality"))
        return self.filter(Exists(pair) | Q(pk__in=entered_by(person).values("pk")))


def entered_by(person: User) -> "PartQuerySet":
    """Parts that a coordinator fills in for a side, with its consent, until sent.

    Once the side has begun to write itself, a hub neither reads nor writes in it.
    """
    writers = "answers__versions__by"
    somebody_else = Q(**{f"{writers}__lt": person.pk}) | Q(
        **{f"{writers}__gt": person.pk}
    )
    begun = Part.objects.filter(somebody_else, pk=OuterRef("pk"))
    network = Membership.objects.coordinating_network(person)
    return Part.objects.coordinated_by(person).filter(
        Exists(network) | ~Exists(begun),
        conversations__by=person,
        conversations__has_consent=True,
        conversations__ended_at=None,
    )


class Part(Stamped):
    """The answers of one side, or of both together, in one wave."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="parts")
    locality = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="parts",
        verbose_name=_("locality"),
    )
    side = models.CharField(_("side"), max_length=20, choices=StatementSide.choices)
    reference = models.CharField(_("reference"), max_length=60, unique=True)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=PartState.choices,
        default=PartState.NOT_STARTED,
    )
    extended_until = models.DateTimeField(_("more time until"), null=True, blank=True)
    last_section = models.CharField(max_length=50, blank=True)
    first_opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "locality", "side"], name="surveys_part_once_a_wave"
            ),
            models.CheckConstraint(
                condition=Q(state=PartState.SENT, sent_at__isnull=False)
                | Q(state__in=[PartState.NOT_STARTED, PartState.IN_PROGRESS]),
                name="surveys_part_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(side__in=StatementSide.values),
                name="surveys_part_side_known",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_sent(self) -> bool:
        return self.state == PartState.SENT

    @property
    def is_joint(self) -> bool:
        return self.side == StatementSide.JOINT

    def is_written_by(self, side: str) -> bool:
        """Whether this side of the pair writes it; both write the joint part."""
        return self.is_joint or self.side == side

    @property
    def closes_at(self) -> datetime:
        """When this part closes: with its wave, or later where it was given more time."""
        closes: datetime = self.wave.closes_at
        return max(closes, self.extended_until) if self.extended_until else closes

    def takes_answers(self, now: datetime) -> bool:
        if self.wave.takes_answers(now):
            return True
        has_time = self.extended_until is not None and now < self.extended_until
        is_over = self.wave.state in {WaveState.OPEN, WaveState.CLOSED}
        return has_time and is_over and bool(self.wave.opens_at <= now)
