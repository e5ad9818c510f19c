"""Hold what somebody is about to write in, after asking whether they may."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
from django.db.models.lookups import Exact
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from localities.models import Membership
from loci.accounts.models import User
from loci.core.errors import Refused
from loci.core.prepared import Prepared, brought, columns, partly
from surveys.choices import StatementSide
from surveys.models import Answer, Part, Question, Section, Wave

SECTION = "wave__survey__sections"
QUESTION = f"{SECTION}__questions"
OF_A_WAVE = ("id", "survey_id", "state", "opens_at", "closes_at")
OF_AN_ANSWER = {
    name: name for name in ("id", "value", "visibility", "version", "by_id")
}


class WaveClosed(Refused):
    """The wave does not take answers now."""


class NotYourSide(Refused):
    """The part belongs to a side for which this person does not speak."""


class UnknownField(Refused):
    """The form holds a question that this part does not ask."""


@dataclass(frozen=True)
class Held:
    """A part, locked, with one of its questions and the answer as the lock found it.

    Another save may have ended while the lock was waited for: write the answer only
    where it still has this version, else `hold_answer` and look again.
    """

    part: Part
    question: Question
    answer: Answer


def lock_for_writing(part: Part, by: User, now: datetime) -> Part:
    """The part, locked, if this person may write in it now; refuses otherwise."""
    held = _locked(by.pk).select_related("wave").get(pk=part.pk)
    _check(held, by, now)
    return held


def hold_field(reference: str, code: str, by: User, now: datetime) -> Held:
    """All that saving one field needs, in one query.

    Raises NotYourSide, WaveClosed, and UnknownField for a part or a question that is
    not there.
    """
    part: Any = _ASKED.one(reference=reference, code=code, by=by.pk)
    if part is None:
        raise UnknownField(_("This form has changed. Open the page again."))
    part.wave = brought(part, "wave", Wave)
    _check(part, by, now)
    question: Any = brought(part, QUESTION, Question)
    survey, sides = part.wave.survey_id, [part.side]
    question.section = Section(
        pk=question.section_id, survey_id=survey, code=part.section_code, sides=sides
    )
    if part.kept is None:  # or somebody's first save, while this one waited
        return Held(part, question, hold_answer(part, question))
    answer = partly(Answer, **part.kept)
    answer.part, answer.question = part, question
    return Held(part, question, answer)


def _asked(reference: str, code: str, by: int) -> QuerySet[Part]:
    asked = {
        "reference": reference,
        f"{SECTION}__sides__contains": [F("side")],
        f"{QUESTION}__code": code,
    }
    kept = Answer.objects.filter(part=OuterRef("pk"), question=OuterRef(QUESTION))
    return (
        _locked(by)
        .filter(**asked)
        .annotate(
            section_code=F(f"{SECTION}__code"),
            kept=Subquery(kept.values(row=JSONObject(**OF_AN_ANSWER))),
            **columns("wave", Wave, *OF_A_WAVE),
            **columns(QUESTION, Question),
        )
        .order_by(f"{SECTION}__position", f"{QUESTION}__position", QUESTION)[:1]
    )


_ASKED = Prepared(_asked, reference="\ue000reference", code="\ue000code", by=-(2**40))


def hold_answer(part: Part, question: Question) -> Answer:
    """The answer as it stands, held until the end; a new one that is not saved yet."""
    locked = Answer.objects.select_for_update(of=("self",)).select_related("by")
    answer: Answer | None = locked.filter(part=part, question=question).first()
    if answer is None:
        return Answer(part=part, question=question, value=[], version=0)
    answer.question = question
    return answer


def _locked(by: int) -> QuerySet[Part]:
    """Parts to hold; `speaks` tells whether a seat lets this person write in one."""
    own_side = Q(organisation__seats__side=OuterRef("side"))
    together = Q(Exact(OuterRef("side"), Value(StatementSide.JOINT)))
    seats = Membership.objects.speaking_for(
        OuterRef("locality"), own_side | together, person=by
    )
    locked = Part.objects.select_for_update(of=("self",))
    return locked.annotate(speaks=Exists(seats))


def _check(part: Any, by: User, now: datetime) -> None:
    """By a seat, as nearly everybody writes; else by the whole rule."""
    if not (part.speaks or Part.objects.editable_by(by).filter(pk=part.pk).exists()):
        side = StatementSide(part.side)
        raise NotYourSide(
            _("This part belongs to the other side of your pair (%(side)s).")
            % {"side": side.label}
        )
    if not part.takes_answers(now):
        raise WaveClosed(
            _("Closed on %(day)s. Tell your hub if something is wrong.")
            % {"day": date_format(localtime(part.closes_at), "DATE_FORMAT")}
        )
