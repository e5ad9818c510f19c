"""Regions and localities."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.choices import Level, OrganisationKind, Phase, Role, SizeBand
from localities.models.organisations import Membership, Organisation
from loci.accounts.models import User
from loci.core.models import Stamped


class RegionQuerySet(models.QuerySet["Region"]):
    def coordinated_by(self, person: User) -> "RegionQuerySet":
        """All regions for a coordinator of the convener, a hub's own for a hub's."""
        places = Membership.objects.coordinating(person)
        convener = places.filter(organisation__kind=OrganisationKind.CONVENER)
        hubs = places.filter(organisation__kind=OrganisationKind.HUB)
        own = Region.objects.filter(hubs__in=hubs.values("organisation")).values("pk")
        return self.filter(Q(pk__in=own) | Exists(convener))


class Region(models.Model):
    """A part of the world with one or more hubs."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    hubs = models.ManyToManyField(
        Organisation, related_name="regions", blank=True, verbose_name=_("hubs")
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.name


class LocalityQuerySet(models.QuerySet["Locality"]):
    def listed(self) -> "LocalityQuerySet":
        """Published: both sides agreed, or a coordinator decided after 14 days."""
        return self.filter(is_listed=True)

    def visible_to(self, person: User | None) -> "LocalityQuerySet":
        """Published ones; one's own pair's and those of one's regions before that."""
        if person is None:
            return self.listed()
        members = Membership.objects.current().filter(person=person, role=Role.MEMBER)
        own = members.filter(
            organisation__seats__locality=OuterRef("pk"),
            organisation__seats__until__isnull=True,
        )
        regions = Region.objects.coordinated_by(person)
        return self.filter(Q(is_listed=True) | Q(Exists(own)) | Q(region__in=regions))


class Locality(Stamped):
    """A place where a government and a civil society organisation work as a pair."""

    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    level = models.CharField(
        _("level of government"), max_length=20, choices=Level.choices
    )
    country = models.CharField(_("country"), max_length=80)
    country_code = models.CharField(_("country code"), max_length=2)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="localities",
        verbose_name=_("region"),
    )
    languages = ArrayField(
        models.CharField(max_length=8), default=list, verbose_name=_("languages")
    )
    population = models.PositiveIntegerField(_("people"), null=True, blank=True)
    population_source = models.CharField(
        _("source and year"), max_length=200, blank=True
    )
    latitude = models.DecimalField(
        _("latitude"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    phase = models.CharField(_("phase"), max_length=20, choices=Phase.choices)
    hours_a_month = models.PositiveSmallIntegerField(
        _("hours a month for others"),
        default=4,
        help_text=_("Nobody is asked beyond these hours."),
    )
    is_listed = models.BooleanField(_("published: shown to visitors"), default=False)
    published_at = models.DateTimeField(
        _("published"), null=True, blank=True, editable=False
    )
    is_paused = models.BooleanField(_("paused: no suggestions"), default=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = LocalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("locality")
        verbose_name_plural = _("localities")
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=Level.values),
                name="localities_locality_level_known",
            ),
            models.CheckConstraint(
                condition=Q(phase__in=Phase.values),
                name="localities_locality_phase_known",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True) | Q(latitude__range=(-90, 90)),
                name="localities_locality_latitude_possible",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True) | Q(longitude__range=(-180, 180)),
                name="localities_locality_longitude_possible",
            ),
            models.CheckConstraint(
                condition=Q(country_code__regex=r"^[A-Z]{2}$"),
                name="localities_locality_country_code_shape",
                violation_error_message=_("A country code is two capital letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def size_band(self) -> SizeBand | None:
        return SizeBand.of(self.population)
