"""Pages of one meeting in the coordinators' place: cancel, talks, review."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from loci.accounts.models import User
from loci.cockpit.base import CockpitAdmin, ReadOnlyAdmin, person_of
from loci.core.errors import Refused
from meetings.models import Clinic, Meeting, Review
from meetings.queries.feedback import feedback_in_words
from meetings.services.after import write_review
from meetings.services.planning import cancel_meeting
from meetings.services.talks import lay_out_talks, start_talks


class CancelForm(forms.Form):
    """Why it does not take place."""

    why = forms.CharField(
        label=_("Why? Everybody invited reads this."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class TalksForm(forms.Form):
    """When there is time for talks, and at how many tables."""

    day = forms.DateField(label=_("day"))
    begins = forms.TimeField(label=_("begins"))
    minutes = forms.IntegerField(
        label=_("minutes each"), min_value=5, max_value=120, initial=15
    )
    count = forms.IntegerField(
        label=_("how many times"), min_value=1, max_value=40, initial=6
    )
    tables = forms.IntegerField(
        label=_("tables"), min_value=1, max_value=300, initial=8
    )


class ReviewForm(forms.ModelForm):
    """Four texts."""

    class Meta:
        model = Review
        fields = ("planned", "happened", "why", "following")


class MeetingPages(CockpitAdmin):
    """What is done to one meeting by a form of its own."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        pages = {
            "cancel": self.cancel_page,
            "talks": self.talks_page,
            "review": self.review_page,
        }
        own = [
            path(f"<int:pk>/{name}/", view(page), name=f"meetings_meeting_{name}")
            for name, page in pages.items()
        ]
        return own + super().get_urls()

    def _meeting(self, request: HttpRequest, pk: int) -> Meeting:
        self.require_view(request)
        found: Meeting = get_object_or_404(self.get_queryset(request), pk=pk)
        return found

    def _page(
        self,
        request: HttpRequest,
        meeting: Meeting,
        title: str,
        form: forms.BaseForm,
        lines: tuple[str, ...] = (),
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": meeting,
            "form": form,
            "lines": lines,
        }
        return TemplateResponse(request, "admin/plain_form.html", context)

    def cancel_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The reason, then mails that take it out of calendars."""
        meeting = self._meeting(request, pk)
        form = CancelForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                cancel_meeting(
                    meeting=meeting,
                    why=form.cleaned_data["why"],
                    by=person_of(request),
                    now=timezone.now(),
                )
            except Refused as refusal:
                form.add_error("why", str(refusal))
            else:
                messages.success(request, gettext("Cancelled; everybody gets a mail."))
                return redirect("admin:meetings_meeting_change", pk)
        return self._page(request, meeting, gettext("Cancel the meeting"), form)

    def talks_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Times and tables; who sits where is computed in the background."""
        meeting = self._meeting(request, pk)
        begin = {"day": meeting.first_day, "begins": meeting.day_begins}
        form = TalksForm(request.POST or None, initial=begin)
        if request.method == "POST" and form.is_valid():
            hours, by = dict(form.cleaned_data), person_of(request)
            tables = hours.pop("tables")
            try:
                lay_out_talks(meeting=meeting, by=by, **hours)
                start_talks(meeting=meeting, tables=tables, by=by)
            except Refused as refusal:
                form.add_error("begins", str(refusal))
            else:
                done = gettext("Tables are given in a moment; the plan is on the page.")
                messages.success(request, done)
                return redirect("meetings:tables", meeting.reference)
        return self._page(request, meeting, gettext("Talks at tables"), form)

    def review_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What people answered so far, and the four texts."""
        meeting = self._meeting(request, pk)
        kept = Review.objects.filter(meeting=meeting).first()
        form = ReviewForm(request.POST or None, instance=kept)
        if request.method == "POST" and form.is_valid():
            try:
                write_review(
                    meeting=meeting,
                    by=person_of(request),
                    now=timezone.now(),
                    **form.cleaned_data,
                )
            except Refused as refusal:
                form.add_error("happened", str(refusal))
            else:
                messages.success(request, gettext("Those who were asked can read it."))
                return redirect("admin:meetings_meeting_change", pk)
        lines = feedback_in_words(meeting)
        return self._page(request, meeting, gettext("Review"), form, lines)


@admin.register(Clinic)
class ClinicAdmin(ReadOnlyAdmin):
    """Cases of the regions, to see which wait for a time."""

    list_display = ("question", "locality", "state", "created_at", "agreed_at")
    list_filter = ("state", "help_wanted")
    list_select_related = ("locality",)
    search_fields = ("question", "locality__name")
    ordering = ("-created_at", "-pk")
    fields = ("question", "locality", "context", "tried", "state", "agreed_at")

    def seen_by(self, rows: QuerySet[Clinic], person: User) -> QuerySet[Clinic]:
        own: Any = Clinic.objects.coordinated_by(person).values("pk")
        return rows.filter(pk__in=own)
