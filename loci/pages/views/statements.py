"""A side says what became of its own needs and offers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import back_within, refused
from surveys.choices import StatementState
from surveys.models import Statement
from surveys.services.settling import settle_statement


@login_required
@require_POST
def settle(request: HttpRequest, pk: int, state: str) -> HttpResponse:
    """Met, withdrawn or open again, by one button."""
    person = member(request)
    statement = get_object_or_404(
        Statement.objects.visible_to(person).select_related("locality"), pk=pk
    )
    if state not in StatementState.values:
        raise Http404
    page = reverse("pages:locality", args=[statement.locality.slug])
    try:
        settle_statement(
            statement=statement,
            to=StatementState(state),
            by=person,
            now=timezone.now(),
            met_by=request.POST.get("met_by", ""),
        )
    except Refused as refusal:
        return refused(request, refusal, back_to=back_within(request, page))
    messages.success(request, _("Noted. Thank you."))
    return redirect(back_within(request, page))
