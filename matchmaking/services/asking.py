"""A side asks for an introduction; a coordinator takes it up or says why not.

Taken up, the two are pinned: the next round suggests them, with reasons and a double
yes, as ever. Nobody named learns of a request.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext, gettext_lazy as _

from localities.models import Locality, Seat, Topic
from localities.services.inviting import require_speaker
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.states import move
from loci.core.texts import clean_text
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from matchmaking.choices import (
    LIVE_SUGGESTIONS,
    REQUEST_MOVES,
    REQUESTS_AT_MOST,
    PinKind,
    RequestState,
    SuggestionState,
)
from matchmaking.models import IntroductionRequest, Pin, Suggestion
from matchmaking.services.pinning import (
    AlreadySettled,
    Word,
    settle,
)


class NotToAskFor(Refused):
    """One's own locality, or one that cannot be seen."""


class AskedAlready(Refused):
    """It waits with the coordinators, or the two are in touch."""


class TooManyRequests(Refused):
    """As many requests as one side may have waiting."""


class SaysNothing(Refused):
    """A request without a word."""


class NotYourRequest(Refused):
    """Another side's request, or one outside the coordinator's regions."""


@dataclass(frozen=True)
class Wish:
    """Whom one wants to meet, and why."""

    helper: Locality
    words: str
    topic: Topic | None = None


@transaction.atomic
def ask_for_introduction(*, seat: Seat, wish: Wish, by: User) -> IntroductionRequest:
    """Put it to the coordinators, as one side of one pair.

    Raises NotYours, NotToAskFor, SaysNothing, AskedAlready, TooManyRequests.
    """
    require_speaker(seat, by)
    words = clean_text(wish.words).strip()
    if not words:
        raise SaysNothing(_("Say in a sentence what you would like to talk about."))
    if wish.helper.pk == seat.locality_id:
        raise NotToAskFor(_("This is your own locality."))
    if not Locality.objects.visible_to(by).filter(pk=wish.helper.pk).exists():
        raise NotToAskFor(_("This locality is not published."))
    Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    _require_room(seat, wish, by)
    try:
        with transaction.atomic():
            asked = IntroductionRequest.objects.create(
                seeker_id=seat.locality_id,
                side=seat.side,
                helper=wish.helper,
                topic=wish.topic,
                words=words,
                by=by,
            )
    except IntegrityError as problem:
        raise AskedAlready(_("You have asked for this already.")) from problem
    record(by, "asked for an introduction", asked)
    return asked


def _require_room(seat: Seat, wish: Wish, by: User) -> None:
    """Only what this side may know decides: a suggestion held back is not told."""
    together = Suggestion.objects.shown_to(by).filter(
        seeker=seat.locality_id,
        helper=wish.helper,
        state__in=[SuggestionState.APPROVED, SuggestionState.INTRODUCED],
    )
    if together.exists():
        raise AskedAlready(_("You have a suggestion with them: see your workspace."))
    own = IntroductionRequest.objects.waiting().filter(
        seeker=seat.locality_id, side=seat.side
    )
    if own.filter(helper=wish.helper).exists():
        raise AskedAlready(_("You have asked for this already."))
    if own.count() >= REQUESTS_AT_MOST:
        raise TooManyRequests(
            _(
                "%(count)d requests of your side wait for an answer. Let us answer first."
            )
            % {"count": REQUESTS_AT_MOST}
        )


@transaction.atomic
def withdraw_request(
    *, asked: IntroductionRequest, by: User, now: datetime
) -> IntroductionRequest:
    """One's own side takes it back; twice is once. Raises NotYourRequest, WrongMove."""
    rows = IntroductionRequest.objects.shown_to(by).select_for_update(of=("self",))
    found = rows.filter(pk=asked.pk).first()
    if found is None:
        raise NotYourRequest(_("This is not yours."))
    if found.state != RequestState.WITHDRAWN:
        _settle(found, RequestState.WITHDRAWN, by, now)
    return found


@transaction.atomic
def take_up(
    *, asked: IntroductionRequest, by: User, now: datetime
) -> IntroductionRequest:
    """Pin the two for the next round, unless a suggestion is under way; tell the side.

    Raises NotYourRequest, AlreadySettled, WrongMove.
    """
    found = _of_mine(asked, by)
    if found.state == RequestState.TAKEN_UP:
        return found
    _settle(found, RequestState.TAKEN_UP, by, now)
    under_way = Suggestion.objects.filter(
        seeker=found.seeker, helper=found.helper, state__in=LIVE_SUGGESTIONS
    )
    if not under_way.exists():
        _pin(found, by, now)
    _tell(found, now)
    return found


def _pin(asked: IntroductionRequest, by: User, now: datetime) -> None:
    standing = Pin.objects.standing(now.date()).filter(
        seeker=asked.seeker, helper=asked.helper
    )
    word = standing.first()
    if word is not None and word.kind == PinKind.VETO:
        raise AlreadySettled(_("These two are never to be suggested: see the pins."))
    if word is None:
        why = gettext("They asked for it: %(words)s") % {"words": asked.words}
        settle(word=Word(PinKind.PIN, asked.seeker, asked.helper, why=why[:300]), by=by)


@transaction.atomic
def say_not_possible(
    *, asked: IntroductionRequest, by: User, now: datetime
) -> IntroductionRequest:
    """Say no, with the word that stands on it; the side is told. Raises NotYourRequest."""
    found = _of_mine(asked, by)
    if found.state != RequestState.NOT_POSSIBLE:
        _settle(found, RequestState.NOT_POSSIBLE, by, now)
        _tell(found, now)
    return found


def _of_mine(asked: IntroductionRequest, by: User) -> IntroductionRequest:
    rows = IntroductionRequest.objects.coordinated_by(by)
    found = (
        rows.select_for_update(of=("self",))
        .select_related("seeker", "helper")
        .filter(pk=asked.pk)
        .first()
    )
    if found is None:
        raise NotYourRequest(_("This request is outside your regions."))
    return found


def _settle(
    asked: IntroductionRequest, state: RequestState, by: User, now: datetime
) -> None:
    """Write the state with its moment: the database wants both at once."""
    if state not in REQUEST_MOVES.get(RequestState(asked.state), frozenset()):
        move(asked, to=state, moves=REQUEST_MOVES)  # says why not
    asked.state, asked.answered_by, asked.answered_at = state, by, now
    asked.save(update_fields=["state", "answered_by", "answered_at", "updated_at"])
    record(by, f"request {state.value}", asked)


def _tell(asked: IntroductionRequest, now: datetime) -> None:
    """Write to who asked, if they still speak for the side."""
    person = asked.by
    mine = IntroductionRequest.objects.filter(pk=asked.pk)
    if person is None or not mine.shown_to(person).exists():
        return
    post_notice(
        key=f"request_answered:{asked.pk}:{asked.state}",
        kind=NoticeKind.REQUEST_ANSWERED,
        to=person,
        now=now,
        parameters={
            "own": asked.seeker.name,
            "other": asked.helper.name,
            "is_taken_up": asked.state == RequestState.TAKEN_UP,
            "answer": asked.answer,
        },
        path="/saved/",
    )
