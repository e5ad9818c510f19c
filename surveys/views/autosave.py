"""One field saved by itself, for pages with scripts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import whole
from loci.core.texts import clean_text
from surveys.choices import QuestionKind
from surveys.forms import ThreeBoxes, in_one
from surveys.models import Answer, Part, Question
from surveys.queries.blocks import fields_of
from surveys.queries.completeness import questions_of
from surveys.services.answering import (
    AnswerChanged,
    UnknownField,
    WaveClosed,
    save_field,
)
from surveys.views.parts import own_part

PARTS = 3  # of a field's name: question, block, field


@login_required
@require_POST
def autosave(request: HttpRequest, reference: str) -> JsonResponse:
    """Save `field` = `value` on top of `version`; answers when, and the new version."""
    part = get_object_or_404(Part.objects.select_related("wave"), reference=reference)
    try:
        answer = _save(request, part)
    except Refused as refusal:
        own_part(request, reference)  # strangers learn nothing, not even why not
        return _refused(refusal)
    clock = timezone.localtime(answer.updated_at).strftime("%H:%M")
    return JsonResponse({"saved_at": clock, "version": answer.version})


def _refused(refusal: Refused) -> JsonResponse:
    if isinstance(refusal, AnswerChanged):
        words = f"{refusal} {_('Press “Save and continue” to see both.')}"
        told = {"message": words, "version": refusal.answer.version}
        return JsonResponse(told, status=409)
    status = 423 if isinstance(refusal, WaveClosed) else 400
    return JsonResponse({"message": str(refusal)}, status=status)


def _save(request: HttpRequest, part: Part) -> Answer:
    name = request.POST.get("field", "").rsplit("-", 2)
    code, index, field = name if len(name) == PARTS else ("", "", "")
    question = questions_of(part).filter(code=clean_text(code)).first()
    if question is None or not (len(index) == 1 and index.isdecimal()):
        raise UnknownField(_("This form has changed. Open the page again."))
    value = _value(request, question, field)
    if question.kind == QuestionKind.DATE and field[:-1] == "value_":
        field, value = "value", _with_box(request, part, question, field)
    return save_field(
        part=part,
        question=question,
        index=int(index),
        field=field,
        value=value,
        version=whole(request.POST.get("version", "0")),
        by=member(request),
        now=timezone.now(),
    )


def _with_box(request: HttpRequest, part: Part, question: Question, field: str) -> str:
    """The whole date with one of its three boxes as it is now."""
    kept = Answer.objects.filter(part=part, question=question).first()
    value = kept.value[0].get("value", "") if kept and kept.value else ""
    boxes = ThreeBoxes().decompress(value)
    number = field[-1:]
    if number in {"0", "1", "2"}:
        boxes[int(number)] = request.POST.get("value", "")
    return in_one(boxes)


def _value(request: HttpRequest, question: Question, field: str) -> Any:
    shapes = {row.name: row.shape for row in fields_of(question)}
    if shapes.get(field) == "choices":
        return [value for value in request.POST.getlist("value") if value]
    return request.POST.get("value", "")
