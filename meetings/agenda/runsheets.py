"""How each kind of session runs, minute by minute, for those who lead it."""

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    MARKET = "market"
    PEER_ASSIST = "peer_assist"
    TROIKA = "troika"
    DEMO = "demo"
    CLINIC = "clinic"
    COUNTRY = "country"
    PLENARY = "plenary"


@dataclass(frozen=True)
class Step:
    """So many minutes of one thing."""

    minutes: int
    what: str


RUN_SHEETS = {
    Format.MARKET: (
        Step(5, "welcome"),
        Step(35, "market"),
        Step(15, "pairs"),
        Step(5, "next"),
    ),
    Format.PEER_ASSIST: (
        Step(5, "welcome"),
        Step(10, "case"),
        Step(10, "questions"),
        Step(25, "ideas"),
        Step(10, "takes"),
    ),
    Format.TROIKA: (
        Step(5, "welcome"),
        Step(10, "turn"),
        Step(10, "turn"),
        Step(10, "turn"),
        Step(10, "next"),
    ),
    Format.DEMO: (
        Step(5, "welcome"),
        Step(20, "show"),
        Step(15, "questions"),
        Step(5, "next"),
    ),
    Format.CLINIC: (
        Step(5, "welcome"),
        Step(5, "case"),
        Step(10, "questions"),
        Step(25, "ideas"),
        Step(10, "takes"),
        Step(5, "next"),
    ),
    Format.COUNTRY: (Step(5, "welcome"), Step(25, "country"), Step(15, "next")),
    Format.PLENARY: (Step(5, "welcome"), Step(25, "show"), Step(15, "questions")),
}


def minutes_of(format_: Format) -> int:
    """How long a session of this kind takes."""
    return sum(step.minutes for step in RUN_SHEETS[format_])
