"""Sessions made from demand, and the rooms and slots that they are placed in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from localities.models import Locality, Topic
from loci.core.models import Stamped
from meetings.choices import PairRole, RunOf, RunState, SessionFormat
from meetings.models.meeting import Meeting
from meetings.models.places import Place
from surveys.models import Statement


class Room(Stamped):
    """A room of a meeting, or a room online."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(_("name"), max_length=80)
    seats = models.PositiveSmallIntegerField(_("seats"), default=30)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "name"],
                name="meetings_room_named_once",
                violation_error_message=_("There is a room of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Slot(Stamped):
    """A time on one day of a meeting, by the host's wall clock."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="slots")
    day = models.DateField(_("day"))
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "day", "begins"], name="meetings_slot_begins_once"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")),
                name="meetings_slot_ends_after_it_begins",
                violation_error_message=_("A slot ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.} {self.begins:%H:%M}"

    @property
    def minutes(self) -> int:
        ends = self.ends.hour * 60 + self.ends.minute
        return ends - self.begins.hour * 60 - self.begins.minute


class Session(Stamped):
    """One session: from whose needs, in what form, where it is placed.

    `why_not` says in a code why it has no place; `blocked_by` names what stands in
    its way. A pinned one stays where it is when the agenda is computed anew.
    """

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="sessions"
    )
    title = models.CharField(_("title"), max_length=160)
    topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic"),
    )
    format = models.CharField(_("form"), max_length=20, choices=SessionFormat.choices)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    room = models.ForeignKey(
        Room,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("room"),
    )
    slot = models.ForeignKey(
        Slot,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("slot"),
    )
    is_pinned = models.BooleanField(_("pinned"), default=False)
    is_dropped = models.BooleanField(_("left out"), default=False)
    led_from_near = models.BooleanField(
        _("led from a near topic"), default=False, editable=False
    )
    why_not = models.CharField(max_length=20, blank=True, editable=False)
    blocked_by = models.JSONField(default=list, blank=True, editable=False)
    notes = models.TextField(_("notes"), blank=True, max_length=8000)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.UniqueConstraint(
                fields=["room", "slot"],
                condition=Q(is_dropped=False),
                name="meetings_session_one_in_a_room_at_a_time",
                violation_error_message=_("Another session is there at that time."),
            ),
            models.CheckConstraint(
                condition=Q(is_pinned=False) | Q(is_dropped=False),
                name="meetings_session_left_out_is_not_pinned",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5), name="meetings_session_takes_time"
            ),
            models.CheckConstraint(
                condition=Q(format__in=SessionFormat.values),
                name="meetings_session_format_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_placed(self) -> bool:
        return self.slot_id is not None and self.room_id is not None


class SessionPair(Stamped):
    """One pair that asked for a session, with its need, or that leads it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="pairs")
    locality = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("locality"),
    )
    role = models.CharField(_("role"), max_length=10, choices=PairRole.choices)
    need = models.ForeignKey(
        Statement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("pair of a session")
        verbose_name_plural = _("pairs of sessions")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "locality", "role"], name="meetings_pair_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=PairRole.values), name="meetings_pair_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.locality}: {self.get_role_display()}"


class SessionWish(Stamped):
    """“I want this one”, of one person who comes or may come."""

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="wishes"
    )
    place = models.ForeignKey(
        Place, on_delete=models.CASCADE, related_name="session_wishes"
    )

    class Meta:
        verbose_name = _("wish for a session")
        verbose_name_plural = _("wishes for sessions")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "place"], name="meetings_wish_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.session}"


class AgendaRun(Stamped):
    """One computing of an agenda or of talks, with what was reached and proven."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="agenda_runs"
    )
    what = models.CharField(
        _("of what"), max_length=10, choices=RunOf.choices, default=RunOf.AGENDA
    )
    state = models.CharField(
        _("state"), max_length=10, choices=RunState.choices, default=RunState.QUEUED
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    result = models.JSONField(null=True, blank=True, editable=False)
    problem = models.CharField(_("problem"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("computing of an agenda")
        verbose_name_plural = _("computings of agendas")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "what"],
                condition=Q(state="queued"),
                name="meetings_run_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RunState.values), name="meetings_run_state_known"
            ),
            models.CheckConstraint(
                condition=Q(what__in=RunOf.values), name="meetings_run_of_what_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.get_state_display()}"
