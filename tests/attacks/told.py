"""One need that the network was shown, and what points to it."""

from datetime import timedelta

from django.utils import timezone

from localities.choices import Side
from matchmaking.choices import CircleState
from surveys.models import Statement
from surveys.services.answering import save_answer
from surveys.services.sending import send_part
from tests import make

OPEN = "CANARY of the network"
FRANK = "CANARY that our government must not read"


class Told:
    """A need that a side has sent, and a card, a circle and people around it."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.wave = make.wave(
            opens_at=self.now - timedelta(days=3),
            closes_at=self.now + timedelta(days=9),
        )
        self.seeker, self.helper = make.locality(), make.locality()
        self.government, self.activist = make.pair(self.seeker)
        self.peer, self.partner = make.pair(self.helper)
        self.hub, self.network = make.hub_coordinator(), make.coordinator()
        self.part = make.part(self.wave, self.seeker, Side.CIVIL_SOCIETY)
        self.question = make.question(self.wave, "needs")
        self.version = 0
        self.say(text=OPEN)
        self.send()
        self.need = Statement.objects.get(part=self.part)
        self.card = make.approved(
            self.seeker,
            self.helper,
            self.wave,
            need=self.need,
            approved_at=self.now,
            expires_at=self.now + timedelta(days=20),
        )
        self.circle = make.circle(
            self.card.round, [self.seeker, self.helper], state=CircleState.APPROVED
        )
        self.circle.members.filter(locality=self.seeker).update(need=self.need)

    def say(self, **fields: str) -> None:
        block = make.need_block(**fields)
        answer = save_answer(
            part=self.part,
            question=self.question,
            blocks=[block],
            version=self.version,
            by=self.activist,
            now=self.now,
        )
        self.version = answer.version
        self.part.refresh_from_db()

    def send(self) -> None:
        send_part(part=self.part, by=self.activist, now=self.now)
        self.part.refresh_from_db()
