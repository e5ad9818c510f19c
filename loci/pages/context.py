"""What the page shell needs on every page."""

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from loci.accounts.models import User


@dataclass(frozen=True)
class NavigationItem:
    label: str
    url: str
    is_current: bool


def page_shell(request: HttpRequest) -> dict[str, Any]:
    """Who is here, where one can go, whether this is the demonstration."""
    person = request.user if isinstance(getattr(request, "user", None), User) else None
    return {
        "demo": settings.LOCI_DEMO,
        "person": person,
        "nav": _navigation(request.path, is_known=person is not None),
        "help_contact": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    }


def _navigation(path: str, *, is_known: bool) -> list[NavigationItem]:
    places = [
        (_("Localities"), reverse("pages:localities")),
        (_("Meetings"), reverse("meetings:list")),
        (_("You said, we did"), reverse("pages:you_said_we_did")),
    ]
    if is_known:
        places.insert(0, (_("Home"), reverse("pages:home")))
    return [NavigationItem(label, url, path == url) for label, url in places]
