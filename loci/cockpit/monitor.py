"""The wave monitor: pages and deeds of the coordinators; each deed shows first whom it touches."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from localities.models import Region
from loci.cockpit.base import CockpitAdmin, person_of
from loci.cockpit.call_list import calls
from loci.cockpit.monitor_rows import (
    A_PAGE,
    only_missing,
    places_of,
    rows_of,
    touched,
    without_anybody,
)
from loci.core.errors import Refused
from loci.core.http import whole
from loci.core.tables import csv_of
from surveys.choices import StatementSide
from surveys.models import Wave
from surveys.services.reminding import remind_by_hand
from surveys.services.waves import extend

MONITOR = "admin:surveys_wave_monitor"
LAST_DAY = date(2999, 12, 31)


class MoreTimeForm(forms.Form):
    """Until when, and why: the pair reads both."""

    until = forms.DateField(
        label=gettext_lazy("More time until the end of"),
        widget=AdminDateWidget,
        validators=[MaxValueValidator(LAST_DAY)],
    )
    why = forms.CharField(label=gettext_lazy("Why"), max_length=300)

    def moment(self) -> datetime:
        """The end of the chosen day, in the coordinator's zone."""
        day = self.cleaned_data["until"] + timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, time()))


class WithMonitor(CockpitAdmin):
    """An admin of waves that shows how far each pair is, and acts on chosen pairs."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/monitor/", view(self.monitor), name="surveys_wave_monitor"),
            path("<int:pk>/remind/", view(self.remind), name="surveys_wave_remind"),
            path("<int:pk>/extend/", view(self.extend), name="surveys_wave_extend"),
            path("<int:pk>/calls/", view(self.calls), name="surveys_wave_calls"),
            path(
                "<int:pk>/calls.csv",
                view(self.calls_csv),
                name="surveys_wave_calls_csv",
            ),
        ]
        return own + super().get_urls()

    def _wave(self, request: HttpRequest, pk: int) -> Wave:
        self.require_view(request)
        found: Wave = get_object_or_404(self.get_queryset(request), pk=pk)
        return found

    def _context(self, request: HttpRequest, wave: Wave, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": wave,
            "wave": wave,
        }

    def monitor(self, request: HttpRequest, pk: int) -> HttpResponse:
        wave = self._wave(request, pk)
        places = places_of(wave, person_of(request))
        region = request.GET.get("region", "")
        if region:
            places = places.filter(region__code=region)
        if request.GET.get("missing"):
            places = only_missing(places, wave)
        page = Paginator(places.select_related("region"), A_PAGE).get_page(
            request.GET.get("page")
        )
        regions = Region.objects.coordinated_by(person_of(request))
        context = self._context(request, wave, _("Wave monitor")) | {
            "rows": rows_of(wave, page.object_list, timezone.now()),
            "sides": [side.label for side in StatementSide],
            "page": page,
            "regions": regions.order_by("name"),
            "region": region,
            "missing": bool(request.GET.get("missing")),
            "may_open": self.has_change_permission(request, wave),
        }
        return TemplateResponse(request, "admin/surveys/wave/monitor.html", context)

    def _chosen(self, request: HttpRequest, wave: Wave) -> list[int]:
        """The posted localities, as far as they are this coordinator's."""
        posted = [whole(key) for key in request.POST.getlist("place")]
        own = places_of(wave, person_of(request)).filter(pk__in=posted)
        return list(own.values_list("pk", flat=True))

    def remind(self, request: HttpRequest, pk: int) -> HttpResponse:
        """First who would get a mail and who not and why; then, confirmed, the mails."""
        wave = self._wave(request, pk)
        chosen = self._chosen(request, wave)
        if not chosen:
            return self._nothing_chosen(request, wave)
        now = timezone.now()
        if "confirmed" in request.POST:
            by = person_of(request)
            count = remind_by_hand(wave=wave, localities=chosen, by=by, now=now)
            words = ngettext(
                "%(count)d person is reminded.", "%(count)d people are reminded.", count
            )
            messages.success(request, words % {"count": count})
            return redirect(MONITOR, pk)
        people = touched(wave, chosen, now)
        context = self._context(request, wave, _("Remind")) | {
            "chosen": chosen,
            "reached": [row for row in people if not row.why_not],
            "left_out": [row for row in people if row.why_not],
            "nobody": without_anybody(wave, chosen, people),
        }
        return TemplateResponse(request, "admin/surveys/wave/remind.html", context)

    def extend(self, request: HttpRequest, pk: int) -> HttpResponse:
        """More time for chosen pairs, with a reason."""
        wave = self._wave(request, pk)
        chosen = self._chosen(request, wave)
        if not chosen:
            return self._nothing_chosen(request, wave)
        form = MoreTimeForm(request.POST if "confirmed" in request.POST else None)
        places = list(places_of(wave, person_of(request)).filter(pk__in=chosen))
        if form.is_bound and form.is_valid():
            try:
                for place in places:
                    extend(
                        wave=wave,
                        locality=place,
                        until=form.moment(),
                        why=form.cleaned_data["why"],
                        by=person_of(request),
                        now=timezone.now(),
                    )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("They have more time."))
                return redirect(MONITOR, pk)
        context = self._context(request, wave, _("Give more time")) | {
            "form": form,
            "chosen": chosen,
            "places": places,
        }
        return TemplateResponse(request, "admin/surveys/wave/extend.html", context)

    def _nothing_chosen(self, request: HttpRequest, wave: Wave) -> HttpResponse:
        if request.method == "POST":
            messages.warning(request, _("Choose at least one pair."))
        return redirect(MONITOR, wave.pk)

    def calls(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Whom to call, each with a message to copy."""
        wave = self._wave(request, pk)
        places = only_missing(places_of(wave, person_of(request)), wave)
        context = self._context(request, wave, _("Call list")) | {
            "calls": calls(wave, places, timezone.now()),
            "csv": reverse("admin:surveys_wave_calls_csv", args=[pk]),
        }
        return TemplateResponse(request, "admin/surveys/wave/calls.html", context)

    def calls_csv(self, request: HttpRequest, pk: int) -> HttpResponse:
        wave = self._wave(request, pk)
        places = only_missing(places_of(wave, person_of(request)), wave)
        heading = (
            *(_("Locality"), _("Name"), _("E-mail")),
            *(_("Parts"), _("Why"), _("Message")),
        )
        rows = (
            tuple(
                str(words)
                for words in (
                    *(call.locality.name, call.name, call.email),
                    *(call.parts, call.why, call.message),
                )
            )
            for call in calls(wave, places, timezone.now())
        )
        return HttpResponse(
            csv_of(heading, rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="call-list.csv"'},
        )
