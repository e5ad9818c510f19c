"""What doors need to know about the person at the door."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from loci.accounts.models import User


def member(request: HttpRequest) -> User:
    """The signed-in person; for views behind `login_required`."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _zone_of(request: HttpRequest) -> ZoneInfo:
    """The person's time zone, else UTC."""
    name = request.user.time_zone if isinstance(request.user, User) else "UTC"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


class PersonLanguageMiddleware:
    """Language: the one chosen on this device, else the person's, else the browser's.

    Times are shown in the person's zone.

    Pages of signed-in people are never kept by a shared computer's cache.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        known, before = request.user.is_authenticated, request.user.pk
        if isinstance(request.user, User) and "django_language" not in request.COOKIES:
            language = request.user.language
        with translation.override(language), timezone.override(_zone_of(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        if known and request.user.pk != before:  # signed out, or somebody else in
            response.headers["Clear-Site-Data"] = '"storage"'  # no text stays
        if known:
            add_never_cache_headers(response)
        return response
