"""The input of a round, written down so that anyone can repeat it."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from localities.choices import Phase
from localities.models import Topic
from matchmaking.choices import (
    HOURS_AN_INTRODUCTION,
    LIVE_SUGGESTIONS,
    OPEN_SUGGESTIONS_AT_MOST,
    DeclineReason,
    PinKind,
    ReplyAnswer,
    SuggestionState,
)
from matchmaking.models import Pin, Reply, Round, Suggestion
from matchmaking.services.learning import bars_from_answers
from matchmaking.services.weights import current_weights
from surveys.models import Statement
from surveys.services.meaning import affinity_of, said_by, vectors_of

Snapshot = dict[str, Any]
WANTED_AT_MOST = 2
MONTHS_UNTIL_ASKED_AGAIN = 12
SIDES = {"joint": "both"}
DAYS_A_MONTH = 30


def take_snapshot(round_: Round, now: datetime) -> Snapshot:
    """Everything that the engine reads, as JSON: statements, affinities, rules.

    A trial reads what its base read, with other weights.
    """
    if round_.is_trial and round_.base is not None and round_.base.snapshot:
        return {
            **round_.base.snapshot,
            "weights": round_.weights,
            "has_interpretation": round_.has_interpretation,
        }
    statements = _matched(round_)
    needs = [row for row in statements if row.is_need]
    offers = [row for row in statements if not row.is_need]
    affinity = affinity_of(
        [said_by(row) for row in needs], [said_by(row) for row in offers]
    )
    weights = round_.weights or current_weights()
    called = bars_from_answers(weights)
    return {
        "needs": [
            _plain(row) | {"country": row.locality.country_code} for row in needs
        ],
        "offers": [_plain(row) | _plain_offer(row) for row in offers],
        "affinity": [[round(float(value), 4) for value in row] for row in affinity],
        "related": sorted(_related()),
        "weights": weights,
        "called": {"strong": called.strong, "good": called.good},
        "has_interpretation": round_.has_interpretation,
        "vetoes": sorted(_vetoes(now)),
        "pins": sorted(_pins(now)),
        "kept": sorted(_proposed_now(round_)),
        "introduced": sorted(_introduced(now)),
        "want": _want(needs, set(round_.only)),
        "capacity": _capacity(offers, round_, now),
    }


def remember_texts(round_: Round) -> None:
    """Compute and keep the vectors that the snapshot will need."""
    vectors_of([said_by(row) for row in _matched(round_)])


def _matched(round_: Round) -> list[Statement]:
    return list(
        Statement.objects.for_introductions()
        .filter(wave__is_demo=round_.wave.is_demo)
        .select_related("locality", "topic__area", "sector")
        .order_by("pk")
    )


def _plain(row: Statement) -> Snapshot:
    place = row.locality
    return {
        "id": f"{row.pk:012d}",
        "unit": place.pk,
        "side": SIDES.get(row.side, row.side),
        "topic": row.topic.code,
        "area": row.topic.area.code,
        "stage": row.stage,
        "sector": row.sector.code if row.sector else "",
        "phase": Phase(place.phase).step,
        "government": place.level,
        "size": place.size_band,
        "languages": sorted(place.languages),
        "formats": sorted(row.formats),
    }


def _plain_offer(row: Statement) -> Snapshot:
    return {
        "experience": row.experience or "done",
        "has_evidence": bool(row.evidence_url),
        "hours": float(row.hours_a_month or row.locality.hours_a_month),
    }


def _related() -> set[tuple[str, str]]:
    pairs = Topic.objects.filter(related__isnull=False).values_list(
        "code", "related__code"
    )
    return {(min(one, other), max(one, other)) for one, other in pairs}


def _vetoes(now: datetime) -> set[tuple[int, int]]:
    """Pairs (seeker, helper) not to be suggested: open ones, and what was declined."""
    live = Suggestion.objects.filter(state__in=LIVE_SUGGESTIONS).exclude(
        state=SuggestionState.PROPOSED
    )
    found = set(live.values_list("seeker_id", "helper_id"))
    since = now - timedelta(days=DAYS_A_MONTH * MONTHS_UNTIL_ASKED_AGAIN)
    replies = Reply.objects.exclude(answer=ReplyAnswer.YES).select_related("suggestion")
    for reply in replies.order_by("pk"):
        pair = (reply.suggestion.seeker_id, reply.suggestion.helper_id)
        if reply.reason == DeclineReason.CONFLICT:
            found |= {pair, (pair[1], pair[0])}
        elif (
            reply.answer == ReplyAnswer.NOT_FOR_US and reply.at > since
        ) or _is_postponed(reply, now):
            found.add(pair)
    never = Pin.objects.standing(now.date()).filter(kind=PinKind.VETO)
    return found | set(never.values_list("seeker_id", "helper_id"))


def _is_postponed(reply: Reply, now: datetime) -> bool:
    if reply.not_before is not None and reply.not_before > now.date():
        return True
    will_return = reply.suggestion.state == SuggestionState.DECLINED
    return bool(reply.waits_for) and will_return and not reply.suggestion.returned_at


def _pins(now: datetime) -> set[tuple[int, int]]:
    """What coordinators settled, less what is with the pairs already."""
    always = Pin.objects.standing(now.date()).filter(kind=PinKind.PIN)
    live = Suggestion.objects.filter(state__in=LIVE_SUGGESTIONS).exclude(
        state=SuggestionState.PROPOSED
    )
    return set(always.values_list("seeker_id", "helper_id")) - set(
        live.values_list("seeker_id", "helper_id")
    )


def _proposed_now(round_: Round) -> set[tuple[int, int]]:
    """What stands proposed: among equally good answers it stays."""
    rows = Suggestion.objects.filter(
        state=SuggestionState.PROPOSED, round__wave__is_demo=round_.wave.is_demo
    )
    return set(rows.values_list("seeker_id", "helper_id"))


def _introduced(now: datetime) -> set[tuple[int, int, float]]:
    rows = Suggestion.objects.filter(introduced_at__isnull=False)
    return {
        (seeker, helper, round((now - at).days / DAYS_A_MONTH, 2))
        for seeker, helper, at in rows.values_list(
            "seeker_id", "helper_id", "introduced_at"
        )
        if at is not None
    }


def _want(needs: list[Statement], only: set[int]) -> dict[str, int]:
    """New suggestions a locality can take: its needs, within the cap of open ones.

    In a round for some localities the others want nothing.
    """
    with_pairs = Suggestion.objects.filter(state=SuggestionState.APPROVED)
    taken = dict(_counted(with_pairs, "seeker_id"))
    asked: dict[int, int] = {}
    for need in needs:
        if not only or need.locality_id in only:
            asked[need.locality_id] = asked.get(need.locality_id, 0) + 1
    resting = {need.locality_id for need in needs} - set(asked)
    return dict.fromkeys(map(str, sorted(resting)), 0) | {
        str(unit): max(
            0,
            min(count, WANTED_AT_MOST, OPEN_SUGGESTIONS_AT_MOST - taken.get(unit, 0)),
        )
        for unit, count in sorted(asked.items())
    }


def _capacity(offers: list[Statement], round_: Round, now: datetime) -> dict[str, int]:
    """New requests a locality can take: its stated hours less what it has taken on.

    In a round for some localities, what stands proposed to the others is taken too.
    """
    taken = dict(_counted(Suggestion.objects.taking_hours(now), "helper_id"))
    if round_.only:
        others = Suggestion.objects.filter(state=SuggestionState.PROPOSED).exclude(
            seeker__in=round_.only
        )
        for helper, count in _counted(others, "helper_id"):
            taken[helper] = taken.get(helper, 0) + count
    hours: dict[int, int] = {}
    for offer in offers:
        stated = offer.hours_a_month
        given = offer.locality.hours_a_month if stated is None else stated
        hours[offer.locality_id] = max(hours.get(offer.locality_id, 0), given)
    return {
        str(unit): max(0, given // HOURS_AN_INTRODUCTION - taken.get(unit, 0))
        for unit, given in sorted(hours.items())
    }


def _counted(rows: Any, column: str) -> list[tuple[int, int]]:
    return list(rows.values_list(column).annotate(count=Count("pk")).order_by(column))
