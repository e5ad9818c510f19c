"""T-S4: how often somebody may knock, whatever becomes of the cache."""

from contextlib import ExitStack, contextmanager
from http import HTTPStatus

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from localities.choices import INVITATIONS_A_DAY
from localities.models import Invitation
from loci.accounts.models import User
from loci.notices.adapter import CODES_AN_HOUR, NOWHERE, InvitedOnly
from loci.notices.models import Notice
from loci.stack.places import place_for
from loci.stack.state import State, make_folders
from loci.stack.valkey import FORGETFUL, address, answers, valkey
from tests import make

pytestmark = pytest.mark.django_db
PRODUCT = configured.CACHES  # before a test has put its own there
PASSWORD = "a long pass phrase of mine"
LOGIN = "account_login"
A_MINUTE_AN_ADDRESS, EVERY_FIVE_MINUTES = 30, 5


@pytest.fixture(autouse=True)
def quick_hash(settings):
    """What a guess costs is tests/attacks/test_enumeration.py; here they are counted."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def as_deployed(settings):
    """The product's own caches; nothing listens where the cache should be."""
    settings.CACHES = {
        **PRODUCT,
        "default": {**PRODUCT["default"], "LOCATION": "unix:///nowhere.sock"},
    }


@pytest.fixture
def guesses(monkeypatch):
    """Every password that is looked at, with whose it should have been."""
    looked_at: list[str] = []
    check = User.check_password

    def counted(self, typed):
        looked_at.append(self.email)
        return check(self, typed)

    monkeypatch.setattr(User, "check_password", counted)
    return looked_at


def knock(person, password=PASSWORD, **where):
    client = Client(**where)
    page = client.post(reverse(LOGIN), {"login": person.email, "password": password})
    return client, page


def entered(client) -> bool:
    return "_auth_user_id" in client.session


def test_two_hundred_passwords_for_one_account_are_five_guesses(guesses):
    """T-S4: from a new address each time, under other names of our host."""
    person = make.person(password=PASSWORD)

    for turn in range(200):
        knock(
            person,
            f"wrong {turn}",
            REMOTE_ADDR=f"10.0.{turn}.1",
            HTTP_HOST=("127.0.0.1", "localhost", f"localhost:{turn + 1}")[turn % 3],
        )
    right, page = knock(person, REMOTE_ADDR="10.1.1.1")

    assert len(guesses) == EVERY_FIVE_MINUTES
    assert not entered(right)
    assert page.status_code == HTTPStatus.OK


def test_capitals_and_spaces_make_no_other_account(guesses):
    """T-S4: one account is one count, however its address is written."""
    person = make.person(password=PASSWORD)
    name, host = person.email.split("@")

    for turn, email in enumerate([name.upper(), name.title(), f"  {name}"] * 4):
        Client(REMOTE_ADDR=f"10.0.{turn}.1").post(
            reverse(LOGIN), {"login": f"{email}@{host} ", "password": "wrong"}
        )

    assert len(guesses) == EVERY_FIVE_MINUTES


def test_one_password_for_two_hundred_accounts_is_thirty_guesses(guesses):
    """T-S4: from one address; somebody elsewhere signs in meanwhile."""
    people = [make.person(password=PASSWORD) for _one in range(200)]

    for person in people:
        knock(person, "Winter 2026", REMOTE_ADDR="10.0.0.1")
    elsewhere, _page = knock(people[-1], REMOTE_ADDR="10.0.0.2")

    assert len(guesses) == A_MINUTE_AN_ADDRESS + 1
    assert entered(elsewhere)


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_a_made_up_way_here_does_not_help(guesses, settings, proxies):
    """T-S4: what the sender writes into X-Forwarded-For is not what proxies add."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    people = [make.person(password=PASSWORD) for _one in range(40)]

    for turn, person in enumerate(people):
        added = ["10.0.0.1", "172.16.0.1"][:proxies]
        way = ", ".join([f"203.0.113.{turn}", *added])
        knock(person, "wrong", REMOTE_ADDR="192.168.0.9", HTTP_X_FORWARDED_FOR=way)

    assert len(guesses) == A_MINUTE_AN_ADDRESS


def test_a_proxy_that_is_named_tells_people_apart(guesses, settings):
    """T-S4: the other direction: people behind our proxy do not share one count."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    people = [make.person(password=PASSWORD) for _one in range(40)]

    for turn, person in enumerate(people):
        way = f"spoofed, 203.0.113.{turn}"
        knock(person, "wrong", REMOTE_ADDR="192.168.0.9", HTTP_X_FORWARDED_FOR=way)

    assert len(guesses) == len(people)


@pytest.mark.parametrize(
    "way", ["203.0.113.1", "", " , ", "unknown", "fe80::1%eth0, 10.0.0.1", "\x00, x"]
)
def test_a_way_that_our_proxies_did_not_write_is_counted_as_who_called(
    guesses, settings, way
):
    """T-S4: fewer addresses than proxies, or none that is one: no error, no gain."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    people = [make.person(password=PASSWORD) for _one in range(32)]

    pages = [
        knock(
            person,
            "wrong",
            REMOTE_ADDR="192.168.0.9",
            HTTP_X_FORWARDED_FOR=way.replace("203.0.113.1", f"203.0.113.{turn}"),
        )[1]
        for turn, person in enumerate(people)
    ]
    right, _page = knock(people[0], REMOTE_ADDR="192.168.0.10")

    assert {page.status_code for page in pages} <= {HTTPStatus.OK, 429}
    assert len(guesses) == A_MINUTE_AN_ADDRESS + 1
    assert entered(right)


@pytest.mark.parametrize(
    ("told", "called", "counted"),
    [
        ("203.0.113.5", "192.168.0.9", "203.0.113.5"),
        ("spoofed, 203.0.113.5:4711", "192.168.0.9", "203.0.113.5"),
        ("[2001:db8::1]:443", "192.168.0.9", "2001:db8::1"),
        ("::ffff:203.0.113.5", "192.168.0.9", "203.0.113.5"),
        ("203.0.113.5, unknown", "192.168.0.9", "192.168.0.9"),
        ("", "::ffff:192.168.0.9", "192.168.0.9"),
        ("", "", NOWHERE),
        ("", "a socket", NOWHERE),
    ],
)
def test_the_address_that_is_counted(rf, settings, told, called, counted):
    """T-S4: one proxy; people of both nets, and a server behind a socket."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = rf.get("/", headers={"x-forwarded-for": told}, REMOTE_ADDR=called)

    assert InvitedOnly().get_client_ip(request) == counted


def test_a_workshop_room_signs_in_by_password():
    """T-S4: 44 right passwords from one address within a minute; three wrong between."""
    people = [make.person(password=PASSWORD) for _one in range(44)]

    for person in people[:3]:
        knock(person, "a slip of the finger")
    clients = [knock(person)[0] for person in people]

    assert [entered(client) for client in clients] == [True] * 44


def test_a_hundred_codes_asked_for_are_few_mails():
    """T-S4: sign-in codes and links for a new password share one measure an account."""
    person = make.person(password=PASSWORD)

    for turn in range(100):
        name = ("account_request_login_code", LOGIN, "account_reset_password")[turn % 3]
        Client(REMOTE_ADDR=f"10.0.{turn}.1").post(
            reverse(name), {"email": person.email, "login": person.email}
        )

    assert 0 < Notice.objects.filter(recipient=person).count() <= CODES_AN_HOUR


def test_a_hundred_invitations_are_twenty(signed_in):
    """T-S4: one person of a side; the answer says so, nothing fails."""
    place = make.locality(slug="inviting")
    person, _other = make.pair(place)
    client = signed_in(person)
    page = reverse("localities:invite", args=[place.slug, "colleague"])

    answers_ = [
        client.post(page, {"email": f"guest{turn}@example.org", "language": "en"})
        for turn in range(100)
    ]

    assert {answer.status_code for answer in answers_} <= {200, 302}
    assert Invitation.objects.filter(by=person).count() == INVITATIONS_A_DAY
    assert Notice.objects.filter(kind="invitation").count() == INVITATIONS_A_DAY


@pytest.mark.parametrize("name", ["pages:own_data_file", "pages:memory"])
def test_fifty_files_are_twenty(signed_in, name):
    """T-S4: taking one's data along is for people, not for loops."""
    place = make.locality(slug="files")
    person, other = make.pair(place)
    address_ = reverse(name, args=[place.slug] if name == "pages:memory" else [])
    client = signed_in(person)

    given = [client.get(address_).status_code for _turn in range(50)]

    assert given == [HTTPStatus.OK] * 20 + [HTTPStatus.TOO_MANY_REQUESTS] * 30
    assert "Too often" in client.get(address_).content.decode()
    assert signed_in(other).get(address_).status_code == HTTPStatus.OK


@contextmanager
def a_valkey(folder):
    """A cache server of this test's own, and a way to end it."""
    state = State(folder)
    make_folders(state)
    place = place_for(state)
    server = valkey(place, folder / "valkey.log", FORGETFUL, ())
    with ExitStack() as ending:
        ending.callback(server.stop)
        server.start()
        while not answers(place):
            assert server.outcome() is None
        yield server, address(place)


def test_limits_hold_when_the_cache_forgets_and_when_it_dies(
    guesses, settings, tmp_path
):
    """T-S4: a flush or a dead server gives no guess more, and keeps nobody out."""
    person, other = (make.person(password=PASSWORD) for _one in range(2))
    with a_valkey(tmp_path) as (server, where):
        settings.CACHES = {
            **PRODUCT,
            "default": {**PRODUCT["default"], "LOCATION": f"{where}?db=1"},
        }
        cache.set("there", "yes")
        assert cache.get("there") == "yes"
        for turn in range(4):
            knock(person, "wrong", REMOTE_ADDR=f"10.0.{turn}.1")

        cache.clear()
        for turn in range(20):
            knock(person, "wrong", REMOTE_ADDR=f"10.1.{turn}.1")
        assert len(guesses) == EVERY_FIVE_MINUTES

        server.stop()
        assert cache.get("there") is None
        for turn in range(20):
            knock(person, "wrong", REMOTE_ADDR=f"10.2.{turn}.1")
        client, _page = knock(other)

    assert guesses == [person.email] * EVERY_FIVE_MINUTES + [other.email]
    assert entered(client)


def test_second_factors_are_counted_without_a_cache(as_deployed, monkeypatch):
    """T-S4: six digits are guessed in an afternoon by who is never counted."""
    person = make.person(password=PASSWORD)
    totp.TOTP.activate(person, totp.generate_totp_secret())
    looked_at: list[str] = []

    def wrong(_self, code):
        looked_at.append(code)
        return False

    monkeypatch.setattr(totp.TOTP, "validate_code", wrong)

    for turn in range(4):
        client, _page = knock(person, REMOTE_ADDR=f"10.3.{turn}.1")
        for guess in range(5):
            client.post(reverse("mfa_authenticate"), {"code": f"{guess:06}"})

    assert len(looked_at) == EVERY_FIVE_MINUTES


def test_what_is_counted_names_nobody(as_deployed):
    """T-S4: neither the address of a person nor that of their line is kept."""
    person = make.person(password=PASSWORD)
    knock(person, "wrong", REMOTE_ADDR="203.0.113.77")

    with connection.cursor() as cursor:
        cursor.execute("select cache_key, value from accounts_count")
        kept = cursor.fetchall()

    assert kept
    assert person.email not in str(kept)
    assert "203.0.113.77" not in str(kept)
