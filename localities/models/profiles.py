"""Profiles: dated, sourced, owned facts with every version; milestones; agreement."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext, gettext_lazy as _

from localities.choices import (
    STALE_DAYS,
    Audience,
    FactKind,
    MilestoneKind,
    Phase,
    Side,
)
from localities.models.organisations import Membership
from localities.models.places import Locality, Region
from localities.models.seats import Seat
from localities.models.taxonomy import Topic
from loci.accounts.models import User
from loci.core.models import Stamped


def _readable_by(person: User | None) -> Q:
    """The rule for lines without a side of their own: by audience alone."""
    is_public = Q(visibility=Audience.PUBLIC, locality__is_listed=True)
    if person is None:
        return is_public
    pair = Exists(Seat.objects.held_by(person).filter(locality=OuterRef("locality")))
    member = Exists(Membership.objects.current().filter(person=person))
    hub = Q(locality__region__in=Region.objects.coordinated_by(person))
    return (
        is_public
        | Q(Exists(Membership.objects.coordinating_network(person)))
        | Q(member, visibility=Audience.NETWORK, locality__is_listed=True)
        | Q(Q(pair) | hub, visibility__in=Audience.PAIR.and_wider)
    )


class FactQuerySet(models.QuerySet["Fact"]):
    def standing(self) -> "FactQuerySet":
        """Not taken away."""
        return self.filter(removed_at__isnull=True)

    def visible_to(self, person: User | None) -> "FactQuerySet":
        """What this person may read now; None is a visitor."""
        if person is None:
            return self.filter(_readable_by(None))
        return self.filter(_readable_by(person) | Q(Exists(_own_seat(person))))

    def editable_by(self, person: User) -> "FactQuerySet":
        """Lines of the sides this person speaks for now."""
        return self.filter(Exists(_own_seat(person)))

    def stale(self, today: date) -> "FactQuerySet":
        """Not checked for more than six months."""
        return self.standing().filter(checked_on__lt=today - timedelta(days=STALE_DAYS))


def _own_seat(person: User) -> models.QuerySet[Seat]:
    return Seat.objects.held_by(person).filter(
        locality=OuterRef("locality"), side=OuterRef("side")
    )


class Fact(Stamped):
    """One dated, sourced line about a locality, owned by one of its sides.

    Without a side it was taken from public sources by a coordinator.
    """

    locality = models.ForeignKey(
        Locality, on_delete=models.CASCADE, related_name="facts"
    )
    kind = models.CharField(
        _("about"), max_length=20, choices=FactKind.choices, default=FactKind.KNOWN
    )
    side = models.CharField(_("side"), max_length=20, choices=Side.choices, blank=True)
    text = models.TextField(_("fact"))
    sources = models.JSONField(_("sources"), default=list, blank=True)
    language = models.CharField(_("language of the text"), max_length=8, default="en")
    visibility = models.CharField(
        _("who sees it"),
        max_length=10,
        choices=Audience.choices,
        default=Audience.PUBLIC,
    )
    checked_on = models.DateField(_("checked on"))
    version = models.PositiveIntegerField(_("version"), default=1)
    removed_at = models.DateTimeField(_("taken away"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        indexes = [
            models.Index(
                fields=["checked_on"],
                condition=Q(removed_at__isnull=True),
                name="localities_fact_checked",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=FactKind.values),
                name="localities_fact_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(side="") | Q(side__in=Side.values),
                name="localities_fact_side_known",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=Audience.values),
                name="localities_fact_visibility_known",
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="localities_fact_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class FactVersion(models.Model):
    """A line as it stood from a moment on; append-only."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    text = models.TextField()
    sources = models.JSONField(default=list)
    visibility = models.CharField(max_length=10, choices=Audience.choices)
    is_removed = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "version"], name="localities_factversion_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fact} v{self.version}"


class ProfileAgreement(models.Model):
    """One side's word that the profile may be published."""

    locality = models.ForeignKey(
        Locality, on_delete=models.CASCADE, related_name="agreements"
    )
    side = models.CharField(max_length=20, choices=Side.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["locality", "side"], name="localities_agreement_once_a_side"
            ),
            models.CheckConstraint(
                condition=Q(side__in=Side.values),
                name="localities_agreement_side_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.locality} · {self.side}"


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, person: User | None) -> "MilestoneQuerySet":
        return self.filter(_readable_by(person))


class Milestone(Stamped):
    """One event of a locality's way that matters to others."""

    locality = models.ForeignKey(
        Locality, on_delete=models.CASCADE, related_name="milestones"
    )
    kind = models.CharField(_("what"), max_length=20, choices=MilestoneKind.choices)
    on = models.DateField(_("day"))
    text = models.CharField(_("in one line"), max_length=200, blank=True)
    link = models.URLField(_("link"), blank=True)
    phase = models.CharField(max_length=20, choices=Phase.choices, blank=True)
    topic = models.ForeignKey(
        Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    visibility = models.CharField(
        _("who sees it"),
        max_length=10,
        choices=Audience.choices,
        default=Audience.PUBLIC,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MilestoneKind.values),
                name="localities_milestone_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=Audience.PAIR.and_wider),
                name="localities_milestone_visibility_known",
            ),
            models.CheckConstraint(
                condition=(Q(kind=MilestoneKind.PHASE) & ~Q(phase=""))
                | (~Q(kind=MilestoneKind.PHASE) & Q(phase="")),
                name="localities_milestone_phase_has_one",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """The line of the timeline, in the reader's language."""
        if self.kind == MilestoneKind.PHASE:
            return gettext("Moved on to the phase “%(phase)s”") % {
                "phase": Phase(self.phase).label
            }
        if self.topic is not None:
            return f"{MilestoneKind(self.kind).label}: {self.topic.label}"
        if self.text:
            return f"{MilestoneKind(self.kind).label}: {self.text}"
        return str(MilestoneKind(self.kind).label)
