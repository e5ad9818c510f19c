"""What doors need to know about the person at the door."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from loci.accounts.models import User


def member(request: HttpRequest) -> User:
    """The signed-in person; for views behind `login_required`."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class PersonLanguageMiddleware:
    """Language: the one chosen on this device, else the person's, else the browser's.

    Pages of signed-in people are never kept by a shared computer's cache.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        known = request.user.is_authenticated
        if isinstance(request.user, User) and "django_language" not in request.COOKIES:
            language = request.user.language
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        if known:
            add_never_cache_headers(response)
        return response
