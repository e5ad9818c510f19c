"""The coordinators' place: who may open it, and what it begins with."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from loci.accounts.models import User
from loci.cockpit.base import CockpitAdmin, coordinates_network, kinds_coordinated
from loci.cockpit.queries import cockpit_index

ENTERED_BY_DEMO = "entered_by_demo"


class CockpitSite(AdminSite):
    site_title = _("LOCI coordination")
    site_header = _("LOCI coordination")
    index_title = _("Needs you")
    index_template = "admin/cockpit_index.html"

    def register(
        self, model_or_iterable: Any, admin_class: Any = None, **options: Any
    ) -> None:
        """Take our own pages only: other packages register theirs with every site.

        Roles are memberships here, and how people sign in is their own affair.
        """
        if admin_class is not None and issubclass(admin_class, CockpitAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Coordinators of the network or of a hub, with a second factor."""
        return coordinates(request) and has_second_factor(request)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign-in is the product's own; who lacks a second factor is sent to set one up."""
        if self.has_permission(request):
            return redirect("admin:index")
        if not request.user.is_authenticated:
            return _to("account_login", request)
        if coordinates(request) and isinstance(request.user, User):
            return _to_second_factor(request, request.user)
        return redirect("pages:home")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        whole = coordinates_network(request)
        page = cockpit_index(_person(request), whole_network=whole)
        return super().index(request, {**(extra_context or {}), "cockpit": page})


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("the cockpit opens to people who are signed in")
    return request.user


def _to_second_factor(request: HttpRequest, person: User) -> HttpResponse:
    """To the page that asks for it and leads back here, or where one is set up."""
    if not is_mfa_enabled(person):
        messages.info(
            request,
            gettext(
                "The coordinators' place opens only with a second check. "
                "Add a passkey or set up an app, then come back."
            ),
        )
        return redirect("mfa_index")
    return _to("mfa_reauthenticate", request)


def _to(door: str, request: HttpRequest) -> HttpResponse:
    """Through this door, then to the page that was wanted."""
    wanted = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse(door)}?{urlencode({'next': wanted})}")


def coordinates(request: HttpRequest) -> bool:
    """This person coordinates something now."""
    person = request.user
    if not isinstance(person, User) or not person.is_active:
        return False
    return bool(kinds_coordinated(request))


def has_second_factor(request: HttpRequest) -> bool:
    """Signed in with a second factor in this session.

    In the demonstration alone the entry there counts as one, unless
    LOCI_DEMO_SECOND_FACTOR asks for a real one.
    """
    is_relaxed = settings.LOCI_DEMO and not settings.LOCI_DEMO_SECOND_FACTOR
    if is_relaxed and request.session.get(ENTERED_BY_DEMO):
        return True
    records = get_authentication_records(request, _person(request))
    return any(record.get("method") == "mfa" for record in records)


@receiver(authenticator_added, dispatch_uid="shown when set up")
def note_that_it_was_shown(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    """Who has just set up a second check has shown it: it is not asked for at once again.

    Spare codes come by themselves: having them shows nothing.
    """
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        facts = {"id": authenticator.pk, "type": authenticator.type}
        record_authentication(request, user, "mfa", reauthenticated=True, **facts)
