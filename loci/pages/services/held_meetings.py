"""What is held about a person around meetings and clinics."""

from django.utils.translation import gettext_lazy as _

from loci.pages.services.kinds import Kind
from meetings.models import (
    AgendaRun,
    Attempt,
    Clinic,
    ClinicPeer,
    Feed,
    Feedback,
    Place,
    PrivateNote,
    Review,
    SessionWish,
    TalkSeat,
    TalkWish,
)

MEETINGS = (
    Kind(
        "places",
        _("Meetings you were asked to"),
        Place,
        "person",
        ("invitation", "state", "answered_at"),
    ),
    Kind(
        "for_hosts",
        _("What you wrote for hosts of meetings"),
        PrivateNote,
        "place__person",
        ("dietary", "access", "travel"),
    ),
    Kind(
        "session_wishes",
        _("Sessions you wish for"),
        SessionWish,
        "place__person",
        ("session", "created_at"),
    ),
    Kind(
        "talk_wishes",
        _("Whom you would like to talk to"),
        TalkWish,
        "place__person",
        ("created_at",),
    ),
    Kind(
        "tables",
        _("Your tables at meetings"),
        TalkSeat,
        "place__person",
        ("talk",),
    ),
    Kind(
        "feedback",
        _("What you said after meetings"),
        Feedback,
        "place__person",
        ("occasion", "of_use", "changed", "answered_at"),
    ),
    Kind(
        "cases",
        _("Cases you brought to clinics"),
        Clinic,
        "by",
        ("question", "context", "tried", "created_at"),
        stays=True,
    ),
    Kind(
        "clinic_times",
        _("Times you answered for clinics"),
        ClinicPeer,
        "by",
        ("locality", "answered_at"),
        stays=True,
    ),
    Kind(
        "attempts",
        _("What you said you would try"),
        Attempt,
        "by",
        ("text", "until", "did", "words"),
        stays=True,
    ),
    Kind(
        "reviews",
        _("Reviews of meetings you wrote"),
        Review,
        "by",
        ("meeting", "at"),
        stays=True,
    ),
    Kind(
        "agendas",
        _("Agendas you had computed"),
        AgendaRun,
        "started_by",
        ("meeting", "created_at"),
        stays=True,
    ),
    Kind(
        "calendars",
        _("Addresses of your calendar"),
        Feed,
        "person",
        ("region", "created_at", "revoked_at"),
    ),
)
