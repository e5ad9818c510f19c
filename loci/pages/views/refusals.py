"""What people read when a page cannot be given."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form that was open too long: nothing is lost, go back and send again."""
    return render(request, "403_csrf.html", status=403)
