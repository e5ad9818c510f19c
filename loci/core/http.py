"""Small answers that every door gives in the same way."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from loci.core.errors import Refused


def refused(request: HttpRequest, refusal: Refused, back_to: str) -> HttpResponse:
    """Say why not, on the page where the person was; nothing was written."""
    messages.warning(request, str(refusal))
    return redirect(back_to)
