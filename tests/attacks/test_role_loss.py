"""T-A6: whose role ends is out with the very next request."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from localities.models import Fact, Membership, Region
from localities.services.people import leave
from localities.services.still_true import ask_still_true
from loci.notices.models import Notice
from loci.notices.services.stopping import stop_link
from meetings.services.feeds import make_feed
from surveys.models import AnswerVersion
from tests import make
from tests.attacks.canaries import words_of
from tests.attacks.forms import Forms
from tests.personas import world

pytestmark = pytest.mark.django_db
REFUSED = {302, 403, 404, 410}


@pytest.fixture
def things():
    return world()


class Device:
    """A browser that keeps its session and the forms that it has open."""

    def __init__(self, person) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        session = self.client.session
        session["entered_by_demo"] = True
        session.save()
        self.forms: dict[str, dict[str, str]] = {}

    def open(self, address: str) -> None:
        page = self.client.get(address)
        assert page.status_code == 200, address
        forms = {target or address: fields for target, fields in Forms(page).forms}
        self.forms |= {where: fields for where, fields in forms.items() if fields}

    def send(self, address: str, **more: str):
        return self.client.post(address, self.forms[address] | more)


def leaves(things) -> None:
    leave(membership=things.membership, on=timezone.localdate(), by=None)


def is_deactivated(things) -> None:
    type(things.membership.person).objects.filter(
        pk=things.membership.person_id
    ).update(is_active=False)


@pytest.mark.parametrize("ending", [leaves, is_deactivated])
def test_who_is_no_longer_of_the_pair_reads_and_writes_nothing_more(things, ending):
    """T-A6: old session, old form with its token, old files."""
    device = Device(things.membership.person)
    part, place = things.part.reference, things.seeker.slug
    page = reverse("surveys:section", args=[part, "frank"])
    fact = reverse("localities:fact", args=[things.fact.pk])
    files = [
        reverse("pages:memory", args=[place]),
        reverse("surveys:paper", args=[part]),
        reverse("meetings:notes", args=[things.meeting.reference]),
    ]
    for address in (page, fact):
        device.open(address)
    assert {device.client.get(address).status_code for address in files} == {200}
    saved = {"field": "frank-0-text", "frank-0-text": "early", "frank-version": "0"}
    before = AnswerVersion.objects.count()

    ending(things)
    answers = [
        device.send(page, **{"frank-text": "late", "frank-0-text": "late"}),
        device.send(fact, text="late"),
        device.client.post(reverse("surveys:autosave", args=[part]), saved),
        *(device.client.get(address) for address in files),
        device.client.get(reverse("localities:team", args=[place])),
    ]

    assert {answer.status_code for answer in answers} <= REFUSED
    assert not any("CANARY" in words_of(answer) for answer in answers)
    assert AnswerVersion.objects.count() == before
    assert not Fact.objects.filter(text="late").exists()
    assert "CANARY" not in words_of(device.client.get(reverse("pages:home")))


@pytest.mark.parametrize("ending", [leaves, is_deactivated])
def test_links_that_were_given_out_end_with_the_place(things, ending, client):
    """T-A6: a calendar's address, *still true?* by mail, stopping a kind of mail."""
    person = things.membership.person
    _feed, token = make_feed(person=person, region=None)
    calendar = reverse("meetings:feed", args=[token])
    long_ago = timezone.localdate() - timedelta(days=300)
    Fact.objects.filter(pk=things.fact.pk).update(checked_on=long_ago)
    ask_still_true(now=timezone.now())
    path = Notice.objects.filter(kind="still_true", recipient=person).get().path
    stop = stop_link(person, "suggestion")
    stop = re.sub(r"^https?://[^/]+", "", stop)
    assert [client.get(where).status_code for where in (calendar, path)] == [200, 200]

    ending(things)

    assert client.get(calendar).status_code == 404
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    assert Fact.objects.get(pk=things.fact.pk).checked_on == long_ago
    assert "CANARY" not in words_of(client.get(stop))  # it stops mails, opens nothing


@pytest.mark.parametrize("ending", [leaves, is_deactivated])
def test_invitations_of_who_was_put_out_give_no_place(things, ending, client):
    """T-A6: else an invitation to oneself, kept in a drawer, is a way back in."""
    page = reverse("localities:invitation", args=[things.invited.token])
    assert client.get(page).status_code == 200

    ending(things)

    assert client.get(page).status_code == 410
    assert client.post(page).status_code == 410
    guest = things.invited.invitation.person
    assert not Membership.objects.filter(person=guest).exists()


def test_invitations_of_who_went_by_themselves_stay(things, client):
    """T-A6: the twin: who invites a colleague and then leaves has done it well."""
    page = reverse("localities:invitation", args=[things.invited.token])

    leave(
        membership=things.membership,
        on=timezone.localdate(),
        by=things.membership.person,
    )

    assert client.get(page).status_code == 200


ADMIN_PAGES = (
    ("localities_locality_change", "seeker"),
    ("surveys_conversation_change", "conversation"),
    ("matchmaking_suggestion_change", "suggestion"),
    ("meetings_agenda", "meeting"),
    ("meetings_meeting_review", "meeting"),
    ("surveys_part_enter", "part"),
)


def hub_moves(things) -> None:
    hub = things.people["own hub"].memberships.get().organisation
    things.seeker.region.hubs.remove(hub)
    make.region("cee").hubs.add(hub)


def is_demoted(things) -> None:
    things.people["own hub"].memberships.update(role="member")


def has_left(things) -> None:
    Membership.objects.filter(person=things.people["own hub"]).update(
        until=timezone.localdate()
    )


@pytest.mark.parametrize("ending", [hub_moves, is_demoted, has_left])
def test_a_coordinator_of_another_region_or_of_none_sees_and_changes_nothing(
    things, ending
):
    """T-A6: pages, forms with their token and files of the coordinators' place."""
    device = Device(things.people["own hub"])
    addresses = [
        reverse(f"admin:{name}", args=[getattr(things, thing).pk])
        for name, thing in ADMIN_PAGES
    ]
    conversation, agenda = addresses[1], addresses[3]
    for address in addresses:
        device.open(address)
    review = addresses[4]
    assert Region.objects.coordinated_by(things.people["own hub"]).exists()

    ending(things)
    answers = [device.client.get(address) for address in addresses]
    answers += [device.send(conversation, words="late"), device.send(review)]
    answers.append(
        device.client.post(f"{agenda}do/", {**device.forms[review], "deed": "show"})
    )

    assert {answer.status_code for answer in answers} <= REFUSED
    assert not any("CANARY" in words_of(answer) for answer in answers)
    things.conversation.refresh_from_db()
    assert things.conversation.words != "late"


def test_a_coordinator_of_the_network_who_is_demoted_is_out(things):
    """T-A6: lists of the whole network close with the role."""
    device = Device(things.people["network coordinator"])
    people = reverse("admin:accounts_user_changelist")
    device.open(people)
    change = reverse("admin:accounts_user_change", args=[things.membership.person_id])
    device.open(change)

    Membership.objects.filter(person=things.people["network coordinator"]).update(
        role="member"
    )

    assert device.client.get(people).status_code in REFUSED
    assert device.send(change, name="late").status_code in REFUSED
    assert not Membership.objects.filter(person__name="late").exists()
