"""T-A5: what is asked after the question mark finds no column that is not offered."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings as how, strategies as st

from loci.accounts.models import User
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due
from loci.notices.services.posting import post_notice
from surveys.models import Statement
from tests import make
from tests.attacks.canaries import plant
from tests.personas import world

pytestmark = pytest.mark.django_db
LISTS = (
    "pages:localities",
    "pages:you_said_we_did",
    "surveys:topics",
    "meetings:list",
    "meetings:clinics",
    "cycles:cycles",
    "cycles:lessons",
    "cycles:reports",
    "cycles:insights",
)
ENDS = ("", "exact", "icontains", "startswith", "regex", "in", "isnull", "gt", "range")
VALUES = st.one_of(
    st.sampled_from(
        ["1", "0", "true", "", "p", ".*", "(", "a,b", "9" * 40, "2026-01-01"]
    ),
    st.text(
        st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=9
    ),
)
CHANGES = re.compile(
    r'csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|name="next" value="[^"]*"'
)


def paths(model: type[Model], depth: int = 3) -> Iterator[str]:
    """Every way from a table over its links to a column, as a filter would name it."""
    for field in model._meta.get_fields():
        name = getattr(field, "attname", field.name)
        yield name
        if field.is_relation and field.related_model and depth > 1:
            for inner in paths(field.related_model, depth - 1):
                yield f"{field.name}__{inner}"


WAYS = sorted({*paths(Statement), *paths(User)})
FILTERS = st.tuples(st.sampled_from(WAYS), st.sampled_from(ENDS), VALUES).map(
    lambda drawn: ("__".join(filter(None, drawn[:2])), drawn[2])
)
SORTS = st.tuples(
    st.sampled_from(["sort", "o", "order", "order_by", "ordering", "q", "page"]),
    st.sampled_from(
        ["password", "-by__email", "0", "-1.-2", "1.9", "x" * 300, "9" * 30]
    ),
)
ASKED = st.lists(FILTERS, min_size=1, max_size=3)
BRIEFLY = how(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def shown(page) -> str:
    """What stands on the page; the language switch alone repeats the address."""
    return CHANGES.sub("", page.content.decode())


@pytest.fixture
def everything():
    things = world()
    plant(things)
    return things


@pytest.mark.parametrize("name", LISTS)
def test_lists_show_the_same_whatever_columns_are_named(name, everything, signed_in):
    """T-A5: filters over associations change nothing, and fail nowhere."""
    client, address = signed_in(everything.people["other pair"]), reverse(name)
    usual = shown(client.get(address))

    @BRIEFLY
    @given(asked=ASKED)
    def drawn(asked):
        page = client.get(address, dict(asked))
        assert page.status_code == 200
        assert shown(page) == usual

    @BRIEFLY
    @given(asked=st.lists(SORTS, min_size=1, max_size=2))
    def sorted_by(asked):
        assert client.get(address, dict(asked)).status_code in {200, 404}

    drawn()
    sorted_by()


@pytest.mark.parametrize("who", ["own hub", "network coordinator"])
def test_lists_of_coordinators_filter_by_what_they_offer_alone(
    who, everything, signed_in
):
    """T-A5: any other column is refused: its content could be guessed bit by bit."""
    client = signed_in(everything.people[who])
    lists = sorted(admin.site._registry, key=lambda model: model._meta.label)
    ways = {model: sorted(set(paths(model, 2))) for model in lists}

    @how(BRIEFLY, max_examples=80)
    @given(data=st.data())
    def drawn(data):
        model = data.draw(st.sampled_from(lists))
        way = data.draw(st.sampled_from(ways[model]))
        end, value = data.draw(st.sampled_from(ENDS)), data.draw(VALUES)
        page = client.get(
            reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist"),
            {"__".join(filter(None, (way, end))): value},
        )
        assert page.status_code in {200, 302, 400, 403}
        if page.status_code == 200:
            assert offered(model, way)

    drawn()


def offered(model, way: str) -> bool:
    """The column is a filter of the list, or on the way to one."""
    filters: Any = admin.site._registry[model].list_filter
    names = [str(one[0] if isinstance(one, tuple) else one) for one in filters]
    return any(name.startswith(way) or way.startswith(name) for name in names)


@pytest.mark.parametrize(
    ("table", "asked"),
    [
        ("accounts_user", "password__startswith"),
        ("accounts_user", "authenticator__data__icontains"),
        ("notices_notice", "parameters__body__icontains"),
        ("notices_notice", "body__icontains"),
        ("localities_invitation", "token_hash__startswith"),
        ("localities_invitation", "note__icontains"),
        ("surveys_statement", "by__email__startswith"),
        ("surveys_part", "answers__value__icontains"),
    ],
)
def test_secrets_are_not_guessed_through_a_filter(table, asked, everything, signed_in):
    """T-A5: yes and no to *begins with* would spell out a hash, a code, a draft."""
    client = signed_in(everything.people["network coordinator"])

    page = client.get(reverse(f"admin:{table}_changelist"), {asked: "a"})

    assert page.status_code == 400


def test_every_line_of_needs_you_leads_to_an_open_list(everything, signed_in):
    """T-A5: the positive twin: the filters that our own links use are offered."""
    client = signed_in(everything.people["network coordinator"])
    index = client.get(reverse("admin:index")).content.decode()
    links = {
        link.replace("&amp;", "&")
        for link in re.findall(r'href="(/admin/[^"]+)"', index)
    }

    assert any("?" in link for link in links)
    assert {link for link in links if client.get(link).status_code != 200} == set()


def test_a_code_for_signing_in_is_not_in_the_outbox_for_coordinators(
    settings, signed_in
):
    """T-A5: else who coordinates the network could enter as anybody."""
    settings.LOCI_DEMO, settings.LOCI_DEMO_SECOND_FACTOR = False, False
    now = timezone.now()
    post_notice(
        key="one",
        kind=NoticeKind.SIGN_IN,
        to=make.person(),
        now=now - timedelta(minutes=1),
        parameters={"subject": "LOCI: your code is QQQQ-7777", "body": "QQQQ-7777"},
    )

    deliver_due(now=now)

    kept = Notice.objects.values().get()
    assert kept["state"] == "sent"
    assert "QQQQ" not in str(kept)
