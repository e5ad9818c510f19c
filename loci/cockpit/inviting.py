"""Coordinators ask people in, and give a seat to another organisation."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from localities.choices import Role, Side
from localities.models import Invitation, Locality, Organisation, Region, Seat
from localities.services.inviting import (
    Guest,
    invite_to_place,
    withdraw_invitation,
)
from localities.services.inviting_again import send_again
from localities.services.seats import give_seat
from loci.accounts.models import User
from loci.cockpit.base import ReadOnlyAdmin, coordinates_network, person_of
from loci.core.errors import Refused


class InviteForm(forms.Form):
    """Who, where, as what."""

    email = forms.EmailField(label=_("e-mail"), max_length=254)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("organisation")
    )
    role = forms.ChoiceField(label=_("role"), choices=Role.choices)
    language = forms.ChoiceField(
        label=_("language of the mail"), choices=settings.LANGUAGES
    )

    def __init__(self, *given: Any, by: User, whole: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        seats = Seat.objects.current().filter(
            locality__region__in=Region.objects.coordinated_by(by)
        )
        every = Q() if whole else Q(pk__in=seats.values("organisation"))
        rows = Organisation.objects.filter(every).order_by("name", "pk")
        self.fields["organisation"] = forms.ModelChoiceField(
            rows, label=_("organisation"), empty_label=_("Not chosen yet")
        )
        if not whole:
            self.fields["role"] = forms.ChoiceField(
                label=_("role"), choices=[(Role.MEMBER, Role.MEMBER.label)]
            )


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who was asked in and has not come yet; links and codes are shown to nobody."""

    list_display = (
        *("person", "goes_to", "role", "by"),
        *("last_mail_at", "expires_at", "accepted_at"),
    )
    list_filter = (
        "kind",
        ("accepted_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("person", "organisation", "by")
    search_fields = ("person__email", "organisation__name", "organisation_name")
    search_help_text = _("Address or organisation")
    ordering = ("-created_at", "-pk")
    fields = (
        "kind",
        "person",
        "goes_to",
        "role",
        "locality",
        "side",
        "by",
        "mails",
        "last_mail_at",
        "expires_at",
        "accepted_at",
        "withdrawn_at",
    )
    readonly_fields = ("goes_to", "mails", "last_mail_at")
    actions = ("send_again", "withdraw")
    change_list_template = "admin/localities/invitation/change_list.html"

    def seen_by(self, rows: QuerySet[Invitation], person: User) -> QuerySet[Invitation]:
        """All for the whole network, those to places of one's regions for a hub."""
        return rows.filter(pk__in=Invitation.objects.editable_by(person).values("pk"))

    @admin.display(description=_("organisation"))
    def goes_to(self, row: Invitation) -> str:
        return row.leads_to

    @admin.action(description=_("Send again: a new mail"), permissions=["view"])
    def send_again(self, request: HttpRequest, rows: QuerySet[Invitation]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: send_again(
                invitation=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d invitation is sent again; its old link is dead.",
                "%(count)d invitations are sent again; their old links are dead.",
                "count",
            ),
        )

    @admin.action(description=_("Withdraw these invitations"), permissions=["view"])
    def withdraw(self, request: HttpRequest, rows: QuerySet[Invitation]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: withdraw_invitation(
                invitation=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d invitation withdrawn.",
                "%(count)d invitations withdrawn.",
                "count",
            ),
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.invite)
        own = path("invite/", view, name="localities_invitation_invite")
        return [own, *super().get_urls()]

    def invite(self, request: HttpRequest) -> HttpResponse:
        """A place for somebody new, by mail."""
        self.require_view(request)
        by = person_of(request)
        form = InviteForm(
            request.POST or None, by=by, whole=coordinates_network(request)
        )
        if request.method == "POST" and form.is_valid():
            facts = form.cleaned_data
            try:
                invite_to_place(
                    organisation=facts["organisation"],
                    role=Role(facts["role"]),
                    guest=Guest(facts["email"], language=facts["language"]),
                    by=by,
                    now=timezone.now(),
                )
            except Refused as refusal:
                form.add_error("email", str(refusal))
            else:
                messages.success(request, gettext("The invitation is on its way."))
                return redirect("admin:localities_invitation_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Invite somebody"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/plain_form.html", context)


class SeatForm(forms.Form):
    """Which side, which organisation, from when."""

    side = forms.ChoiceField(label=_("side"), choices=Side.choices)
    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(kind__in=Side.values).order_by("name", "pk"),
        label=_("organisation"),
        help_text=_(
            "Whoever comes for it reads what this side has written until now, also what "
            "only the side itself may read. The people of the organisation before read "
            "it no more. Ask them first."
        ),
    )
    on = forms.DateField(label=_("since"), initial=timezone.localdate)


def give_seat_page(
    request: HttpRequest, locality: Locality, context: dict[str, Any]
) -> HttpResponse:
    """The page that gives one seat of a locality to another organisation."""
    if not coordinates_network(request):
        raise PermissionDenied
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            give_seat(
                locality=locality,
                side=Side(facts["side"]),
                organisation=facts["organisation"],
                on=facts["on"],
                by=person_of(request),
            )
        except Refused as refusal:
            form.add_error("organisation", str(refusal))
        else:
            messages.success(
                request, gettext("The seat is given; the one before stays in history.")
            )
            return redirect("admin:localities_locality_change", locality.pk)
    page = {
        **context,
        "title": gettext("Give a seat"),
        "form": form,
        "original": locality,
    }
    return TemplateResponse(request, "admin/plain_form.html", page)
