"""A side keeps its half of the profile."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from localities.choices import Audience, FactKind, MilestoneKind, Phase, Side
from localities.forms import FactForm, MilestoneForm, PhaseForm, form_for
from localities.models import Fact, Seat
from localities.queries.profile import own_half, public_lines
from localities.services.profile import (
    ChangedMeanwhile,
    change_fact,
    change_phase,
    confirm_facts,
    note_milestone,
    remove_fact,
    say_fact,
)
from localities.services.publishing import agree_to_publish, take_agreement_back
from localities.services.still_true import asked_by, stale_of
from localities.views.team import own_seat
from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused, whole

GONE = 410


@login_required
@require_GET
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """Own lines, what is stale, what can be added, whether both sides agree."""
    seat = own_seat(request, slug)
    page = {
        "seat": seat,
        "own": own_half(seat, member(request), timezone.localdate()),
        "kinds": FactKind.said_by_sides(),
        "other_side": Side(seat.side).other.value,
        "public": public_lines(seat),
        "phase_form": PhaseForm(initial={"phase": seat.locality.phase}),
    }
    return render(request, "localities/profile.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    seat = own_seat(request, slug)
    if kind not in FactKind.said_by_sides():
        raise Http404
    initial = {"visibility": Audience.PUBLIC, "language": member(request).language}
    form = form_for(kind)(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            say_fact(
                seat=seat,
                kind=FactKind(kind),
                said=form.said(),
                by=member(request),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            return redirect("localities:profile", slug)
    return _form(request, form, seat, str(FactKind(kind).label))


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    fact = _own_fact(request, pk)
    seat = own_seat(request, fact.locality.slug)
    initial = {
        "text": fact.text,
        "language": fact.language,
        "sources": "\n".join(map(str, fact.sources)),
        "visibility": fact.visibility,
        "version": fact.version,
        "link": fact.link,
        "file_kind": fact.file_kind,
        "megabytes": fact.megabytes,
    }
    form = form_for(fact.kind)(request.POST or None, initial=initial)
    theirs = ""
    if request.method == "POST" and form.is_valid():
        try:
            change_fact(
                fact=fact,
                said=form.said(),
                version=form.cleaned_data["version"] or 0,
                by=member(request),
                now=timezone.now(),
            )
        except ChangedMeanwhile as refusal:
            form.add_error(None, str(refusal))
            fact.refresh_from_db()
            form.data = {**request.POST.dict(), "version": str(fact.version)}
            theirs = fact.text
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            return redirect("localities:profile", fact.locality.slug)
    title = str(FactKind(fact.kind).label)
    return _form(request, form, seat, title, fact=fact, theirs=theirs)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line off the page; pressed twice it is off."""
    rows = Fact.objects.editable_by(member(request)).select_related("locality")
    fact = get_object_or_404(rows, pk=pk)
    page = reverse("localities:profile", args=[fact.locality.slug])
    try:
        remove_fact(fact=fact, by=member(request), now=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, back_to=page)
    messages.success(request, _("The line is off the page; its history stays here."))
    return redirect(page)


@login_required
@require_POST
def still_true(request: HttpRequest, slug: str) -> HttpResponse:
    """One click: these lines, or the one that is named, are still true."""
    seat = own_seat(request, slug)
    facts = Fact.objects.filter(locality=seat.locality, side=seat.side)
    if named := request.POST.get("fact", ""):
        facts = facts.filter(pk=whole(named))
    else:
        facts = stale_of(seat, timezone.localdate())
    _say_confirmed(
        request, confirm_facts(facts=facts, by=member(request), on=timezone.localdate())
    )
    return redirect("localities:profile", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def still_true_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """The mail's link: shows what others may read anyway, and one button."""
    asked = asked_by(token)
    if asked is None:
        return render(request, "localities/still_true_over.html", status=GONE)
    person, seat = asked
    stale = stale_of(seat, timezone.localdate())
    if request.method == "POST":
        count = confirm_facts(facts=stale, by=person, on=timezone.localdate())
        _say_confirmed(request, count)
        return redirect("pages:locality", seat.locality.slug)
    shown = stale.filter(visibility__in=Audience.NETWORK.and_wider).order_by("pk")
    page = {"seat": seat, "facts": shown, "hidden": stale.count() - shown.count()}
    return render(request, "localities/still_true.html", page)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """This side agrees, or takes that back."""
    seat = own_seat(request, slug)
    page = reverse("localities:profile", args=[slug])
    person = member(request)
    try:
        if request.POST.get("take_back"):
            take_agreement_back(seat=seat, by=person, now=timezone.now())
            return redirect(page)
        place = agree_to_publish(seat=seat, by=person, now=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, back_to=page)
    if place.is_listed:
        messages.success(request, _("Your profile is published."))
        return redirect("pages:locality", slug)
    messages.success(request, _("Your side agrees. We have asked the other side."))
    return redirect(page)


@login_required
@require_POST
def phase(request: HttpRequest, slug: str) -> HttpResponse:
    seat = own_seat(request, slug)
    form = PhaseForm(request.POST)
    if form.is_valid():
        change_phase(
            locality=seat.locality,
            phase=Phase(form.cleaned_data["phase"]),
            by=member(request),
            on=timezone.localdate(),
        )
        messages.success(request, _("The phase is changed, also on your timeline."))
    return redirect("localities:profile", slug)


@login_required
@require_http_methods(["GET", "POST"])
def milestone(request: HttpRequest, slug: str) -> HttpResponse:
    seat = own_seat(request, slug)
    form = MilestoneForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            note_milestone(
                seat=seat,
                kind=MilestoneKind(facts["kind"]),
                text=facts["text"],
                on=facts["on"],
                by=member(request),
                link=facts["link"],
            )
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            return redirect("pages:locality", slug)
    return _form(request, form, seat, _("Add to your timeline"))


def _own_fact(request: HttpRequest, pk: int) -> Fact:
    rows = Fact.objects.standing().editable_by(member(request))
    return get_object_or_404(rows.select_related("locality"), pk=pk)


def _form(  # what the page shows
    request: HttpRequest,
    form: FactForm | MilestoneForm,
    seat: Seat,
    title: str,
    *,
    fact: Fact | None = None,
    theirs: str = "",
) -> HttpResponse:
    page = {"form": form, "seat": seat, "title": title, "fact": fact, "theirs": theirs}
    return render(request, "localities/fact.html", page)


def _say_confirmed(request: HttpRequest, count: int) -> None:
    words = ngettext(
        "%(count)d line is confirmed for today.",
        "%(count)d lines are confirmed for today.",
        count,
    )
    messages.success(request, words % {"count": count})
