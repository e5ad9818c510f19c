"""From what was asked and offered to sessions worth holding."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from meetings.agenda.runsheets import Format, minutes_of

LEAST_DONE = 1  # *doing now* and above can lead
CLINIC_MOST, DEMO_LEAST, COUNTRY_LEAST = 2, 8, 3
PLENARY_SHARE = 0.6  # of all pairs ask the same
MARKET_LEAST = 6  # pairs that come to a market
LEADERS_MOST = 2
LED_MOST = 2  # sessions led by one pair


@dataclass(frozen=True)
class Ask:
    """One open need of one pair. `haste`: 0 no day named to 3 this month."""

    id: int
    pair: int
    topic: str
    haste: int = 0


@dataclass(frozen=True)
class Can:
    """One offer of one pair. `experience`: 0 planning to 3 done and taught others."""

    pair: int
    topic: str
    experience: int


@dataclass(frozen=True)
class Demand:
    """What a region says: needs, offers, topics that are near, the country of a pair."""

    asks: tuple[Ask, ...]
    cans: tuple[Can, ...]
    near: Mapping[str, Collection[str]]
    country: Mapping[int, str]


@dataclass(frozen=True)
class Proposed:
    """One session: for which needs, led by whom, in what form, how long."""

    topic: str
    format: Format
    minutes: int
    asks: tuple[int, ...]
    askers: tuple[int, ...]
    leaders: tuple[int, ...]
    is_near: bool = False
    """Nobody has done this very topic; the leaders have done a near one."""


def propose(demand: Demand) -> tuple[Proposed, ...]:
    """Sessions for every topic that was asked, the most asked first.

    A topic asked by one or two pairs whom somebody can help becomes a clinic; one that
    nobody can lead is worth a session once three ask. A market for all comes first.
    """
    by_topic = defaultdict(list)
    for ask in demand.asks:
        by_topic[ask.topic].append(ask)
    ranked = sorted(
        by_topic.items(),
        key=lambda row: (
            -len({ask.pair for ask in row[1]}),
            -sum(ask.haste for ask in row[1]),
            row[0],
        ),
    )
    pairs = {ask.pair for ask in demand.asks} | {can.pair for can in demand.cans}
    led: Counter[int] = Counter()
    found = [_session(demand, topic, asks, len(pairs), led) for topic, asks in ranked]
    sessions = [row for row in found if row is not None]
    return (*_market(demand, pairs), *sessions)


def _session(
    demand: Demand, topic: str, asks: list[Ask], pairs: int, led: Counter[int]
) -> Proposed | None:
    askers = tuple(sorted({ask.pair for ask in asks}))
    leaders = _leaders(demand, {topic}, askers, led)
    is_near = not leaders
    if is_near:
        leaders = _leaders(demand, set(demand.near.get(topic, ())), askers, led)
    format_ = _format(demand, askers, has_leader=bool(leaders), pairs=pairs)
    if format_ is None:
        return None
    led.update(leaders)
    return Proposed(
        topic=topic,
        format=format_,
        minutes=minutes_of(format_),
        asks=tuple(sorted(ask.id for ask in asks)),
        askers=askers,
        leaders=leaders,
        is_near=is_near and bool(leaders),
    )


def _leaders(
    demand: Demand, topics: set[str], askers: tuple[int, ...], led: Counter[int]
) -> tuple[int, ...]:
    """The most experienced who do not ask themselves and do not lead enough yet."""
    best: dict[int, int] = {}
    for can in demand.cans:
        fits = can.topic in topics and can.experience >= LEAST_DONE
        if fits and can.pair not in askers and led[can.pair] < LED_MOST:
            best[can.pair] = max(best.get(can.pair, 0), can.experience)
    ranked = sorted(best, key=lambda pair: (-best[pair], led[pair], pair))
    return tuple(sorted(ranked[:LEADERS_MOST]))


def _format(
    demand: Demand, askers: tuple[int, ...], *, has_leader: bool, pairs: int
) -> Format | None:
    count = len(askers)
    countries = {demand.country.get(pair, "") for pair in askers}
    if count >= DEMO_LEAST and count >= PLENARY_SHARE * pairs and has_leader:
        return Format.PLENARY
    if has_leader and count >= DEMO_LEAST:
        return Format.DEMO
    if has_leader:
        return Format.CLINIC if count <= CLINIC_MOST else Format.PEER_ASSIST
    if count < COUNTRY_LEAST:
        return None
    return Format.COUNTRY if len(countries) == 1 else Format.TROIKA


def _market(demand: Demand, pairs: set[int]) -> tuple[Proposed, ...]:
    """Everybody's needs beside everybody's offers, once there are enough of both."""
    if len(pairs) < MARKET_LEAST or not demand.asks or not demand.cans:
        return ()
    minutes = minutes_of(Format.MARKET)
    return (Proposed("", Format.MARKET, minutes, (), tuple(sorted(pairs)), ()),)
