"""Small answers that every door gives in the same way."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from loci.core.errors import Refused

UTF_8 = {"utf-8", "utf8", "us-ascii"}
LONGEST_NUMBER = 18  # digits; Python refuses to read some thousands


def refused(request: HttpRequest, refusal: Refused, back_to: str) -> HttpResponse:
    """Say why not, on the page where the person was; nothing was written."""
    messages.warning(request, str(refusal))
    return redirect(back_to)


def back_within(request: HttpRequest, otherwise: str) -> str:
    """The page of our own that a form was sent from; `otherwise` if it was none."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and came_from.path
    return f"/{came_from.path.lstrip('/')}" if is_ours else otherwise  # never //a.host


def whole(typed: str) -> int:
    """The number that was typed; 0, which is no row, for anything else or too long."""
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
    return int(typed) if is_number else 0


class PlainAddressMiddleware:
    """No NUL in what is asked after the question mark: no database keeps or finds one.

    Forms come in UTF-8, as our pages are; another charset is read by nobody (415).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        if "%00" in asked:
            request.META["QUERY_STRING"] = asked.replace("%00", "%20")
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if charset not in UTF_8:
            return HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        return self.get_response(request)
