"""Stop a kind of mail from the mail itself; nobody needs to sign in for that."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from loci.notices.services.stopping import has_stopped, read_token, stop, write_again


@csrf_exempt  # mail programs post here by themselves; the signed address is the proof
@require_http_methods(["GET", "POST"])
def stop_page(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing (scanners open links); posting stops the kind."""
    found = read_token(token)
    if found is None:
        raise Http404
    person, kind = found
    if request.method == "POST" and "again" in request.POST:
        write_again(person=person, kind=kind)
    elif request.method == "POST":
        stop(person=person, kind=kind)
    return render(
        request,
        "notices/stop.html",
        {"kind": kind.label, "has_stopped": has_stopped(person=person, kind=kind)},
    )
