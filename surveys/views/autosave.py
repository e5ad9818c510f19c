"""One field saved by itself, for pages with scripts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import whole
from loci.core.texts import clean_text
from surveys.choices import QuestionKind
from surveys.forms import ThreeBoxes, in_one
from surveys.models import Question
from surveys.queries.blocks import Block, fields_of
from surveys.services.answering import AnswerChanged, save_field, with_field
from surveys.services.holding import WaveClosed
from surveys.views.parts import own_part

PARTS = 3  # of a field's name: question, block, field


@login_required
@require_POST
def autosave(request: HttpRequest, reference: str) -> JsonResponse:
    """Save `field` = `value` on top of `version`; answers when, and the new version."""
    name = request.POST.get("field", "").rsplit("-", 2)
    code, index, field = name if len(name) == PARTS else ("", "", "")
    place = int(index) if len(index) == 1 and index.isdecimal() else -1

    def write(question: Question, blocks: list[Block]) -> list[Block]:
        return _written(request.POST, question, blocks, (place, field))

    try:
        answer = save_field(
            reference=reference,
            code=clean_text(code),
            write=write,
            version=whole(request.POST.get("version", "0")),
            by=member(request),
            now=timezone.now(),
        )
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


def _written(
    posted: QueryDict, question: Question, blocks: list[Block], where: tuple[int, str]
) -> list[Block]:
    """The blocks with what was posted in its place."""
    index, field = where
    value: Any = posted.get("value", "")
    if question.kind == QuestionKind.DATE and field[:-1] == "value_":
        field, value = "value", _with_box(blocks, field[-1:], value)
    elif any(
        row.name == field and row.shape == "choices" for row in fields_of(question)
    ):
        value = [one for one in posted.getlist("value") if one]
    return with_field(blocks, index, field, value)


def _with_box(blocks: list[Block], number: str, value: str) -> str:
    """The whole date with one of its three boxes as it is now."""
    boxes = ThreeBoxes().decompress(blocks[0].get("value", "") if blocks else "")
    if number in {"0", "1", "2"}:
        boxes[int(number)] = value
    return in_one(boxes)
