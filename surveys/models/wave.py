"""One run of a survey, and each side's part in it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.choices import Side
from localities.models import Locality, Membership, Region, Seat
from loci.accounts.models import User
from loci.core.models import Stamped
from surveys.choices import PartState, WaveState
from surveys.models.survey import Survey


class WaveQuerySet(models.QuerySet["Wave"]):
    def asked_of(self, person: User) -> "WaveQuerySet":
        """Waves of the network that this person belongs to, once they are open."""
        belongs = Membership.objects.current().filter(person=person)
        return self.exclude(state=WaveState.DRAFT).filter(Exists(belongs))


class Wave(Stamped):
    """One run of a survey with the days it opens and closes."""

    survey = models.ForeignKey(
        Survey, on_delete=models.PROTECT, related_name="waves", verbose_name=_("survey")
    )
    title = models.CharField(_("title"), max_length=120)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    state = models.CharField(
        _("state"), max_length=20, choices=WaveState.choices, default=WaveState.DRAFT
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
        ]

    def __str__(self) -> str:
        return self.title

    def takes_answers(self, now: datetime) -> bool:
        return self.state == WaveState.OPEN and self.opens_at <= now < self.closes_at


class PartQuerySet(models.QuerySet["Part"]):
    def editable_by(self, person: User) -> "PartQuerySet":
        """Parts of the sides this person speaks for now."""
        return self.filter(
            Exists(
                Seat.objects.held_by(person).filter(
                    locality=OuterRef("locality"), side=OuterRef("side")
                )
            )
        )

    def coordinated_by(self, person: User) -> "PartQuerySet":
        regions = Region.objects.coordinated_by(person)
        return self.filter(locality__region__in=regions)

    def visible_to(self, person: User) -> "PartQuerySet":
        """That a part exists and how far it is: both sides of the pair."""
        pair = Seat.objects.held_by(person).filter(locality=OuterRef("locality"))
        return self.filter(Exists(pair))


class Part(Stamped):
    """One side's answers in one wave."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="parts")
    locality = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="parts",
        verbose_name=_("locality"),
    )
    side = models.CharField(_("side"), max_length=20, choices=Side.choices)
    reference = models.CharField(_("reference"), max_length=60, unique=True)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=PartState.choices,
        default=PartState.NOT_STARTED,
    )
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
                condition=Q(side__in=Side.values), name="surveys_part_side_known"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_sent(self) -> bool:
        return self.state == PartState.SENT
