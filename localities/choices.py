"""The words of `who`: sides, kinds of organisation, roles, phases, bands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """A locality has two sides."""

    GOVERNMENT = "government", _("Government")
    CIVIL_SOCIETY = "civil_society", _("Civil society")

    @property
    def other(self) -> "Side":
        return Side.CIVIL_SOCIETY if self == Side.GOVERNMENT else Side.GOVERNMENT


class OrganisationKind(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    CIVIL_SOCIETY = "civil_society", _("Civil society organisation")
    HUB = "hub", _("Regional hub")
    PARTNER = "partner", _("Partner")
    CONVENER = "convener", _("Convener of the network")


class Role(models.TextChoices):
    MEMBER = "member", _("Member")
    COORDINATOR = "coordinator", _("Coordinator")
    EXPERT = "expert", _("Expert")
    READER = "reader", _("Reader")


class InvitationKind(models.TextChoices):
    """Who is asked in, and for which place."""

    COLLEAGUE = "colleague", _("A colleague")
    SUCCESSOR = "successor", _("A successor")
    PARTNER = "partner", _("The other side")
    PLACE = "place", _("A place given by a coordinator")


INVITATION_DAYS = 21
CODE_TRIES = 10
INVITATIONS_A_DAY = 20


class Level(models.TextChoices):
    COUNTY = "county", _("County")
    METROPOLITAN = "metropolitan", _("Metropolitan area")
    STATE = "state", _("State")
    CITY = "city", _("City")
    DEPARTMENT = "department", _("Department")
    REGENCY = "regency", _("Regency")
    PROVINCE = "province", _("Province")
    MUNICIPALITY = "municipality", _("Municipality")
    CONSORTIUM = "consortium", _("Group of municipalities")


class Phase(models.TextChoices):
    """How far the open contracting work has come, in order."""

    EXPLORE = "explore", _("Exploring")
    DESIGN = "design", _("Design")
    MAP = "map", _("Map")
    BUILD = "build", _("Build")
    PUBLISH = "publish", _("Publish")
    USE = "use", _("Use and improve")

    @property
    def step(self) -> int:
        """0 (exploring) to 5 (use and improve)."""
        return list(Phase).index(self)


class Stage(models.TextChoices):
    """Stages of a contracting process, as in the Open Contracting Data Standard."""

    PLANNING = "planning", _("Planning")
    TENDER = "tender", _("Tender")
    AWARD = "award", _("Award")
    CONTRACT = "contract", _("Contract")
    IMPLEMENTATION = "implementation", _("Implementation")


class SizeBand(models.IntegerChoices):
    """Populations mix sources, so people see bands."""

    UNDER_100K = 0, _("under 100,000 people")
    TO_250K = 1, _("100,000 to 250,000 people")
    TO_1M = 2, _("250,000 to 1 million people")
    TO_5M = 3, _("1 to 5 million people")
    OVER_5M = 4, _("more than 5 million people")

    @classmethod
    def of(cls, population: int | None) -> "SizeBand | None":
        if population is None:
            return None
        limits = (100_000, 250_000, 1_000_000, 5_000_000)
        return cls(sum(population >= limit for limit in limits))
