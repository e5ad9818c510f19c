"""What was right to write and is no longer right to send: mails that waited.

The class: something was shown rightly, its rights changed, a copy goes on showing it.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from localities.choices import Side
from localities.models import Membership, ProfileAgreement, SavedSearch
from localities.services.people import leave
from loci.accounts.models import User
from loci.cycles.models import Promise
from loci.cycles.services.lessons import agree_to_show
from loci.notices.choices import NoticeKind, NoticeState
from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due
from loci.notices.services.posting import post_notice
from loci.notices.services.standing import has_a_rule
from meetings.models import Place
from meetings.services.clinics import close_clinic
from surveys.choices import Visibility
from surveys.models import Statement
from tests import make
from tests.attacks.canaries import plant
from tests.personas import World, world

pytestmark = pytest.mark.django_db
OWED_WHEREVER_THEY_ARE = {NoticeKind.SIGN_IN, NoticeKind.PART_SENT}
"""A code to sign in, the receipt of one's own deed: neither tells of anything else."""


@pytest.fixture
def things() -> World:
    made = world()
    Notice.objects.all().delete()
    return made


def occasions(things: World) -> dict[NoticeKind, tuple[str, User]]:
    """Of each kind that a place in the network brings: what it is about, to whom."""
    own, met = things.membership.person, plant(things).introduction
    place, meeting, clinic = things.seeker.pk, things.meeting.pk, things.clinic.pk
    about = {
        NoticeKind.STILL_TRUE: f"{place}:government:2026-01-01",
        NoticeKind.PART_COPY: things.part.pk,
        NoticeKind.REMINDER: f"{things.wave.pk}:{place}",
        NoticeKind.WAVE_OPENED: f"{things.wave.pk}:{place}",
        NoticeKind.ENTERED_FOR_YOU: things.conversation.pk,
        NoticeKind.SUGGESTION: things.suggestion.pk,
        NoticeKind.PARTNER_ASKED: things.suggestion.pk,
        NoticeKind.INTRODUCTION: met.pk,
        NoticeKind.TIME_AGREED: met.pk,
        NoticeKind.CHECK_IN: met.pk,
        NoticeKind.CIRCLE: things.circle.pk,
        NoticeKind.REQUEST_ANSWERED: things.asked.pk,
        NoticeKind.MEETING_INVITED: meeting,
        NoticeKind.MEETING_UNANSWERED: meeting,
        NoticeKind.MEETING_CHANGED: meeting,
        NoticeKind.CLINIC_ASKED: clinic,
        NoticeKind.CLINIC_TRIED: things.attempt.pk,
        NoticeKind.LESSON_TO_AGREE: things.lesson.pk,
    }
    found = {kind: (f"{kind.value}:{key}", own) for kind, key in about.items()}
    expert, reader = things.people["expert"], things.people["reader"]
    assert expert is not None
    assert reader is not None
    asked = f"expert_asked:{things.expertise.pk}:{things.suggestion.need_id}"
    found[NoticeKind.EXPERT_ASKED] = (asked, expert)
    report = f"report_to_read:{things.report.pk}"
    found[NoticeKind.REPORT_TO_READ] = (report, reader)
    return found


def post(kind: NoticeKind, key: str, to: User, **parameters: object) -> Notice:
    return post_notice(
        key=key,
        kind=kind,
        to=to,
        now=timezone.now(),
        parameters=parameters,
        path="/home/",
        calendar="BEGIN:VCALENDAR",
    )


def test_whoever_left_meanwhile_is_written_nothing_more(things):
    """Each kind goes to its reader while they are of the pair, and not afterwards."""
    every = occasions(things)
    need = things.suggestion.need.text
    for kind, (key, to) in every.items():
        post(kind, f"{key}:before", to, need=need, count=2, minutes=3)
    deliver_due(now=timezone.now())
    went = {row.kind for row in Notice.objects.filter(state=NoticeState.SENT)}
    assert went == set(every), Notice.objects.exclude(state="sent").values("kind")
    mail.outbox.clear()

    for kind, (key, to) in every.items():
        post(kind, f"{key}:after", to, need=need, count=2, minutes=3)
    for membership in Membership.objects.filter(
        person__in={to for _k, to in every.values()}
    ):
        leave(membership=membership, on=timezone.localdate(), by=None)
    deliver_due(now=timezone.now())

    assert mail.outbox == []
    kept = Notice.objects.filter(key__endswith=":after")
    assert set(kept.values_list("state", "calendar")) == {(NoticeState.OVER, "")}
    assert not kept.exclude(parameters={}).exists()


STANDS = [
    (NoticeKind.MEETING_COMING, "yes", "open", "no"),
    (NoticeKind.MEETING_OFFERED, "offered", "open", "yes"),
    (NoticeKind.MEETING_CANCELLED, "yes", "cancelled", ""),
    (NoticeKind.MEETING_AFTER, "yes", "held", "no"),
]


@pytest.mark.parametrize(("kind", "state", "meeting", "then"), STANDS)
def test_mails_of_a_meeting_say_how_a_person_stands_to_it(
    things, kind, state, meeting, then
):
    """What was replaced meanwhile is not told; nor anything to who left the pair."""
    own, key = things.membership.person, f"{kind.value}:{things.meeting.pk}"
    place = Place.objects.filter(pk=things.place.pk)
    until = timezone.now() if state == "offered" else None
    place.update(state=state, kept_until=until)
    type(things.meeting).objects.update(state=meeting, why_cancelled="Floods")
    post(kind, f"{key}:1", own)
    assert deliver_due(now=timezone.now()) == 1

    post(kind, f"{key}:2", own)
    if then:
        place.update(state=then, kept_until=None)
    else:
        leave(membership=things.membership, on=timezone.localdate(), by=None)

    assert deliver_due(now=timezone.now()) == 0


def test_a_place_of_a_meeting_cancelled_meanwhile_is_not_confirmed(things):
    Place.objects.filter(pk=things.place.pk).update(state="yes")
    key = f"meeting_coming:{things.meeting.pk}:1"
    post(NoticeKind.MEETING_COMING, key, things.membership.person)

    type(things.meeting).objects.update(state="cancelled", why_cancelled="Floods")

    assert deliver_due(now=timezone.now()) == 0


def test_a_promise_that_got_another_day_is_not_called_late(things):
    owner, today = make.coordinator(), timezone.localdate()
    promise = Promise.objects.filter(pk=things.promise.pk)
    promise.update(owner=owner, is_published=True, due_on=today - timedelta(days=1))
    post(NoticeKind.PROMISE_LATE, f"promise_late:{things.promise.pk}:1", owner)
    assert deliver_due(now=timezone.now()) == 1
    post(NoticeKind.PROMISE_LATE, f"promise_late:{things.promise.pk}:2", owner)

    promise.update(due_on=today + timedelta(days=9))

    assert deliver_due(now=timezone.now()) == 0


def test_every_kind_says_while_what_it_stands(things):
    """A kind that is new must say so, or be named here with the reason."""
    without = {kind for kind in NoticeKind if not has_a_rule(kind)}

    assert without == OWED_WHEREVER_THEY_ARE


def test_who_cannot_sign_in_any_more_gets_no_mail(things):
    person = make.person(is_active=False)
    post(NoticeKind.PART_SENT, "part_sent:1:one", person)

    deliver_due(now=timezone.now())

    assert mail.outbox == []


def test_words_kept_to_oneself_meanwhile_leave_the_introduction(things):
    """The need is narrowed and rewritten between the yes and the mail."""
    met = plant(things).introduction
    words: dict[str, Any] = {
        "need": met.need.text,
        "offer": met.offer.text,
        "contacts": ["CANARY gone"],
    }
    post(
        NoticeKind.INTRODUCTION,
        f"introduction:{met.pk}:1",
        things.membership.person,
        **words,
    )
    narrowed = Statement.objects.filter(pk=met.need_id)
    narrowed.update(text="CANARY kept to us", visibility=Visibility.SIDE)

    deliver_due(now=timezone.now())

    (sent,) = mail.outbox
    assert "CANARY" not in sent.body
    assert words["need"] not in sent.body
    assert words["offer"] in sent.body
    helper = things.people["helper pair"]
    assert helper is not None
    assert helper.email in sent.body  # who speaks for the other pair now


@pytest.mark.parametrize(
    "facts",
    [{"visibility": "side"}, {"text": "CANARY new words"}, {"state": "withdrawn"}],
)
def test_an_expert_is_not_written_a_need_that_is_no_longer_said(things, facts):
    key, expert = occasions(things)[NoticeKind.EXPERT_ASKED]
    need = things.suggestion.need
    post(NoticeKind.EXPERT_ASKED, key, expert, need=need.text)
    Statement.objects.filter(pk=need.pk).update(**facts)

    deliver_due(now=timezone.now())

    assert mail.outbox == []


def test_a_case_taken_back_is_not_brought_to_peers(things):
    helper = things.people["helper pair"]
    post(NoticeKind.CLINIC_ASKED, f"clinic_asked:{things.clinic.pk}:1:first", helper)
    post(NoticeKind.CLINIC_ASKED, f"clinic_asked:{things.clinic.pk}0:1:first", helper)

    close_clinic(clinic=things.clinic, by=things.membership.person)
    deliver_due(now=timezone.now())

    assert mail.outbox == []


def test_a_card_that_is_agreed_to_asks_no_more(things):
    own = things.membership.person
    post(NoticeKind.LESSON_TO_AGREE, f"lesson:{things.lesson.pk}:{own.pk}", own)

    agree_to_show(lesson=things.lesson, by=own, now=timezone.now())
    deliver_due(now=timezone.now())

    assert mail.outbox == []


def test_a_yes_that_is_taken_back_asks_the_other_side_nothing(things):
    place, other = things.seeker, things.people["civil society side"]
    place.is_listed = False
    place.save()
    agreed = ProfileAgreement.objects.create(
        locality=place, side=Side.GOVERNMENT, at=timezone.now()
    )
    key = f"profile_agree:{agreed.pk}"
    post(NoticeKind.PROFILE_AGREE, f"{key}:1", other)
    assert deliver_due(now=timezone.now()) == 1
    post(NoticeKind.PROFILE_AGREE, f"{key}:2", other)

    agreed.delete()

    assert deliver_due(now=timezone.now()) == 0


def test_somebody_who_fits_no_more_is_not_announced_and_the_search_waits_on(things):
    """The offer was narrowed, or the profile taken back, while the mail waited."""
    now, person = timezone.now(), things.people["other pair"]
    search = SavedSearch.objects.create(
        person=person, asked={"region": "africa"}, looked_at=now, told_at=now
    )
    post(NoticeKind.FOUND_FOR_YOU, f"found_for_you:{search.pk}:1", person)
    assert deliver_due(now=timezone.now()) == 1
    post(NoticeKind.FOUND_FOR_YOU, f"found_for_you:{search.pk}:2", person)

    type(things.seeker).objects.update(is_listed=False)

    assert deliver_due(now=timezone.now()) == 0
    search.refresh_from_db()
    assert search.told_at is None


def test_an_invitation_withdrawn_meanwhile_is_not_sent(things):
    invitation = things.invited.invitation
    key = f"invitation:{invitation.pk}:again"
    post(NoticeKind.INVITATION, key, invitation.person)

    invitation.withdrawn_at = timezone.now()
    invitation.save()

    assert deliver_due(now=timezone.now()) == 0
