"""Who is asked, who comes, who waits; what only the host reads."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.choices import Side
from localities.models import Locality, Membership, Seat
from loci.accounts.models import User
from loci.core.models import Stamped
from meetings.choices import Answer, PlaceState
from meetings.models.meeting import Meeting


class AskedQuerySet(models.QuerySet["Invitation"]):
    def held_by(self, person: User) -> "AskedQuerySet":
        """Invitations of the pairs that this person speaks for now."""
        seats = Seat.objects.held_by(person).filter(locality=OuterRef("locality"))
        return self.filter(Exists(seats))


class Invitation(Stamped):
    """One pair asked to one meeting, and what the pair has said so far."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="invitations"
    )
    locality = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="meeting_invitations",
        verbose_name=_("locality"),
    )
    answer = models.CharField(
        _("the pair says"), max_length=10, choices=Answer.choices, blank=True
    )
    sent_at = models.DateTimeField(_("asked"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)

    objects = AskedQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "locality"], name="meetings_invitation_once"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", *Answer.values]),
                name="meetings_invitation_answer_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.locality}"


class PlaceQuerySet(models.QuerySet["Place"]):
    def held(self) -> "PlaceQuerySet":
        """Of people who still speak for the pair for which they answered."""
        speaks = Membership.objects.speaking_for(
            OuterRef("invitation__locality"), person=OuterRef("person")
        )
        return self.filter(Exists(speaks))

    def queue(self) -> "PlaceQuerySet":
        """The waiting list, first come first."""
        return self.filter(state=PlaceState.WAITING).order_by("number", "pk")


class Place(Stamped):
    """One person's yes, maybe, no or waiting, for one side of one pair."""

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, related_name="places"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="places"
    )
    side = models.CharField(_("side"), max_length=20, choices=Side.choices)
    state = models.CharField(_("state"), max_length=10, choices=PlaceState.choices)
    number = models.PositiveIntegerField(
        _("number on the waiting list"), null=True, blank=True
    )
    kept_until = models.DateTimeField(_("kept until"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"))

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "person"], name="meetings_place_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PlaceState.values),
                name="meetings_place_state_known",
            ),
            models.CheckConstraint(
                condition=Q(side__in=Side.values), name="meetings_place_side_known"
            ),
            models.CheckConstraint(
                condition=Q(state=PlaceState.WAITING, number__isnull=False)
                | (~Q(state=PlaceState.WAITING) & Q(number__isnull=True)),
                name="meetings_place_who_waits_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(state=PlaceState.OFFERED, kept_until__isnull=False)
                | (~Q(state=PlaceState.OFFERED) & Q(kept_until__isnull=True)),
                name="meetings_place_offered_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"


class PrivateNote(Stamped):
    """What only the host reads of one person; forgotten 30 days after the last day."""

    place = models.OneToOneField(
        Place, on_delete=models.CASCADE, related_name="private_note"
    )
    dietary = models.CharField(_("food"), max_length=300, blank=True)
    access = models.CharField(_("access"), max_length=300, blank=True)
    travel = models.CharField(_("travel"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("private note")
        verbose_name_plural = _("private notes")

    def __str__(self) -> str:
        return str(self.place.person)


class Feed(Stamped):
    """A secret address of a person's calendar, or of a region's; only its hash is kept."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feeds"
    )
    region = models.ForeignKey(
        "localities.Region",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.region or self.person)
