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
MAILS_OF_AN_INVITATION = 4
HOURS_BEFORE_AGAIN = 1


class FactKind(models.TextChoices):
    """What a line of a profile is about, in the order of the page."""

    LOOKING_FOR = "looking_for", _("Looking for support or collaboration on")
    OBJECTIVE = "objective", _("What we want to reach")
    CONTEXT = "context", _("Context")
    SYSTEMS = "systems", _("Systems in use")
    LEGAL = "legal", _("Legal basis")
    COMMITMENT = "commitment", _("Commitments, such as OGP")
    LINK = "link", _("Links and documents")
    KNOWN = "known", _("What is known")

    @classmethod
    def said_by_sides(cls) -> "list[FactKind]":
        """All but what coordinators took from public sources."""
        return [kind for kind in cls if kind != cls.KNOWN]


class FileKind(models.TextChoices):
    """What opens behind a link."""

    PAGE = "page", _("web page")
    PDF = "pdf", _("PDF")
    TEXT = "text", _("text document")
    SHEET = "sheet", _("spreadsheet")
    DATA = "data", _("data file")
    PICTURE = "picture", _("picture or video")


class Audience(models.TextChoices):
    """Who reads a line of a profile, from the narrowest to the widest."""

    SIDE = "side", _("Only our side")
    PAIR = "pair", _("Our pair")
    NETWORK = "network", _("The network")
    PUBLIC = "public", _("Everyone")

    @property
    def seen_by(self) -> str:
        """The line under a field."""
        return str(AUDIENCE_SEEN_BY[self])

    @property
    def and_wider(self) -> "frozenset[Audience]":
        """What somebody may read who may read this."""
        every = list(Audience)
        return frozenset(every[every.index(self) :])


AUDIENCE_SEEN_BY = {
    Audience.SIDE: _("your side and the network coordinators, nobody else"),
    Audience.PAIR: _("both sides of your pair, your hub and the coordinators"),
    Audience.NETWORK: _("members of the network"),
    Audience.PUBLIC: _("everyone, once the profile is published"),
}
STALE_DAYS = 183
COORDINATOR_AFTER_DAYS = 14


class MilestoneKind(models.TextChoices):
    """What the timeline is made of: what matters to others."""

    JOINED = "joined", _("Joined the network")
    PHASE = "phase", _("Another phase")
    NEED_MET = "need_met", _("A need is met")
    SESSION_HOSTED = "session_hosted", _("Hosted a session")
    CHANGE_MADE = "change_made", _("Made a change")
    PRACTICE = "practice", _("Wrote down a practice")


SAID_BY_PEOPLE = (
    MilestoneKind.CHANGE_MADE,
    MilestoneKind.SESSION_HOSTED,
    MilestoneKind.PRACTICE,
)


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
