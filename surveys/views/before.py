"""What was said last time: still true, changed, or done and by what."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from surveys.queries.before import MOST, answered_before, said_before
from surveys.queries.completeness import Standing
from surveys.services.carrying import Now, Word, carry_over, give_again
from surveys.views.parts import own_part


@login_required
@require_http_methods(["GET", "POST"])
def before(request: HttpRequest, reference: str) -> HttpResponse:
    part = own_part(request, reference)
    person = member(request)
    rows = list(said_before(part, person)[:MOST])
    if request.method != "POST":
        is_open = part.takes_answers(timezone.now())
        page = {"part": part, "rows": rows, "is_open": is_open}
        plain = answered_before(part, person, Standing(part).unanswered())
        return render(request, "surveys/before.html", {**page, "plain": plain})
    words = [
        Word(row.pk, Now(chosen), request.POST.get(f"by-{row.pk}", ""))
        for row in rows
        if (chosen := request.POST.get(f"now-{row.pk}", "")) in set(Now)
    ]
    codes = request.POST.getlist("again")
    try:
        with transaction.atomic():
            now = timezone.now()
            taken = carry_over(part=part, words=words, by=person, now=now)
            taken += give_again(part=part, codes=codes, by=person, now=now)
    except Refused as refusal:
        return refused(request, refusal, back_to=request.path)
    if taken:
        words_back = ngettext(
            "%(count)d answer is taken over. Read it, change it, send it.",
            "%(count)d answers are taken over. Read them, change them, send them.",
            taken,
        )
        messages.success(request, words_back % {"count": taken})
    return redirect("surveys:start", reference)
