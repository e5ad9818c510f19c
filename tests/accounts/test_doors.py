"""Sign-in as attackers see it: T-S3 to T-S6; T-S1 and the rest of T-S4 in attacks."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from loci.accounts.models import User
from loci.notices.adapter import CODES_AN_HOUR
from loci.notices.models import Notice
from loci.notices.services.delivery import render
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase of mine"


def ask_code(email, client=None):
    client = client or Client()
    client.post(reverse("account_request_login_code"), {"email": email})
    return client


def code_of(person):
    _subject, body = render(Notice.objects.filter(recipient=person).latest("pk"))
    return next(line.strip() for line in body.splitlines() if line.strip().isupper())


def enter_by_code(person):
    client = ask_code(person.email)
    client.post(reverse("account_confirm_login_code"), {"code": code_of(person)})
    return client


def test_s3_a_session_has_another_key_after_signing_in_and_is_dead_after_leaving():
    person = make.person()
    client = ask_code(person.email)
    before = client.session.session_key

    client.post(reverse("account_confirm_login_code"), {"code": code_of(person)})
    after = client.session.session_key
    stolen = Client()
    stolen.cookies = client.cookies.copy()
    assert stolen.get(reverse("pages:home")).status_code == 200
    client.post(reverse("account_logout"))

    assert before != after
    assert stolen.get(reverse("pages:home")).status_code == 302


def test_s3_pages_of_a_person_are_kept_by_nobody(settings):
    page = enter_by_code(make.person()).get(reverse("pages:home"))

    assert "no-store" in page["Cache-Control"]
    assert "private" in page["Cache-Control"]
    assert "Cookie" in page["Vary"]
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_own_sessions_are_listed_and_ended_everywhere_else():
    person = make.person()
    here, elsewhere = enter_by_code(person), enter_by_code(person)
    for client in (here, elsewhere):
        client.get(reverse("pages:home"))
    address = reverse("usersessions_list")

    assert here.get(address).content.decode().count("127.0.0.1") == 2
    here.post(address)

    assert elsewhere.get(reverse("pages:home")).status_code == 302
    assert here.get(reverse("pages:home")).status_code == 200
    assert UserSession.objects.filter(user=person).count() == 1


def test_s3_a_new_password_ends_other_sessions():
    person = make.person(password=PASSWORD)
    here, elsewhere = enter_by_code(person), enter_by_code(person)

    here.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "another long phrase",
            "password2": "another long phrase",
        },
    )

    assert elsewhere.get(reverse("pages:home")).status_code == 302
    assert here.get(reverse("pages:home")).status_code == 200


def test_s4_ten_codes_an_hour_whatever_the_cache_does(settings):
    settings.ACCOUNT_RATE_LIMITS = False  # as if the cache had forgotten all
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    }
    person = make.person()

    for _turn in range(CODES_AN_HOUR + 5):
        ask_code(person.email)

    assert Notice.objects.filter(recipient=person).count() == CODES_AN_HOUR
    Notice.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert enter_by_code(person).session["_auth_user_id"] == str(person.pk)


def test_s4_forty_four_people_behind_one_address_sign_in_within_a_minute():
    people = [make.person() for _one in range(44)]

    entered = [enter_by_code(person) for person in people]

    assert [client.session.get("_auth_user_id") for client in entered] == [
        str(person.pk) for person in people
    ]


def test_s4_a_wrong_code_can_be_tried_three_times():
    person = make.person()
    client = ask_code(person.email)

    for _turn in range(5):
        client.post(reverse("account_confirm_login_code"), {"code": "AAAA-AAAA"})
    client.post(reverse("account_confirm_login_code"), {"code": code_of(person)})

    assert "_auth_user_id" not in client.session


def with_app(person, *, late=0):
    """What the app of this person shows, if its clock is so many half minutes late."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    now = list(totp.yield_hotp_counters_from_time())[1]
    return totp.format_hotp_value(totp.hotp_value(secret, now - late))


def test_s5_a_coordinator_needs_the_second_factor_and_a_code_works_once(settings):
    coordinator = make.coordinator()
    index = reverse("admin:index")
    without = enter_by_code(coordinator)
    assert (
        without.get(index, follow=True)
        .redirect_chain[-1][0]
        .startswith(reverse("mfa_index"))
    )
    code = with_app(coordinator)
    client, replay = enter_by_code(coordinator), enter_by_code(coordinator)
    assert "_auth_user_id" not in client.session

    client.post(reverse("mfa_authenticate"), {"code": code})
    replay.post(reverse("mfa_authenticate"), {"code": code})

    assert client.get(index).status_code == 200
    assert replay.get(index).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_s5_who_sets_up_the_second_factor_has_shown_it():
    person = make.coordinator()
    client, elsewhere = enter_by_code(person), enter_by_code(person)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    now = list(totp.yield_hotp_counters_from_time())[1]
    code = totp.format_hotp_value(totp.hotp_value(secret, now))

    done = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)

    spare = reverse("mfa_view_recovery_codes")
    assert done.redirect_chain == [(spare, 302)]  # the spare codes, at once
    assert done.status_code == 200
    assert client.get(reverse("admin:index")).status_code == 200
    for address in (reverse("admin:index"), spare):
        assert elsewhere.get(address).status_code == 302


def test_s5_a_code_works_once_also_when_the_cache_is_away(monkeypatch):
    person = make.person()
    code = with_app(person)
    first, replay = enter_by_code(person), enter_by_code(person)
    monkeypatch.setattr("loci.core.cache.rest.holds", lambda _address: True)

    for client in (first, replay):
        client.post(reverse("mfa_authenticate"), {"code": code})

    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in replay.session


@pytest.mark.parametrize(("late", "is_taken"), [(-1, True), (3, False)])
def test_s5_the_clock_of_a_phone_may_be_half_a_minute_off(late, is_taken):
    person = make.person()
    code = with_app(person, late=late)
    client = enter_by_code(person)

    client.post(reverse("mfa_authenticate"), {"code": code})

    assert ("_auth_user_id" in client.session) == is_taken


def test_s5_outside_the_demonstration_its_entry_opens_nothing(settings, signed_in):
    client = signed_in(make.coordinator())
    index = reverse("admin:index")
    assert client.get(index).status_code == 200

    settings.LOCI_DEMO_SECOND_FACTOR = True
    assert client.get(index).status_code == 302
    settings.LOCI_DEMO, settings.LOCI_DEMO_SECOND_FACTOR = False, False
    assert client.get(index).status_code == 302


def test_s5_keys_and_recovery_codes_are_sealed_and_used_once():
    person = make.person()
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    codes = RecoveryCodes.activate(person)
    first = codes.get_unused_codes()[0]

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in kept
    assert first not in kept
    assert codes.validate_code(first)
    assert not codes.validate_code(first)


def test_s5_taking_the_second_factor_away_asks_who_it_is_again():
    person = make.person()
    code = with_app(person)
    client = enter_by_code(person)
    client.post(reverse("mfa_authenticate"), {"code": code})
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()

    answer = client.post(reverse("mfa_deactivate_totp"))

    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert Authenticator.objects.filter(user=person, type="totp").exists()


def test_s6_a_password_at_the_admins_own_form_opens_nothing():
    coordinator = make.coordinator()
    coordinator.set_password(PASSWORD)
    coordinator.save()
    client = Client()

    answer = client.post(
        reverse("admin:login"),
        {"username": coordinator.email, "password": PASSWORD},
    )

    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session
    assert User.objects.get(pk=coordinator.pk).last_login is None


def test_s6_a_bulk_action_on_what_is_not_seen_does_nothing(signed_in):
    theirs = make.approved(
        make.locality(region_code="asia"),
        make.locality(region_code="asia"),
        make.wave(),
        state="proposed",
        approved_at=None,
        expires_at=None,
    )
    hub = signed_in(make.hub_coordinator("africa"))

    hub.post(
        reverse("admin:matchmaking_suggestion_changelist"),
        {"action": "approve", "_selected_action": [theirs.pk]},
    )

    theirs.refresh_from_db()
    assert theirs.state == "proposed"
