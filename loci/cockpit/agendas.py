"""The board of a meeting's agenda: proposed, placed, moved, pinned, shown."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, gettext_lazy as _

from loci.accounts.models import User
from loci.cockpit.base import CockpitAdmin, person_of
from loci.core.errors import Refused
from loci.core.http import whole
from meetings.models import Meeting, Session
from meetings.queries.agenda import board_of
from meetings.services.after import write_notes
from meetings.services.agendas import propose_sessions, start_agenda
from meetings.services.arranging import (
    change_session,
    drop_session,
    move_session,
    pin_session,
    place_session,
    show_agenda,
    unpin_session,
)
from meetings.services.slots import lay_out, require_length

Deed = Callable[[Session, User], object]
DEEDS: dict[str, Deed] = {
    "earlier": lambda row, by: move_session(session=row, later=False, by=by),
    "later": lambda row, by: move_session(session=row, later=True, by=by),
    "pin": lambda row, by: pin_session(session=row, by=by),
    "unpin": lambda row, by: unpin_session(session=row, by=by),
    "drop": lambda row, by: drop_session(session=row, by=by),
}


class PlaceForm(forms.ModelForm):
    """Title, form and length of a session; a slot and a room to put it in."""

    class Meta:
        model = Session
        fields = ("title", "format", "minutes", "slot", "room")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for name in ("slot", "room"):
            if name in self.fields:
                rows = getattr(self.instance.meeting, f"{name}s").order_by("pk")
                self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("slot")) != bool(cleaned.get("room")):
            self.add_error("room", _("Choose both a slot and a room, or neither."))
        if cleaned.get("minutes"):
            self.instance.minutes = cleaned["minutes"]
            try:
                require_length(self.instance)
            except Refused as refusal:
                self.add_error("minutes", str(refusal))
        return cleaned

    def validate_constraints(self) -> None:
        """Two sessions trade places by the service; no constraint is in the way."""


class NotesForm(forms.Form):
    """Notes of a session."""

    notes = forms.CharField(
        label=_("notes"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 16}),
    )


@admin.register(Session)
class SessionAdmin(CockpitAdmin):
    list_display = ("title", "meeting", "format", "slot", "room", "is_pinned")
    list_filter = (
        ("meeting", admin.RelatedOnlyFieldListFilter),
        "format",
        "is_pinned",
        "is_dropped",
    )
    list_select_related = ("meeting", "slot", "room")
    search_fields = ("title", "topic__name")
    ordering = ("meeting", "slot__day", "slot__begins", "pk")
    form = PlaceForm
    fields = ("title", "format", "minutes", "slot", "room")
    hubs_change = True

    def seen_by(self, rows: QuerySet[Session], person: User) -> QuerySet[Session]:
        own = Meeting.objects.coordinated_by(person).values("pk")
        return rows.filter(meeting__in=own)

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        by, kept = person_of(request), Session.objects.get(pk=obj.pk)
        slot, room = obj.slot, obj.room
        moves = (slot, room) != (kept.slot, kept.room) and slot and room
        obj.slot, obj.room = kept.slot, kept.room
        change_session(session=obj, by=by)
        if moves:
            try:
                place_session(session=obj, slot=slot, room=room, by=by)
            except Refused as refusal:
                self.message_user(request, str(refusal), messages.WARNING)

    def response_post_save_change(
        self, request: HttpRequest, obj: Any
    ) -> HttpResponseRedirect:
        return redirect("admin:meetings_agenda", obj.meeting_id)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("of/<int:pk>/", view(self.board), name="meetings_agenda"),
            path("<int:pk>/notes/", view(self.notes), name="meetings_session_notes"),
            path("of/<int:pk>/do/", view(self.do), name="meetings_agenda_do"),
            *super().get_urls(),
        ]

    def notes(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was said; under the Chatham House rule nobody is named."""
        self.require_view(request)
        rows = self.get_queryset(request).select_related("meeting")
        session: Session = get_object_or_404(rows, pk=pk)
        form = NotesForm(request.POST or None, initial={"notes": session.notes})
        if request.method == "POST" and form.is_valid():
            notes = form.cleaned_data["notes"]
            try:
                write_notes(session=session, notes=notes, by=person_of(request))
            except Refused as refusal:
                form.add_error("notes", str(refusal))
            else:
                return redirect("admin:meetings_agenda", session.meeting_id)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Notes"),
            "opts": self.opts,
            "original": session,
            "form": form,
        }
        return TemplateResponse(request, "admin/plain_form.html", context)

    def _meeting(self, request: HttpRequest, pk: int) -> Meeting:
        self.require_view(request)
        own = Meeting.objects.coordinated_by(person_of(request))
        return get_object_or_404(own.select_related("region"), pk=pk)

    def board(self, request: HttpRequest, pk: int) -> HttpResponse:
        meeting = self._meeting(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Agenda"),
            "opts": Meeting._meta,
            "original": meeting,
            "board": board_of(meeting),
        }
        page = "admin/meetings/session/board.html"
        return TemplateResponse(request, page, context)

    def do(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One deed on the agenda, or on one of its sessions."""
        meeting = self._meeting(request, pk)
        page = reverse("admin:meetings_agenda", args=[pk])
        if request.method == "POST":
            try:
                done = self._do(request, meeting)
            except Refused as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
            else:
                self.message_user(request, done, messages.SUCCESS)
        return redirect(page)

    def _do(self, request: HttpRequest, meeting: Meeting) -> str:
        by, deed = person_of(request), request.POST.get("deed", "")
        if deed == "propose":
            lay_out(meeting=meeting, by=by)
            count = propose_sessions(meeting=meeting, by=by)
            start_agenda(meeting=meeting, by=by)
            return gettext(
                "%(count)d sessions; they get their places in a moment: reload then."
            ) % {"count": count}
        if deed == "solve":
            start_agenda(meeting=meeting, by=by)
            return gettext("Computed in a moment: reload then.")
        if deed in {"show", "hide"}:
            show_agenda(meeting=meeting, is_shown=deed == "show", by=by)
            return gettext("Done.")
        number = whole(request.POST.get("session", ""))
        row = get_object_or_404(meeting.sessions, pk=number)
        if deed in DEEDS:
            DEEDS[deed](row, by)
        return gettext("Done.")
