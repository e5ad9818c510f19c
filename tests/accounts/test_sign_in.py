from urllib.parse import urlencode

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from loci.accounts.models import User
from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due
from tests import make

pytestmark = pytest.mark.django_db


def ask(client, email):
    return client.post(reverse("account_request_login_code"), {"email": email})


def test_a_known_person_signs_in_with_the_code_from_the_mail():
    person = make.person()
    client = Client()

    ask(client, person.email)
    deliver_due(now=timezone.now())
    code = Notice.objects.get().body.split()
    words = [word for word in code if len(word) == 9 and word[4] == "-"] or [
        line.strip()
        for line in mail.outbox[0].body.splitlines()
        if line.strip().isupper()
    ]
    client.post(reverse("account_confirm_login_code"), {"code": words[0]})

    assert client.get(reverse("pages:home")).status_code == 200
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_known_and_an_unknown_address_get_the_same_page():
    known = ask(Client(), make.person().email)
    unknown = ask(Client(), "nobody@example.org")

    assert (known.status_code, known["Location"]) == (
        unknown.status_code,
        unknown["Location"],
    )
    assert Notice.objects.count() == 1


def test_the_first_page_says_that_a_password_is_not_needed_and_may_be_used(client):
    page = client.get(reverse("account_login")).content.decode()

    said = "A password is not needed; if you have set one, you can use it."
    assert page.index(said) < page.index("Use a password instead")


def test_nobody_signs_up_alone():
    page = Client().post(reverse("account_signup"), {"email": "new@example.org"})

    assert not User.objects.exists()
    assert page.status_code in {200, 302}


def test_a_coordinator_without_a_second_factor_does_not_get_into_the_admin(client):
    coordinator = make.coordinator()
    client.force_login(coordinator)

    page = client.get(reverse("admin:index"), follow=True)

    assert page.redirect_chain[-1][0].startswith(reverse("mfa_index"))
    assert "opens only with a second check" in page.content.decode()


def test_who_signs_in_for_the_coordinators_place_is_led_back_to_the_page_they_wanted(
    client, signed_in
):
    wanted = reverse("admin:localities_import")
    way = client.get(wanted, follow=True).redirect_chain
    coordinator = make.coordinator()
    totp.TOTP.activate(coordinator, totp.generate_totp_secret())
    again = Client()
    again.force_login(coordinator)
    asked = again.get(wanted, follow=True).redirect_chain
    inside = signed_in(make.coordinator()).get(reverse("admin:login"))

    ending = f"?{urlencode({'next': wanted})}"
    assert way[-1][0] == reverse("account_login") + ending
    assert asked[-1][0] == reverse("mfa_reauthenticate") + ending
    assert inside.headers["location"] == reverse("admin:index")


def test_somebody_who_left_is_out_on_the_very_next_request(signed_in):
    locality = make.locality()
    government, _other = make.pair(locality)
    client = signed_in(government)
    before = client.get(reverse("pages:home"))

    government.memberships.update(until=make.TODAY)
    after = client.get(reverse("pages:home"))

    own_page = reverse("pages:locality", args=[locality.slug])
    assert own_page in before.content.decode()
    assert own_page not in after.content.decode()
