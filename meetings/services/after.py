"""After a meeting: two questions, a review, notes that name nobody."""

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy as _

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.texts import clean_text
from loci.notices.choices import NoticeKind
from meetings.choices import (
    FEEDBACK_AFTER_DAYS,
    MeetingState,
    Occasion,
    OfUse,
    PlaceState,
)
from meetings.models import Feedback, Meeting, Place, Review, Session
from meetings.services.agendas import require_coordinator
from meetings.services.writing import write_to

SHORTEST_NAME = 3


class NotOverYet(Refused):
    """It has not ended."""


class NamesSomebody(Refused):
    """Under the Chatham House rule notes name nobody, and nobody's organisation."""


class NotAsked(Refused):
    """This person was not at the meeting."""


def ask_for_feedback(*, now: datetime) -> int:
    """Ask who was there, for the latest occasion that is due; returns how many."""
    earliest = now - timedelta(days=min(FEEDBACK_AFTER_DAYS.values()))
    due = Place.objects.held().filter(
        state=PlaceState.YES,
        invitation__meeting__state=MeetingState.HELD,
        invitation__meeting__ends_at__lte=earliest,
    )
    pks = due.order_by("pk").values_list("pk", flat=True)
    return sum(_ask(pk, now) for pk in pks)


@transaction.atomic
def _ask(pk: int, now: datetime) -> int:
    rows = Place.objects.select_for_update(of=("self",))
    place = rows.select_related("person", "invitation__meeting").get(pk=pk)
    meeting = place.invitation.meeting
    age = now - meeting.ends_at
    due = [
        name
        for name, days in FEEDBACK_AFTER_DAYS.items()
        if age >= timedelta(days=days)
    ]
    if not due:
        return 0
    occasion = Occasion(due[-1])
    _row, is_new = Feedback.objects.get_or_create(place=place, occasion=occasion)
    if is_new:
        write_to(
            place.person,
            meeting,
            NoticeKind.MEETING_AFTER,
            occasion=occasion.value,
            now=now,
        )
    return int(is_new)


@transaction.atomic
def tell_feedback(
    *, meeting: Meeting, of_use: OfUse, changed: str, by: User, now: datetime
) -> Feedback:
    """Take the two answers; the last word of each occasion counts. Raises NotAsked."""
    own = Place.objects.held().filter(invitation__meeting=meeting, person=by)
    rows = Feedback.objects.select_for_update(of=("self",)).filter(place__in=own)
    feedback = rows.order_by("-created_at", "-pk").first()
    if feedback is None:
        raise NotAsked(_("We ask two weeks after the meeting. Thank you for looking."))
    feedback.of_use, feedback.changed = of_use, clean_text(changed)
    feedback.answered_at = now
    feedback.save()
    return feedback


@transaction.atomic
def write_review(*, meeting: Meeting, by: User, now: datetime, **texts: str) -> Review:
    """The after-action review: planned, happened, why, following.

    Raises MeetingNotYours, NotOverYet, NamesSomebody.
    """
    require_coordinator(meeting, by)
    if now < meeting.ends_at:
        raise NotOverYet(_("It has not ended yet."))
    cleaned = {name: clean_text(text) for name, text in texts.items()}
    for text in cleaned.values():
        require_no_names(meeting, text)
    review, _is_new = Review.objects.update_or_create(
        meeting=meeting, defaults={**cleaned, "by": by, "at": now}
    )
    record(by, "reviewed", meeting)
    return review


@transaction.atomic
def write_notes(*, session: Session, notes: str, by: User) -> Session:
    """Keep what was said in a session. Raises MeetingNotYours, NamesSomebody."""
    require_coordinator(session.meeting, by)
    notes = clean_text(notes)
    require_no_names(session.meeting, notes)
    session.notes = notes
    session.save(update_fields=["notes", "updated_at"])
    record(by, "wrote notes", session)
    return session


def require_no_names(meeting: Meeting, text: str) -> None:
    """Raises NamesSomebody, with the names that were found."""
    if not meeting.is_chatham_house:
        return
    found = sorted(name for name in names_at(meeting) if _pattern(name).search(text))
    if found:
        raise NamesSomebody(
            _("Chatham House rule: leave out who said it or for whom (%(names)s).")
            % {"names": ", ".join(found)}
        )


def names_at(meeting: Meeting) -> set[str]:
    """People, addresses, localities and organisations that were asked to a meeting."""
    places = Place.objects.filter(invitation__meeting=meeting).select_related("person")
    names = {
        text
        for row in places
        for text in (row.person.name, *row.person.also_here, row.person.email)
    }
    for row in meeting.invitations.select_related("locality").prefetch_related(
        "locality__seats__organisation"
    ):
        names.add(row.locality.name)
        names |= {seat.organisation.name for seat in row.locality.seats.all()}
    return {name for name in names if len(name) >= SHORTEST_NAME}


def without_names(meeting: Meeting, text: str) -> str:
    """The text as it leaves the product: who joined later is taken out too."""
    if not meeting.is_chatham_house:
        return text
    for name in sorted(names_at(meeting), key=lambda one: (-len(one), one)):
        text = _pattern(name).sub(gettext("[a participant]"), text)
    return text


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def notes_file(meeting: Meeting) -> str:
    """All notes and the review as plain text; under the rule nobody is named."""
    lines = [meeting.title, ""]
    for session in meeting.sessions.exclude(notes="").order_by("slot", "pk"):
        lines += [session.title, session.notes, ""]
    review = Review.objects.filter(meeting=meeting).first()
    if review is not None:
        for label, text in (
            (gettext("What was planned"), review.planned),
            (gettext("What happened"), review.happened),
            (gettext("Why it came so"), review.why),
            (gettext("What we do next"), review.following),
        ):
            lines += [label, text, ""]
    return without_names(meeting, "\n".join(lines).strip() + "\n")
