"""The guest's side of an invitation: a page that changes nothing until its button."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from localities.choices import InvitationKind
from localities.forms import CodeForm
from localities.models import Invitation
from localities.services.accepting import (
    NotOpen,
    accept_invitation,
    invitation_by_code,
    invitation_by_link,
)
from loci.accounts.models import User
from loci.core.errors import Refused

OPENED_BY_CODE = "invitation_opened_by_code"
GONE, FORBIDDEN = 410, 403


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: read by a GET, used by the button."""
    return _answer(request, invitation_by_link(token))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page for whoever typed the code here, or is signed in as the guest."""
    found = Invitation.objects.select_related(
        "person", "by", "organisation", "locality__region"
    ).filter(pk=pk)
    by_code = request.session.get(OPENED_BY_CODE) == pk
    if not by_code:
        person = request.user if isinstance(request.user, User) else None
        found = found.to(person) if person else found.none()
    invitation = found.first()
    if invitation is None:
        raise Http404
    return _answer(request, invitation)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code of the mail, typed on any device."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = invitation_by_code(**form.said(), now=timezone.now())
        if found is not None:
            request.session[OPENED_BY_CODE] = found.pk
            return redirect("localities:invitation_opened", found.pk)
        form.refuse()
    return render(request, "localities/code.html", {"form": form})


def _answer(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    if invitation is None or not invitation.stands(timezone.now()):
        return _over(request)
    person = request.user if isinstance(request.user, User) else None
    if person is not None and person.pk != invitation.person_id:
        page = {"invitation": invitation}
        return render(request, "localities/not_for_you.html", page, status=FORBIDDEN)
    if request.method == "POST":
        return _accept(request, invitation)
    return render(request, "localities/invitation.html", {"invitation": invitation})


def _accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    person = invitation.person
    try:
        accept_invitation(invitation=invitation, by=person, now=timezone.now())
    except NotOpen:
        return _over(request)
    except Refused as refusal:
        page = {"invitation": invitation, "problem": str(refusal)}
        return render(request, "localities/invitation.html", page, status=409)
    if person.welcomed_at is None:
        onward = reverse("accounts:name")
    else:
        messages.success(request, _("You have your place. This is your workspace."))
        onward = reverse("pages:home")
    if invitation.kind == InvitationKind.SUCCESSOR and invitation.locality:
        onward += f"?from={invitation.locality.slug}"
    if isinstance(request.user, User):
        return redirect(onward)
    return _sign_in(request, person, onward)


def _sign_in(request: HttpRequest, person: User, onward: str) -> HttpResponse:
    """As a code from a mail would, second factor included where the person has one."""
    record_authentication(request, person, method="code", email=person.email)
    login = Login(user=person, redirect_url=onward, email=person.email)
    answer: Any = perform_login(request, login)
    return answer if isinstance(answer, HttpResponse) else redirect(onward)


def _over(request: HttpRequest) -> HttpResponse:
    request.path = reverse("localities:invitation_code")  # the token is not repeated
    return render(request, "localities/invitation_over.html", status=GONE)
