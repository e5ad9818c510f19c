"""T-S1: nobody learns from our doors who is here."""

import re
import time
from statistics import median

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from localities.choices import Side
from localities.models import Seat
from localities.services import accepting
from localities.services.inviting import Guest, invite_colleague
from loci.notices import adapter
from loci.notices.models import Notice
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase of mine"
TRIES, MOST = 30, 1.10
CHANGES = re.compile(r'csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|nonce-[^\']+')
DOORS = {
    "code at sign-in": ("account_login", {}),
    "password": ("account_login", {"password": "wrong words"}),
    "code": ("account_request_login_code", {}),
    "new password": ("account_reset_password", {}),
    "invitation": ("localities:invitation_code", {"code": "BBBB-BBBB"}),
    "sign-up": ("account_signup", {}),
}
MAIL = {
    "code at sign-in": {"known", "no password", "unverified", "invited"},
    "code": {"known", "no password", "unverified", "invited"},
    "new password": {"known", "no password", "unverified", "invited"},
}


class SmallScrypt(ScryptPasswordHasher):
    """The product's hash at a sixteenth of its price: what differs beside it shows."""

    work_factor = 2**10


@pytest.fixture(autouse=True)
def unlimited(settings, monkeypatch):
    """Limits are tests/attacks/test_rate_limits.py; here many tries are compared."""
    settings.PASSWORD_HASHERS = [f"{__name__}.SmallScrypt"]
    settings.ACCOUNT_RATE_LIMITS = False
    monkeypatch.setattr(adapter, "CODES_AN_HOUR", 10_000)
    monkeypatch.setattr(accepting, "CODE_TRIES", 10_000)


@pytest.fixture
def addresses():
    """One address of every kind: who it is must not show."""
    unverified = make.person()
    EmailAddress.objects.create(user=unverified, email=unverified.email, verified=False)
    seat = make.seat(make.locality(), Side.GOVERNMENT)
    member = make.person()
    make.place(member, seat.organisation)
    invite_colleague(
        seat=Seat.objects.get(pk=seat.pk),
        guest=Guest("person-invited@example.org"),
        by=member,
        now=timezone.now(),
    )
    Notice.objects.all().delete()
    return {
        "known": make.person(password=PASSWORD).email,
        "no password": make.person().email,
        "unverified": unverified.email,
        "invited": "person-invited@example.org",
        "left": make.person(password=PASSWORD, is_active=False).email,
        "unknown": "person-unknown@example.org",
    }


def knock(door, email):
    name, more = DOORS[door]
    client = Client()
    page = client.post(reverse(name), {"email": email, "login": email, **more})
    return client, page


def told(page, email):
    """All that an answer tells: status, headers, names of cookies, body."""
    headers = {
        name: CHANGES.sub("", value).replace(email, "E")
        for name, value in page.headers.items()
        if name not in {"Content-Length", "Expires"}  # the address; the second
    }
    body = CHANGES.sub("", page.content.decode()).replace(email, "E")
    return page.status_code, headers, sorted(page.cookies), body


@pytest.mark.parametrize("door", DOORS)
def test_every_address_gets_the_same_answer_and_its_owner_the_mail(door, addresses):
    """T-S1: the same status, headers, cookies and words, also on the page after it."""
    answers, after, mailed = {}, {}, set()
    for kind, email in addresses.items():
        client, page = knock(door, email)
        answers[kind] = told(page, email)
        if page.status_code == 302:
            after[kind] = told(client.get(page["Location"]), email)
        if Notice.objects.filter(recipient__email=email, kind="sign_in").exists():
            mailed.add(kind)

    different = [kind for kind, told_ in answers.items() if told_ != answers["unknown"]]
    different += [kind for kind, page in after.items() if page != after["unknown"]]
    assert different == []
    assert mailed == MAIL.get(door, set())


def knock_in_turn(door, seconds, addresses):
    """Add each kind's seconds of the processor."""
    for _turn in range(TRIES):
        for kind, email in addresses.items():
            began = time.thread_time()
            knock(door, email)
            seconds[kind].append(time.thread_time() - began)


def dearest_by_cheapest(seconds):
    middle = [median(all_of) for all_of in seconds.values()]
    return max(middle) / min(middle)


@pytest.mark.parametrize(
    ("door", "kinds"),
    [
        ("password", ("known", "no password", "left", "unknown")),
        ("code", ("known", "left", "unknown")),
        ("new password", ("known", "left", "unknown")),
        ("invitation", ("invited", "known", "unknown")),
    ],
)
def test_every_address_costs_the_same(door, kinds, addresses):
    """T-S1: medians less than a tenth apart; a machine with moods gets more tries."""
    compared = {kind: addresses[kind] for kind in kinds}
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    knock(door, addresses["unknown"])  # what is made once is made

    for _round in range(4):
        knock_in_turn(door, seconds, compared)
        if dearest_by_cheapest(seconds) < MOST:
            break

    assert dearest_by_cheapest(seconds) < MOST, door
