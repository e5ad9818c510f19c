"""The chief things that people do, each through its pages, each with fresh people."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from localities.choices import Side
from localities.models import Locality
from loci.accounts.models import User
from loci.cycles.models import Lesson
from loci.cycles.services.lessons import (
    Written,
    agree_to_show,
    publish_lesson,
    write_lesson,
)
from loci.notices.models import Notice
from loci.notices.services.delivery import render
from matchmaking.choices import SuggestionState
from matchmaking.models import IntroductionRequest, Suggestion
from meetings.choices import PlaceState
from meetings.models import Place
from surveys.choices import WaveState
from surveys.models import Answer, Part, Wave
from tests import make


class Visitor(Client):
    """A browser that notes how long each page took."""

    def __init__(self, seconds: list[float]) -> None:
        super().__init__()
        self.seconds = seconds

    def request(self, **facts: Any) -> Any:
        began = time.perf_counter()
        try:
            return super().request(**facts)
        finally:
            self.seconds.append(time.perf_counter() - began)


@dataclass
class Walks:
    """One round of all walks; `seconds` by walk, of each request."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def go(self) -> "Walks":
        now = timezone.now()
        wave = make.wave(
            opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=20)
        )
        own, other = make.locality(), make.locality()
        people = [*make.pair(own), *make.pair(other)]
        facts = {"approved_at": now, "expires_at": now + timedelta(days=20)}
        suggestion = make.suggestion(own, other, wave)
        card = make.approved(other, own, wave, **facts)
        part = make.part(wave, own, Side.GOVERNMENT)
        for walk, given in (
            (self.come_in, (people[0],)),
            (self.answer, (people[0], part)),
            (self.say_yes, (people, card)),
            (self.come_to_a_meeting, (people[1], own)),
            (self.coordinate, (suggestion,)),
            (self.look_around, (people[2],)),
            (self.say_what_is_so, (people[0], own)),
            (self.ask_to_meet, (people[1], make.locality())),
            (self.read_a_card, (people[1], self.a_card_of(other, people[2]))),
            (self.invite_a_colleague, (people[0], own)),
        ):
            walk(*given)
        return self

    @property
    def all_seconds(self) -> list[float]:
        return [one for walk in self.seconds.values() for one in walk]

    def visitor(self, walk: Callable[..., None], person: User | None) -> Visitor:
        visitor = Visitor(self.seconds.setdefault(walk.__name__, []))
        if person is not None:
            visitor.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
            session = visitor.session
            session["entered_by_demo"] = True
            session.save()
        return visitor

    def come_in(self, person: User) -> None:
        """Ask for a code by mail, enter it, see one's own page."""
        visitor = self.visitor(self.come_in, None)
        visitor.post(reverse("account_request_login_code"), {"email": person.email})
        notice = Notice.objects.get(kind="sign_in", recipient=person)
        lines = render(notice)[1].splitlines()
        code = next(line.strip() for line in lines if line.strip().isupper())
        visitor.post(reverse("account_confirm_login_code"), {"code": code})
        assert visitor.get(reverse("pages:home")).status_code == 200

    def answer(self, person: User, part: Part) -> None:
        """Save a field, send the part, ask for a copy."""
        visitor = self.visitor(self.answer, person)
        page = f"/surveys/{part.reference}/"
        posted = {"field": "frank-0-value", "value": "Words", "version": "0"}
        assert visitor.post(f"{page}save/", posted).status_code == 200
        need = {"needs-0-text": "Said", "needs-0-topic": "it.portal"}
        visitor.post(f"{page}page/needs/", need)
        visitor.post(f"{page}send/")
        visitor.post(f"{page}copy/")
        saved = Answer.objects.get(part=part, question__code="frank")
        assert saved.value[0]["value"] == "Words"
        assert Part.objects.get(pk=part.pk).is_sent

    def say_yes(self, people: list[User], card: Suggestion) -> None:
        """Both sides of both pairs agree: they are introduced."""
        for person in people:
            visitor = self.visitor(self.say_yes, person)
            visitor.post(reverse("matchmaking:yes", args=[card.reference]))
        card.refresh_from_db()
        assert card.state == SuggestionState.INTRODUCED

    def come_to_a_meeting(self, person: User, place: Locality) -> None:
        meeting = make.meeting(first_day=timezone.localdate() + timedelta(days=9))
        invitation = make.invitation(meeting, place)
        page = reverse("meetings:answer", args=[meeting.reference, invitation.pk])
        visitor = self.visitor(self.come_to_a_meeting, person)
        visitor.post(page, {"answer": "yes"})
        assert Place.objects.get(invitation=invitation).state == PlaceState.YES

    def coordinate(self, suggestion: Suggestion) -> None:
        """See what is to do, approve a suggestion, open the next wave."""
        visitor = self.visitor(self.coordinate, make.coordinator())
        wave = Wave.objects.create(
            survey=suggestion.round.wave.survey,
            title="Next",
            opens_at=timezone.now(),
            closes_at=timezone.now() + timedelta(days=20),
            state=WaveState.DRAFT,
            gate_override="They overlap on purpose.",
        )
        assert visitor.get("/admin/").status_code == 200
        visitor.post(
            reverse("admin:matchmaking_suggestion_changelist"),
            {"action": "approve", "_selected_action": [suggestion.pk]},
        )
        opening = reverse("admin:surveys_wave_open", args=[wave.pk])
        visitor.post(opening, {"tell": "on", "gate_override": wave.gate_override})
        suggestion.refresh_from_db()
        wave.refresh_from_db()
        assert suggestion.state == SuggestionState.APPROVED
        assert wave.state == WaveState.OPEN

    def look_around(self, person: User) -> None:
        for visitor in (
            self.visitor(self.look_around, None),
            self.visitor(self.look_around, person),
        ):
            for page in ("/", "/localities/", "/meetings/"):
                assert visitor.get(page).status_code == 200

    def say_what_is_so(self, person: User, place: Locality) -> None:
        """A line of one's own profile."""
        visitor = self.visitor(self.say_what_is_so, person)
        page = reverse("localities:fact_add", args=[place.slug, "objective"])
        said = {"text": "Open tenders", "language": "en", "visibility": "public"}
        assert visitor.post(page, said).status_code == HTTPStatus.FOUND
        assert "Open tenders" in shown(visitor, "localities:profile", place.slug)

    def ask_to_meet(self, person: User, place: Locality) -> None:
        """One's own words to the coordinators."""
        visitor = self.visitor(self.ask_to_meet, person)
        visitor.post(
            reverse("matchmaking:ask", args=[place.slug]), {"words": "Your portal"}
        )
        assert IntroductionRequest.objects.filter(by=person, helper=place).exists()

    def read_a_card(self, person: User, card: Lesson) -> None:
        visitor = self.visitor(self.read_a_card, person)
        assert card.title in shown(visitor, "cycles:lessons")
        assert card.problem in shown(visitor, "cycles:lesson", card.reference)

    def invite_a_colleague(self, person: User, place: Locality) -> None:
        visitor = self.visitor(self.invite_a_colleague, person)
        guest = {"email": f"guest-{uuid4()}@example.org", "language": "en"}
        page = reverse("localities:invite", args=[place.slug, "colleague"])
        visitor.post(page, guest)
        assert guest["email"] in shown(visitor, "localities:team", place.slug)

    @staticmethod
    def a_card_of(place: Locality, by: User) -> Lesson:
        """A published practice card; not part of a walk."""
        now = timezone.now()
        card = write_lesson(
            locality=place,
            side=Side.GOVERNMENT,
            written=Written(make.topic(), f"Card of {place}", "Old PDFs", "Began"),
            by=by,
            now=now,
        )
        agree_to_show(lesson=card, by=by, now=now)
        return publish_lesson(lesson=card, by=make.coordinator(), now=now)


def shown(visitor: Visitor, page: str, *arguments: object) -> str:
    answer = visitor.get(reverse(page, args=arguments))
    assert answer.status_code == HTTPStatus.OK
    return str(answer.content.decode())
