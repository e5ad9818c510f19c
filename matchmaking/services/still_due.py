"""Which mails about suggestions may still go when their turn comes, and with what words."""

from django.db.models import QuerySet

from localities.queries.people import people_of, side_of
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.standing import stands_while
from matchmaking.choices import CircleState, SuggestionState
from matchmaking.models import Circle, Expertise, IntroductionRequest, Suggestion
from surveys.models import Statement


@stands_while(NoticeKind.SUGGESTION, NoticeKind.PARTNER_ASKED)
def still_to_answer(notice: Notice, suggestion: int) -> bool:
    """The suggestion is open, and its reader speaks for one of the two."""
    mine = Suggestion.objects.shown_to(notice.recipient)
    return mine.filter(pk=suggestion, state=SuggestionState.APPROVED).exists()


@stands_while(NoticeKind.TIME_AGREED, NoticeKind.CHECK_IN)
def still_introduced(notice: Notice, suggestion: int) -> bool:
    return _introduced(notice).filter(pk=suggestion).exists()


@stands_while(NoticeKind.INTRODUCTION)
def still_introduced_and_by_whom(notice: Notice, suggestion: int) -> bool:
    """Addresses are of those who speak for the other pair now.

    Words that their author keeps to one side meanwhile are left out.
    """
    rows = _introduced(notice).select_related("seeker", "helper")
    found = rows.filter(pk=suggestion).first()
    if found is None:
        return False
    is_seeker = side_of(notice.recipient, found.seeker) is not None
    other = found.helper if is_seeker else found.seeker
    contacts = [f"{person} <{person.email}>" for person in people_of(other)]
    notice.parameters |= {
        "contacts": contacts,
        "need": _words(notice, found.need_id),
        "offer": _words(notice, found.offer_id),
    }
    return True


def _introduced(notice: Notice) -> QuerySet[Suggestion]:
    mine = Suggestion.objects.shown_to(notice.recipient)
    return mine.filter(state=SuggestionState.INTRODUCED)


def _words(notice: Notice, statement: int) -> str:
    """What its reader may be quoted of it now."""
    rows = Statement.objects.quoted_to(notice.recipient).filter(pk=statement)
    return rows.values_list("text", flat=True).first() or ""


@stands_while(NoticeKind.CIRCLE, NoticeKind.CIRCLE_FORMED)
def still_a_circle(notice: Notice, circle: int) -> bool:
    mine = Circle.objects.shown_to(notice.recipient)
    if notice.kind == NoticeKind.CIRCLE_FORMED:
        mine = mine.filter(state=CircleState.FORMED)
    return mine.filter(pk=circle).exists()


@stands_while(NoticeKind.EXPERT_ASKED)
def still_asked_of_the_expert(notice: Notice, expertise: int) -> bool:
    """The offer stands, and the need is said in the same words and for the network."""
    offers = Expertise.objects.standing().filter(person=notice.recipient_id)
    needs = Statement.objects.for_introductions().filter(
        pk=int(notice.key.split(":")[2]), text=notice.parameters["need"]
    )
    return offers.filter(pk=expertise).exists() and needs.exists()


@stands_while(NoticeKind.REQUEST_ANSWERED)
def still_of_the_side_that_asked(notice: Notice, request: int) -> bool:
    mine = IntroductionRequest.objects.shown_to(notice.recipient)
    return mine.filter(pk=request).exists()
