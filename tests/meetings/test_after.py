"""After a meeting: questions, a review, notes that name nobody."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loci.notices.models import Notice
from meetings.choices import Answer, MeetingState, OfUse
from meetings.models import Feedback, Meeting, Review, Session
from meetings.queries.feedback import feedback_in_words
from meetings.services.after import (
    NamesSomebody,
    NotAsked,
    NotOverYet,
    ask_for_feedback,
    notes_file,
    tell_feedback,
    write_notes,
    write_review,
)
from meetings.services.coming import answer_invitation
from meetings.services.planning import MeetingNotYours
from tests import make

pytestmark = pytest.mark.django_db
TEXTS = {
    "planned": "Twelve talks",
    "happened": "Nine talks",
    "why": "Two flights were late",
    "following": "Begin at ten",
}


class Held:
    """A meeting that was held, with people who were there."""

    def __init__(self, people: int = 1) -> None:
        self.coordinator = make.coordinator()
        self.meeting = make.meeting()
        self.localities = [make.locality(f"Placename {at}") for at in range(people)]
        self.people = [make.pair(place)[0] for place in self.localities]
        for person, place in zip(self.people, self.localities, strict=True):
            answer_invitation(
                invitation=make.invitation(self.meeting, place),
                answer=Answer.YES,
                by=person,
                now=make.NOW,
            )
        Meeting.objects.update(state=MeetingState.HELD)
        self.meeting.refresh_from_db()
        self.over = self.meeting.ends_at + timedelta(hours=1)

    def after(self, days: int):
        return self.meeting.ends_at + timedelta(days=days)


def test_two_questions_come_after_two_weeks_three_and_nine_months():
    held = Held()

    asked = [
        ask_for_feedback(now=held.after(days)) for days in (13, 14, 15, 91, 274, 400)
    ]

    assert asked == [0, 1, 0, 1, 1, 0]
    assert Notice.objects.filter(kind="meeting_after").count() == 3


def test_after_a_pause_only_the_latest_occasion_is_asked():
    held = Held()

    ask_for_feedback(now=held.after(300))

    assert [row.occasion for row in Feedback.objects.all()] == ["nine_months"]


def test_answers_are_taken_and_counted_without_names(signed_in):
    held = Held(people=3)
    ask_for_feedback(now=held.after(14))
    url = reverse("meetings:after", args=[held.meeting.reference])

    for person in held.people[:2]:
        signed_in(person).post(url, {"of_use": "yes", "changed": "A first file"})
    few = feedback_in_words(held.meeting)
    tell_feedback(
        meeting=held.meeting,
        of_use=OfUse.NO,
        changed="Nothing yet",
        by=held.people[2],
        now=held.after(15),
    )

    assert few == ("after two weeks: hidden (fewer than 3 localities)",)
    assert feedback_in_words(held.meeting) == (
        "after two weeks: Yes, we use it: 2, Somewhat: 0, No: 1",
    )


def test_nobody_answers_before_being_asked():
    held = Held()

    with pytest.raises(NotAsked):
        tell_feedback(
            meeting=held.meeting,
            of_use=OfUse.YES,
            changed="",
            by=held.people[0],
            now=held.over,
        )


def test_a_review_is_written_once_it_is_over_and_read_by_who_was_asked(signed_in):
    held = Held()

    with pytest.raises(NotOverYet):
        write_review(meeting=held.meeting, by=held.coordinator, now=make.NOW, **TEXTS)
    with pytest.raises(MeetingNotYours):
        write_review(
            meeting=held.meeting,
            by=make.hub_coordinator("cee"),
            now=held.over,
            **TEXTS,
        )
    for _press in range(2):
        write_review(meeting=held.meeting, by=held.coordinator, now=held.over, **TEXTS)

    url = held.meeting.get_absolute_url()
    assert Review.objects.count() == 1
    assert (
        "Two flights were late" in signed_in(held.people[0]).get(url).content.decode()
    )
    stranger = make.pair(make.locality())[0]
    for who in (stranger, None):
        page = signed_in(who).get(url).content.decode()
        assert "Two flights were late" not in page


@pytest.mark.parametrize(
    "says",
    ["{person} said so", "in {place} they failed", "ask {mail}", "{firm}: no money"],
)
def test_under_the_chatham_house_rule_notes_name_nobody(says):
    held = Held()
    person, place = held.people[0], held.localities[0]
    session = Session.objects.create(meeting=held.meeting, title="S", format="demo")
    words = says.format(
        person=person.name.upper(),
        place=place.name,
        mail=person.email,
        firm=place.seats.order_by("pk")[0].organisation.name,
    )

    with pytest.raises(NamesSomebody, match="Chatham House"):
        write_notes(session=session, notes=words, by=held.coordinator)
    with pytest.raises(NamesSomebody):
        write_review(
            meeting=held.meeting,
            by=held.coordinator,
            now=held.over,
            **(TEXTS | {"why": words}),
        )

    session.refresh_from_db()
    assert session.notes == ""


def test_who_joined_later_is_taken_out_of_every_export(signed_in):
    held = Held()
    session = Session.objects.create(meeting=held.meeting, title="S", format="demo")
    write_notes(
        session=session,
        notes="Canary City and CANARY PERSON found a way; canary@example.org wrote.",
        by=held.coordinator,
    )
    later = make.locality("Canary City")
    person = make.pair(later)[0]
    person.name, person.email = "Canary Person", "canary@example.org"
    person.save()
    answered = make.invitation(held.meeting, later)
    answered.places.create(
        person=person, side="government", state="yes", answered_at=make.NOW
    )
    url = reverse("meetings:notes", args=[held.meeting.reference])

    text = signed_in(held.people[0]).get(url).content.decode()

    assert text == notes_file(held.meeting)
    assert "found a way" in text
    assert "canary" not in text.lower()
    Meeting.objects.update(is_chatham_house=False)
    assert "Canary City" in notes_file(Meeting.objects.get())
    assert signed_in(make.pair(make.locality())[0]).get(url).status_code == 404
