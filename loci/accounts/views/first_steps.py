"""Three pages after the first sign-in: name, languages, who reads what."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from loci.accounts.choices import NameShownTo
from loci.accounts.forms import LanguagesForm, NameForm, SeenForm
from loci.accounts.http import member
from loci.accounts.services.first_steps import (
    choose_languages,
    choose_who_reads_name,
    say_name,
)

step = require_http_methods(["GET", "POST"])


@login_required
@step
def name(request: HttpRequest) -> HttpResponse:
    person = member(request)
    known = {
        "name": person.name,
        "title": person.title,
        "others": "\n".join(person.also_here),
    }
    form = NameForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        say_name(person=person, **form.cleaned_data)
        return redirect("accounts:languages")
    return render(request, "accounts/name.html", {"form": form, "number": 1})


@login_required
@step
def languages(request: HttpRequest) -> HttpResponse:
    person = member(request)
    known = {"language": person.language, "works_in": person.works_in}
    form = LanguagesForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        choose_languages(person=person, **form.cleaned_data)
        return redirect("accounts:seen")
    return render(request, "accounts/languages.html", {"form": form, "number": 2})


@login_required
@step
def seen(request: HttpRequest) -> HttpResponse:
    person = member(request)
    form = SeenForm(
        request.POST or None, initial={"name_shown_to": person.name_shown_to}
    )
    if request.method == "POST" and form.is_valid():
        choose_who_reads_name(
            person=person,
            shown_to=NameShownTo(form.cleaned_data["name_shown_to"]),
            now=timezone.now(),
        )
        return redirect("pages:home")
    return render(request, "accounts/seen.html", {"form": form, "number": 3})
