"""Private words of every kind around one pair, and who reads each on some page.

Who may read a word and finds it on no page is left out of its readers.
"""

import io
import zipfile
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from localities.choices import Audience, FactKind, Side
from localities.models import Fact, FactVersion, Milestone, Seat
from localities.services.profile import Said, say_fact
from loci.accounts.services.audit import record
from loci.cycles.models import ReportSection
from matchmaking.models import CheckIn, IntroductionNote, Reply
from meetings.models import Feedback, PrivateNote
from surveys.choices import Visibility
from tests import make
from tests.personas import ANONYMOUS, PERSONAS, World

OWN, OTHER_SIDE, HELPER, OTHER = (
    "government side",
    "civil society side",
    "helper pair",
    "other pair",
)
HUB, NETWORK = "own hub", "network coordinator"
EVERYBODY = frozenset(PERSONAS)
PLACED = EVERYBODY - {ANONYMOUS, "without a place"}
SIDE = frozenset({OWN, NETWORK})
COORDINATORS = frozenset({HUB, NETWORK})
PAIR = frozenset({OWN, OTHER_SIDE, HUB, NETWORK})
SIDES = frozenset({OWN, OTHER_SIDE})
BOTH_PAIRS = PAIR | {HELPER}
TWO_PAIRS = frozenset({OWN, OTHER_SIDE, HELPER})
STATEMENTS = {
    Visibility.SIDE: SIDE,
    Visibility.COORDINATORS: SIDE | {HUB},
    Visibility.PAIR: PAIR,
    Visibility.NETWORK: PLACED,
    Visibility.PUBLIC: EVERYBODY,
}
LINES = {
    Audience.SIDE: SIDE,
    Audience.PAIR: PAIR,
    Audience.NETWORK: PLACED,
    Audience.PUBLIC: EVERYBODY,
}


def plant(world: World, tag: str = "") -> "Planter":
    """Put words with marks into the rows of this world."""
    planter = Planter(world, tag)
    planter.said()
    planter.profile()
    planter.introduced()
    planter.met()
    planter.loop()
    return planter


def words_of(page: Any) -> str:
    """All that an answer holds as text; of a workbook every file in it."""
    body = b"".join(page.streaming_content) if page.streaming else page.content
    if body.startswith(b"PK"):
        book = zipfile.ZipFile(io.BytesIO(body))
        body = b"".join(book.read(name) for name in book.namelist())
    return body.decode(errors="replace") + str(page.headers)


class Planter:
    """Writes marked words row by row, and keeps who may read them."""

    def __init__(self, world: World, tag: str) -> None:
        self.world, self.tag, self.now = world, tag, timezone.now()
        self.by = world.membership.person
        self.readers: dict[str, frozenset[str]] = {}

    def mark(self, what: str, readers: frozenset[str]) -> str:
        words = f"CANARY-{self.tag}{what}."
        self.readers[words] = readers
        return words

    def said(self) -> None:
        """Needs by visibility, what was tried and on what terms; a draft; a talk."""
        for visibility, readers in STATEMENTS.items():
            make.statement(
                self.world.seeker,
                self.world.wave,
                visibility=visibility,
                by=self.by,
                text=self.mark(f"need-{visibility}", readers),
                tried=self.mark(f"tried-{visibility}", readers & SIDES),
            )
        self.readers[f"CANARY {self.tag}draft of the government"] = frozenset({OWN})
        self.readers[f"CANARY {self.tag}confided"] = SIDE
        self.readers[f"CANARY {self.tag}of a conversation"] = COORDINATORS
        self.readers[f"CANARY {self.tag}head of procurement"] = COORDINATORS

    def profile(self) -> None:
        """Lines by audience, an older version of one, events, a note to a guest."""
        seat = Seat.objects.get(locality=self.world.seeker, side=Side.GOVERNMENT)
        line = ""
        for audience, readers in LINES.items():
            line = self.mark(f"line-{audience}", readers)
            say_fact(
                seat=seat,
                kind=FactKind.OBJECTIVE,
                said=Said(line, audience),
                by=self.by,
                now=self.now,
            )
            if audience != Audience.SIDE:
                Milestone.objects.create(
                    locality=self.world.seeker,
                    kind="change_made",
                    on=self.now.date(),
                    text=self.mark(f"event-{audience}", readers),
                    visibility=audience,
                    by=self.by,
                )
        fact = Fact.objects.get(text=line)
        narrow = FactVersion.objects.get(fact=fact)
        narrow.pk, narrow.version, narrow.visibility = None, 0, Audience.SIDE
        narrow.text = self.mark("line-once-narrow", frozenset({OWN}))
        narrow.at = self.now - timedelta(days=40)
        narrow.save()
        Fact.objects.filter(pk=fact.pk).update(version=2)
        self.readers[f"CANARY {self.tag}fact of the government"] = SIDE
        self.readers[f"CANARY {self.tag}note to a guest"] = frozenset({OWN})

    def introduced(self) -> None:
        """A reply with its reason, notes of an introduction, how it went, a veto."""
        card = self.world.suggestion
        card.coordinator_note = self.mark("note-on-a-card", BOTH_PAIRS)
        card.save()
        Reply.objects.create(
            suggestion=card,
            locality=self.world.helper,
            answer="not_for_us",
            reason="other",
            words=self.mark("why-not", COORDINATORS | {HELPER}),
            side=Side.GOVERNMENT,
            at=self.now,
        )
        met = make.suggestion(
            self.world.helper,
            self.world.seeker,
            self.world.wave,
            state="introduced",
            approved_at=self.now,
            introduced_at=self.now,
        )
        self.introduction = met
        IntroductionNote.objects.create(
            suggestion=met,
            locality=self.world.seeker,
            by=self.by,
            text=self.mark("note-of-two", TWO_PAIRS),
            at=self.now,
        )
        CheckIn.objects.create(
            suggestion=met,
            locality=self.world.seeker,
            occasion="two_weeks",
            outcome=6,
            evidence=self.mark("how-it-went", COORDINATORS | {OWN}),
            by=self.by,
            answered_at=self.now,
        )
        self.readers[f"CANARY {self.tag}of coordinators"] = COORDINATORS
        self.readers[f"CANARY {self.tag}request of the government"] = SIDE | {HUB}
        self.readers[f"CANARY {self.tag}doubt of the government"] = SIDE | {HUB}

    def met(self) -> None:
        """A way into a meeting, what the host alone reads, feedback, a case."""
        meeting, place = self.world.meeting, self.world.place
        meeting.join_link = "https://room.example/" + self.mark("way-in", COORDINATORS)
        meeting.save()
        PrivateNote.objects.create(
            place=place, dietary=self.mark("food", frozenset({OWN}))
        )
        Feedback.objects.create(
            place=place,
            occasion="two_weeks",
            of_use="yes",
            changed=self.mark("feedback", frozenset({OWN})),
            answered_at=self.now,
        )
        clinic = self.world.clinic
        clinic.question = self.mark("case", BOTH_PAIRS)
        clinic.tried = self.mark("case-tried", BOTH_PAIRS)
        clinic.save()
        attempt = self.world.attempt
        attempt.text = self.mark("attempt", frozenset({OWN}))
        attempt.save()

    def loop(self) -> None:
        """Papers that are not published, remarks on them, a card being written."""
        reader = frozenset({"reader", NETWORK})
        reading = self.world.reading
        reading.words = self.mark("remark", reader)
        reading.save()
        ReportSection.objects.filter(pk=reading.section_id).update(
            text=self.mark("section", reader)
        )
        record(self.by, "did", self.world.seeker, self.mark("deed", SIDE))
        self.readers[f"CANARY {self.tag}plan being written"] = COORDINATORS
        for what in ("card", "problem", "deed"):
            self.readers[f"CANARY {self.tag}{what}"] = SIDE | {HUB}

    def read_by(self, who: str) -> set[str]:
        return {words for words, readers in self.readers.items() if who in readers}

    def seen_in(self, text: str) -> set[str]:
        return {words for words in self.readers if words in text}

    def more_addresses(self) -> list[str]:
        """What has no row of its own in the matrix: the introduction's pages."""
        return [
            reverse(f"matchmaking:{name}", args=[self.introduction.reference])
            for name in ("card", "check_in", "calendar")
        ]
