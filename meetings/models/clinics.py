"""A pair brings a case to peers; what people will try, and whether they did."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.models import Locality, Membership, Region, Seat
from loci.accounts.models import User
from loci.core.models import Stamped
from meetings.choices import ClinicState, Did, HelpWanted, Suits


class ClinicQuerySet(models.QuerySet["Clinic"]):
    def shown_to(self, person: User) -> "ClinicQuerySet":
        """Cases of this person's pairs, and those that the pairs were asked to.

        One that its pair took back before there was a time is its own again.
        """
        seats = Seat.objects.held_by(person)
        asked = ClinicPeer.objects.filter(
            Exists(seats.filter(locality=OuterRef("locality")))
        )
        own = Exists(seats.filter(locality=OuterRef("locality")))
        taken_back = Q(state=ClinicState.CLOSED, agreed_at=None)
        return self.filter(Q(own) | (Q(pk__in=asked.values("clinic")) & ~taken_back))

    def coordinated_by(self, person: User) -> "ClinicQuerySet":
        return self.filter(locality__region__in=Region.objects.coordinated_by(person))


class Clinic(Stamped):
    """One case of one pair, with three times for an hour with peers."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    locality = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="clinics",
        verbose_name=_("locality"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("posted by"),
    )
    question = models.CharField(_("our question"), max_length=300)
    context = models.TextField(_("context"), max_length=2000, blank=True)
    tried = models.TextField(_("what we tried"), max_length=2000, blank=True)
    help_wanted = models.CharField(
        _("kind of help"), max_length=10, choices=HelpWanted.choices
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ClinicState.choices,
        default=ClinicState.ASKING,
    )
    agreed_at = models.DateTimeField(_("time agreed"), null=True, blank=True)
    facilitator = models.ForeignKey(
        Locality, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note_taker = models.ForeignKey(
        Locality, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ClinicQuerySet.as_manager()

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinics")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ClinicState.values),
                name="meetings_clinic_state_known",
            ),
            models.CheckConstraint(
                condition=Q(help_wanted__in=HelpWanted.values),
                name="meetings_clinic_help_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClinicState.SETTLED) | Q(agreed_at__isnull=False),
                name="meetings_clinic_settled_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return f"/meetings/clinics/{self.reference}/"

    @property
    def is_asking(self) -> bool:
        return self.state == ClinicState.ASKING

    @property
    def is_settled(self) -> bool:
        return self.state == ClinicState.SETTLED


class ClinicTime(Stamped):
    """One of the times that were proposed."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField(_("begins"))

    class Meta:
        verbose_name = _("time of a clinic")
        verbose_name_plural = _("times of clinics")
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "starts_at"], name="meetings_clinictime_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class ClinicPeer(Stamped):
    """One pair that is asked to come; who of it answered last."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="peers")
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)

    class Meta:
        verbose_name = _("peer of a clinic")
        verbose_name_plural = _("peers of clinics")
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "locality"], name="meetings_peer_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.locality)


class ClinicWord(Stamped):
    """Yes, if needed or no of one peer to one time."""

    peer = models.ForeignKey(ClinicPeer, on_delete=models.CASCADE, related_name="words")
    time = models.ForeignKey(ClinicTime, on_delete=models.CASCADE, related_name="words")
    suits = models.CharField(_("suits"), max_length=10, choices=Suits.choices)

    class Meta:
        verbose_name = _("word on a time")
        verbose_name_plural = _("words on times")
        constraints = [
            models.UniqueConstraint(fields=["peer", "time"], name="meetings_word_once"),
            models.CheckConstraint(
                condition=Q(suits__in=Suits.values), name="meetings_word_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_suits_display()


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def held(self) -> "AttemptQuerySet":
        """Of people who still speak for the pair for which they would try it."""
        speaks = Membership.objects.speaking_for(
            OuterRef("locality"), person=OuterRef("by")
        )
        return self.filter(Exists(speaks))


class Attempt(Stamped):
    """“I will try … by …”; after 30 days it comes back and asks."""

    clinic = models.ForeignKey(
        Clinic, on_delete=models.CASCADE, related_name="attempts"
    )
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.CharField(_("I will try"), max_length=300)
    until = models.DateField(_("by"))
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    did = models.CharField(
        _("did you?"), max_length=10, choices=Did.choices, blank=True
    )
    words = models.TextField(_("what came of it"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.CheckConstraint(
                condition=Q(did="", answered_at__isnull=True)
                | Q(did__in=Did.values, answered_at__isnull=False),
                name="meetings_attempt_answer_known",
            )
        ]

    def __str__(self) -> str:
        return self.text
