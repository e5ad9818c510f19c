"""What they say: surveys, waves, parts, answers, needs and offers, analyses."""

from surveys.models.analysis import Analysis
from surveys.models.answers import Answer, AnswerQuerySet, AnswerVersion, readable_by
from surveys.models.embedding import Embedding
from surveys.models.statements import Statement, StatementQuerySet
from surveys.models.survey import Question, Section, Survey
from surveys.models.wave import Part, PartQuerySet, Wave

__all__ = [
    "Analysis",
    "Answer",
    "AnswerQuerySet",
    "AnswerVersion",
    "Embedding",
    "Part",
    "PartQuerySet",
    "Question",
    "Section",
    "Statement",
    "StatementQuerySet",
    "Survey",
    "Wave",
    "readable_by",
]
