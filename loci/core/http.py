"""Small answers that every door gives in the same way."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from loci.core.errors import Refused


def refused(request: HttpRequest, refusal: Refused, back_to: str) -> HttpResponse:
    """Say why not, on the page where the person was; nothing was written."""
    messages.warning(request, str(refusal))
    return redirect(back_to)


def back_within(request: HttpRequest, otherwise: str) -> str:
    """The page of our own that a form was sent from; `otherwise` if it was none."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and came_from.path
    return came_from.path if is_ours else otherwise
