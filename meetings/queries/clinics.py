"""Who could help with a case, which time suits whom, what one person may do."""

from dataclasses import dataclass

from django.db.models import Q

from localities.models import Locality, Topic
from localities.queries.people import side_of
from loci.accounts.models import User
from matchmaking.choices import SuggestionState
from matchmaking.models import Suggestion
from meetings.choices import Suits
from meetings.models import Attempt, Clinic, ClinicPeer, ClinicTime
from surveys.choices import Experience, StatementKind
from surveys.models import Statement

SUGGESTED = (SuggestionState.APPROVED, SuggestionState.INTRODUCED)


def peers_for(locality: Locality, at_most: int) -> list[Locality]:
    """Those suggested to this pair, then who offers what it needs, or what is near."""
    suggested = Suggestion.objects.filter(seeker=locality, state__in=SUGGESTED)
    known = list(suggested.order_by("-score", "pk").values_list("helper", flat=True))
    open_ = Statement.objects.for_introductions()
    topics = open_.filter(locality=locality, kind=StatementKind.NEED).values("topic")
    near = Topic.objects.filter(related__in=topics).values("pk")
    offers = (
        open_.filter(kind=StatementKind.OFFER)
        .exclude(experience=Experience.PLANNING)
        .annotate(has_taught=Q(experience=Experience.TAUGHT))
        .order_by("-has_taught", "pk")
    )
    same = offers.filter(topic__in=topics).values_list("locality", flat=True)
    like = offers.filter(topic__in=near).values_list("locality", flat=True)
    ranked = dict.fromkeys([*known, *same, *like])
    ranked.pop(locality.pk, None)
    found = Locality.objects.filter(is_paused=False, is_demo=locality.is_demo).in_bulk(
        list(ranked)
    )
    return [found[pk] for pk in ranked if pk in found][:at_most]


@dataclass(frozen=True)
class Vote:
    """One time and who can come, at need, or not."""

    time: ClinicTime
    yes: tuple[Locality, ...]
    if_needed: tuple[Locality, ...]
    no: tuple[Locality, ...]
    silent: tuple[Locality, ...]
    is_best: bool = False

    @property
    def coming(self) -> int:
        return len(self.yes) + len(self.if_needed)


def votes_of(clinic: Clinic) -> tuple[Vote, ...]:
    """All times, earliest first; the best has most who can, then most gladly."""
    peers = list(clinic.peers.select_related("locality").order_by("pk"))
    times = clinic.times.prefetch_related("words").order_by("starts_at", "pk")
    votes = [_vote(time, peers) for time in times]
    if not votes:
        return ()
    best = max(
        votes,
        key=lambda one: (one.coming, len(one.yes), -one.time.starts_at.timestamp()),
    )
    return tuple(
        Vote(one.time, one.yes, one.if_needed, one.no, one.silent, one is best)
        for one in votes
    )


def _vote(time: ClinicTime, peers: list[ClinicPeer]) -> Vote:
    said = {word.peer_id: word.suits for word in time.words.all()}

    def who(suits: str | None) -> tuple[Locality, ...]:
        return tuple(row.locality for row in peers if said.get(row.pk) == suits)

    return Vote(time, who(Suits.YES), who(Suits.IF_NEEDED), who(Suits.NO), who(None))


@dataclass(frozen=True)
class ClinicPage:
    """A case as one person reads it."""

    clinic: Clinic
    votes: tuple[Vote, ...]
    is_owner: bool
    own_peer: ClinicPeer | None
    own_words: dict[int, str]
    attempts: tuple[Attempt, ...]

    @property
    def suits_everyone(self) -> bool:
        return any(
            vote.is_best and not vote.no and not vote.silent for vote in self.votes
        )

    @property
    def best(self) -> Vote | None:
        return next((vote for vote in self.votes if vote.is_best), None)


def clinic_page(clinic: Clinic, person: User) -> ClinicPage:
    peers = clinic.peers.select_related("locality").order_by("pk")
    own = next((row for row in peers if side_of(person, row.locality)), None)
    words = dict(own.words.values_list("time", "suits")) if own else {}
    return ClinicPage(
        clinic=clinic,
        votes=votes_of(clinic),
        is_owner=side_of(person, clinic.locality) is not None,
        own_peer=own,
        own_words=words,
        attempts=tuple(
            clinic.attempts.select_related("locality").order_by("created_at", "pk")
        ),
    )
