"""The demonstration: enter as anybody, read the mails; only with LOCI_DEMO=1."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from loci.accounts.models import User
from loci.notices.choices import NoticeState
from loci.notices.models import Notice
from loci.pages.queries.demo import demo_groups

LOOPBACK = {"127.0.0.1", "::1", ""}
ENTERED_BY_DEMO = "entered_by_demo"
View = Callable[..., HttpResponse]


def demo_only(view: View) -> View:
    """404 unless the demonstration is on and the visitor sits at this machine."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        near = request.META.get("REMOTE_ADDR", "") in LOOPBACK
        if not settings.LOCI_DEMO or not (near or settings.LOCI_DEMO_FORCE):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@demo_only
def demo(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/demo.html", {"groups": demo_groups()})


@require_POST
@demo_only
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk, is_demo=True, is_active=True)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[ENTERED_BY_DEMO] = True
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_GET
@demo_only
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest mails that the demonstration sent."""
    sent = (
        Notice.objects.filter(state=NoticeState.SENT, recipient__is_demo=True)
        .select_related("recipient")
        .order_by("-sent_at", "-pk")[:50]
    )
    return render(request, "pages/inbox.html", {"notices": sent})
