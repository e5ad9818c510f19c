"""What they say: surveys, waves, parts, answers, needs and offers, analyses."""

from surveys.models.analysis import Analysis
from surveys.models.answers import Answer, AnswerQuerySet, AnswerVersion, readable_by
from surveys.models.conversations import ColumnMapping, Conversation
from surveys.models.embedding import Embedding
from surveys.models.reminders import Reminder, Snooze
from surveys.models.statements import Statement, StatementQuerySet
from surveys.models.survey import Question, Section, Survey
from surveys.models.themes import (
    Theme,
    ThemeChange,
    ThemeQuerySet,
    ThemeRun,
    ThemeText,
    hash_of,
    words_of,
)
from surveys.models.wave import Part, PartQuerySet, Wave

__all__ = [
    "Analysis",
    "Answer",
    "AnswerQuerySet",
    "AnswerVersion",
    "ColumnMapping",
    "Conversation",
    "Embedding",
    "Part",
    "PartQuerySet",
    "Question",
    "Reminder",
    "Section",
    "Snooze",
    "Statement",
    "StatementQuerySet",
    "Survey",
    "Theme",
    "ThemeChange",
    "ThemeQuerySet",
    "ThemeRun",
    "ThemeText",
    "Wave",
    "hash_of",
    "readable_by",
    "words_of",
]
