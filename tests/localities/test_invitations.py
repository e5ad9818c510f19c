"""Invitations: used once, in time, by the person they are for; scanners use nothing up."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from localities.choices import CODE_TRIES, OrganisationKind, Role, Side
from localities.models import Invitation, Membership, Organisation, Seat
from localities.services.accepting import (
    NotForYou,
    NotOpen,
    accept_invitation,
    invitation_by_code,
    invitation_by_link,
)
from localities.services.forgetting import forget_guests
from localities.services.inviting import (
    AlreadyThere,
    Guest,
    NotYours,
    SeatTaken,
    TooMany,
    invite_colleague,
    invite_partner,
    invite_successor,
    invite_to_place,
    withdraw_invitation,
)
from localities.services.people import leave_seat
from localities.services.seats import WrongKind, give_seat
from loci.accounts.models import AuditEntry, User
from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due
from tests import make

pytestmark = pytest.mark.django_db
GUEST = Guest("ana@example.org")


@pytest.fixture
def pair():
    locality = make.locality(slug="own")
    government, civil_society = make.pair(locality)
    return {
        "locality": locality,
        "government": government,
        "civil_society": civil_society,
        "seat": Seat.objects.get(locality=locality, side=Side.GOVERNMENT),
    }


def invited(pair, guest=GUEST, now=None):
    return invite_colleague(
        seat=pair["seat"],
        guest=guest,
        by=pair["government"],
        now=now or timezone.now(),
    )


def link(token):
    return reverse("localities:invitation", args=[token])


def guest():
    return User.objects.get(email=GUEST.email)


def test_the_link_works_after_a_scanner_has_fetched_it_ten_times(pair):
    written = invited(pair)
    scanner, client = Client(), Client()

    for _fetch in range(10):
        assert scanner.get(link(written.token)).status_code == 200
        assert scanner.head(link(written.token)).status_code == 200
    assert not guest().memberships.exists()
    answer = client.post(link(written.token))

    assert answer["Location"] == reverse("accounts:name")
    assert client.session["_auth_user_id"] == str(guest().pk)
    assert guest().memberships.get().organisation == pair["seat"].organisation


def test_a_used_link_is_gone_and_shows_no_token(pair):
    written = invited(pair)
    Client().post(link(written.token))

    again = Client().post(link(written.token))

    assert again.status_code == 410
    assert written.token not in again.content.decode()
    assert Membership.objects.filter(person=guest()).count() == 1


@pytest.mark.parametrize("spoilt", ["expired", "withdrawn", "altered"])
def test_a_link_that_is_not_open_leads_to_the_same_page(pair, spoilt):
    written = invited(pair)
    token = written.token
    if spoilt == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif spoilt == "withdrawn":
        withdraw_invitation(
            invitation=written.invitation, by=pair["government"], now=timezone.now()
        )
    else:
        token = ("A" if token[0] != "A" else "B") + token[1:]

    shown, used = Client().get(link(token)), Client().post(link(token))

    assert (shown.status_code, used.status_code) == (410, 410)
    assert not Membership.objects.filter(person=guest()).exists()


def test_link_and_code_are_kept_as_hashes_and_gone_from_a_mail_once_sent(
    pair, settings
):
    settings.LOCI_DEMO = False
    written = invited(pair)
    kept = Invitation.objects.values().get()

    deliver_due(now=timezone.now())

    assert written.token not in str(kept)
    assert written.code not in str(kept)
    notice = Notice.objects.get()
    assert written.token in mail.outbox[0].body
    assert written.code in mail.outbox[0].body
    assert written.token not in f"{notice.body}{notice.parameters}{notice.path}"


def test_the_code_opens_the_same_page_on_another_device(pair):
    written = invited(pair)
    client = Client()

    typed = f" {written.code.lower().replace('-', ' ')} "
    opened = client.post(
        reverse("localities:invitation_code"),
        {"email": GUEST.email.upper(), "code": typed},
    )
    answer = client.post(opened["Location"])

    assert answer["Location"] == reverse("accounts:name")
    assert guest().memberships.exists()


def test_a_wrong_code_and_an_unknown_address_get_the_same_page(pair):
    invited(pair)

    def page(email):
        answer = Client().post(
            reverse("localities:invitation_code"),
            {"email": email, "code": "AAAA-BBBB"},
        )
        return answer.content.decode().replace(email, "EMAIL")

    def body(text):
        return text.partition("<main")[2].partition("csrfmiddlewaretoken")[0]

    assert body(page(GUEST.email)) == body(page("nobody@example.org"))


def test_after_ten_wrong_codes_only_the_link_works(pair):
    written = invited(pair)

    for _try in range(CODE_TRIES):
        invitation_by_code(email=GUEST.email, code="WRNG-WRNG", now=timezone.now())

    right = invitation_by_code(email=GUEST.email, code=written.code, now=timezone.now())
    assert right is None
    assert invitation_by_link(written.token) == written.invitation


def test_somebody_else_cannot_use_it_and_nothing_is_used_up(pair, signed_in):
    written = invited(pair)
    other = pair["civil_society"]

    answer = signed_in(other).post(link(written.token))

    assert answer.status_code == 403
    assert str(other) in answer.content.decode()
    assert GUEST.email not in answer.content.decode()
    with pytest.raises(NotForYou):
        accept_invitation(invitation=written.invitation, by=other, now=timezone.now())
    assert Client().post(link(written.token)).status_code == 302


def test_a_person_with_a_second_factor_is_asked_for_it(pair):
    known = User.objects.create_user(GUEST.email)
    TOTP.activate(known, generate_totp_secret())
    written = invited(pair)
    client = Client()

    answer = client.post(link(written.token))

    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


def test_an_invited_person_who_signed_in_sees_it_at_home(pair, signed_in):
    written = invited(pair)
    client = signed_in(guest())
    page = reverse("localities:invitation_opened", args=[written.invitation.pk])

    assert page in client.get("/home/").content.decode()
    assert client.post(page)["Location"] == reverse("accounts:name")


def test_a_seat_given_to_another_organisation_closes_its_invitations(pair):
    written = invited(pair)
    give_seat(
        locality=pair["locality"],
        side=Side.GOVERNMENT,
        organisation=make.organisation(OrganisationKind.GOVERNMENT),
        on=timezone.localdate(),
        by=make.coordinator(),
    )

    answer = Client().post(link(written.token))

    assert answer.status_code == 409
    assert "does not hold this seat any more" in answer.content.decode()
    assert not guest().memberships.exists()


def test_the_other_side_is_invited_once_and_makes_its_organisation():
    locality = make.locality()
    seat = make.seat(locality, Side.GOVERNMENT)
    person = make.person()
    make.place(person, seat.organisation)

    def ask(name, email):
        return invite_partner(
            seat=seat,
            organisation_name=name,
            guest=Guest(email),
            by=person,
            now=timezone.now(),
        ).invitation

    first, same, rival = (
        ask("Open Eyes", "a@example.org"),
        ask("open eyes", "b@example.org"),
        ask("Others", "c@example.org"),
    )

    for row in (first, same):
        accept_invitation(invitation=row, by=row.person, now=timezone.now())
    with pytest.raises(SeatTaken):
        accept_invitation(invitation=rival, by=rival.person, now=timezone.now())

    taken = Seat.objects.get(locality=locality, side=Side.CIVIL_SOCIETY)
    assert taken.organisation.name == "Open Eyes"
    assert taken.organisation.memberships.count() == 2
    assert not Organisation.objects.filter(name="Others").exists()
    with pytest.raises(SeatTaken):
        ask("Third", "d@example.org")


def test_a_successor_takes_over_and_reads_the_note(pair):
    written = invite_successor(
        seat=pair["seat"],
        guest=Guest(GUEST.email, note="The keys are with <b>Rosa</b>"),
        by=pair["government"],
        now=timezone.now(),
    )
    page = Client().get(link(written.token)).content.decode()

    accept_invitation(invitation=written.invitation, by=guest(), now=timezone.now())

    assert "The keys are with &lt;b&gt;Rosa&lt;/b&gt;" in page
    assert "Rosa" not in str(Notice.objects.get().parameters)
    assert not Seat.objects.held_by(pair["government"]).exists()
    assert Seat.objects.held_by(guest()).get() == pair["seat"]


def test_who_left_reads_nothing_more_and_their_words_stay(pair, signed_in):
    client = signed_in(pair["government"])
    team = reverse("localities:team", args=["own"])
    assert client.get(team).status_code == 200

    client.post(reverse("localities:leave", args=["own"]))

    assert client.get(team).status_code == 404
    assert client.get(reverse("localities:leave", args=["own"])).status_code == 404
    again = client.post(reverse("localities:leave", args=["own"]))
    assert again.headers["Location"] == reverse("pages:home")
    assert Membership.objects.get(person=pair["government"]).until is not None
    assert AuditEntry.objects.filter(verb="left").exists()
    leave_seat(
        seat=Seat.objects.get(side=Side.CIVIL_SOCIETY),
        on=timezone.localdate(),
        by=pair["civil_society"],
    )
    assert not Membership.objects.current().exists()


@pytest.mark.parametrize("who", ["civil_society", "stranger"])
def test_only_ones_own_side_is_ones_own_to_invite_into(pair, who):
    by = pair.get(who) or make.pair(make.locality())[0]

    with pytest.raises(NotYours):
        invite_colleague(seat=pair["seat"], guest=GUEST, by=by, now=timezone.now())
    with pytest.raises(NotYours):
        withdraw_invitation(
            invitation=invited(pair).invitation, by=by, now=timezone.now()
        )


def test_hubs_give_members_places_in_their_regions_only(pair):
    own, other = make.hub_coordinator("africa"), make.hub_coordinator("asia")
    organisation = pair["seat"].organisation

    def give(by, role=Role.MEMBER, email="x@example.org"):
        return invite_to_place(
            organisation=organisation,
            role=role,
            guest=Guest(email),
            by=by,
            now=timezone.now(),
        )

    assert give(own).invitation.locality == pair["locality"]
    for by, role in ((other, Role.MEMBER), (own, Role.COORDINATOR)):
        with pytest.raises(NotYours):
            give(by, role)
    expert = give(make.coordinator(), Role.EXPERT, "expert@example.org")
    assert expert.invitation.role == Role.EXPERT


def test_nobody_is_asked_twice_for_one_place(pair):
    written = invited(pair)
    with pytest.raises(AlreadyThere):
        invited(pair)

    accept_invitation(invitation=written.invitation, by=guest(), now=timezone.now())

    with pytest.raises(AlreadyThere):
        invited(pair)
    with pytest.raises(NotOpen):
        accept_invitation(invitation=written.invitation, by=guest(), now=timezone.now())


def test_twenty_invitations_a_day_are_enough(pair):
    for number in range(20):
        invited(pair, Guest(f"p{number}@example.org"))

    with pytest.raises(TooMany):
        invited(pair, Guest("p20@example.org"))
    invited(pair, Guest("p21@example.org"), timezone.now() + timedelta(days=2))


def test_a_change_of_government_keeps_the_history(pair):
    coordinator, successor = (
        make.coordinator(),
        make.organisation(OrganisationKind.GOVERNMENT),
    )

    give_seat(
        locality=pair["locality"],
        side=Side.GOVERNMENT,
        organisation=successor,
        on=timezone.localdate(),
        by=coordinator,
    )
    with pytest.raises(WrongKind):
        give_seat(
            locality=pair["locality"],
            side=Side.CIVIL_SOCIETY,
            organisation=successor,
            on=timezone.localdate(),
            by=coordinator,
        )
    with pytest.raises(NotYours):
        give_seat(
            locality=pair["locality"],
            side=Side.GOVERNMENT,
            organisation=successor,
            on=timezone.localdate(),
            by=make.hub_coordinator("asia"),
        )

    seats = Seat.objects.filter(locality=pair["locality"], side=Side.GOVERNMENT)
    assert [row.until is None for row in seats.order_by("pk")] == [False, True]
    assert not Seat.objects.held_by(pair["government"]).exists()


def test_the_mail_carries_no_line_breaks_of_names(pair):
    User.objects.filter(pk=pair["government"].pk).update(
        name="Eve\r\nBcc: all@example.org\r\n\r\nhello"
    )

    invited(pair)
    deliver_due(now=timezone.now())

    sent = mail.outbox[0]
    assert sent.recipients() == [GUEST.email]
    assert "\n" not in sent.subject
    assert "Bcc" in sent.subject


def test_first_steps_lead_home_and_choose_who_reads_the_name(pair, signed_in):
    written = invited(pair)
    client = Client()
    client.post(link(written.token))

    client.post(reverse("accounts:name"), {"name": " Ana \n B ", "title": "Clerk"})
    client.post(
        reverse("accounts:languages"), {"language": "es", "works_in": ["es", "en"]}
    )
    last = client.post(reverse("accounts:seen"), {"name_shown_to": "network"})

    assert last["Location"] == reverse("pages:home")
    person = guest()
    assert (person.name, person.title, person.language) == ("Ana B", "Clerk", "es")
    assert person.works_in == ["es", "en"]
    assert person.welcomed_at is not None
    assert AuditEntry.objects.filter(note="network").exists()


def test_pages_of_a_side_are_for_that_side(pair, signed_in):
    invited(pair)
    mine = signed_in(pair["government"]).get("/pairs/own/people/").content.decode()
    theirs = signed_in(pair["civil_society"]).get("/pairs/own/people/")

    assert GUEST.email in mine
    assert GUEST.email not in theirs.content.decode()
    unknown = signed_in(pair["government"]).get("/pairs/own/invite/nobody/")
    assert unknown.status_code == 404


def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(pair, signed_in):
    client = signed_in(pair["government"])

    broken = client.post(
        "/pairs/own/invite/colleague/", {"email": "not an address", "language": "en"}
    )
    asked = client.post(
        "/pairs/own/invite/colleague/", {"email": "new@example.org", "language": "xx"}
    )

    assert "not an address" in broken.content.decode()
    assert "There is a problem" in broken.content.decode()
    assert asked.status_code == 200
    assert not Invitation.objects.exists()


def test_who_never_came_is_forgotten_a_month_after_the_invitation_ended(pair):
    written = invited(pair)
    came = invited(pair, Guest("came@example.org")).invitation
    accept_invitation(invitation=came, by=came.person, now=timezone.now())
    before, after = (
        written.invitation.expires_at + timedelta(days=days) for days in (29, 31)
    )

    assert forget_guests(now=before) == 0
    assert forget_guests(now=after) == 1

    assert not User.objects.filter(email=GUEST.email).exists()
    assert not Notice.objects.filter(recipient__email=GUEST.email).exists()
    assert User.objects.filter(email="came@example.org").exists()
    assert User.objects.filter(pk=pair["government"].pk).exists()
