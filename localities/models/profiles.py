"""Profiles: dated, sourced, owned facts with every version; milestones; agreement."""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from localities.choices import (
    STALE_DAYS,
    Audience,
    FactKind,
    FileKind,
    Side,
)
from localities.models.organisations import Membership
from localities.models.places import Locality, Region
from localities.models.seats import Seat
from loci.accounts.models import User
from loci.core.models import Stamped

LARGEST_KILOBYTES = 10_000_000
KILOBYTES_A_MEGABYTE = 1000


def readable_by(person: User | None) -> Q:
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
            return self.filter(readable_by(None))
        return self.filter(readable_by(person) | Q(Exists(_own_seat(person))))

    def editable_by(self, person: User) -> "FactQuerySet":
        """Lines of the sides this person speaks for now."""
        return self.filter(Exists(_own_seat(person)))

    def of_public_sources(self) -> "FactQuerySet":
        """Lines that belong to neither side: the network keeps them."""
        return self.filter(side="")

    def coordinated_by(self, person: User) -> "FactQuerySet":
        """Lines of public sources in this person's regions."""
        regions = Region.objects.coordinated_by(person)
        return self.of_public_sources().filter(locality__region__in=regions)

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
    link = models.URLField(
        _("link"), blank=True, validators=[URLValidator(["http", "https"])]
    )
    file_kind = models.CharField(
        _("what opens"), max_length=10, choices=FileKind.choices, blank=True
    )
    kilobytes = models.PositiveIntegerField(_("size in kB"), null=True, blank=True)
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
        verbose_name = _("line of a profile")
        verbose_name_plural = _("lines from public sources")
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
            models.CheckConstraint(
                condition=Q(file_kind__in=["", *FileKind.values]),
                name="localities_fact_file_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(link="") | Q(file_kind="", kilobytes__isnull=True),
                name="localities_fact_size_of_a_link",
            ),
            models.CheckConstraint(
                condition=Q(kilobytes__isnull=True)
                | Q(kilobytes__range=(1, LARGEST_KILOBYTES)),
                name="localities_fact_size_possible",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def opens(self) -> str:
        """PDF, 2.4 MB: what opens behind the link, as far as its side has said."""
        kind = FileKind(self.file_kind).label if self.file_kind else ""
        language = dict(settings.LANGUAGES).get(self.language, self.language)
        return ", ".join(filter(None, [str(kind), self.size, language]))

    @property
    def megabytes(self) -> Decimal | None:
        return None if self.kilobytes is None else Decimal(self.kilobytes) / 1000

    @property
    def size(self) -> str:
        if self.kilobytes is None:
            return ""
        if self.kilobytes < KILOBYTES_A_MEGABYTE:
            return f"{self.kilobytes} kB"
        return f"{localize(round(self.kilobytes / KILOBYTES_A_MEGABYTE, 1))} MB"


class FactVersion(models.Model):
    """A line as it stood from a moment on; append-only."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("fact"))
    sources = models.JSONField(_("sources"), default=list)
    visibility = models.CharField(
        _("who sees it"), max_length=10, choices=Audience.choices
    )
    is_removed = models.BooleanField(_("taken away"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("how it stood")
        verbose_name_plural = _("how it stood")
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
