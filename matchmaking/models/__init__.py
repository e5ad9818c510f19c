"""Who should talk to whom: rounds, suggestions, replies, introductions, circles."""

from matchmaking.models.check_ins import CheckIn
from matchmaking.models.circles import Circle, CircleMember
from matchmaking.models.experts import HOURS_AT_MOST, Expertise
from matchmaking.models.introductions import IntroductionNote
from matchmaking.models.pins import Pin, WeightTable
from matchmaking.models.requests import IntroductionRequest
from matchmaking.models.rounds import Round
from matchmaking.models.suggestions import (
    Reply,
    Suggestion,
    SuggestionQuerySet,
    speaks_for,
)

__all__ = [
    "HOURS_AT_MOST",
    "CheckIn",
    "Circle",
    "CircleMember",
    "Expertise",
    "IntroductionNote",
    "IntroductionRequest",
    "Pin",
    "Reply",
    "Round",
    "Suggestion",
    "SuggestionQuerySet",
    "WeightTable",
    "speaks_for",
]
