"""T-A2: the things of others behind addresses and forms that are one's own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from localities.models import Membership
from loci.notices.models import Notice
from loci.notices.services.delivery import render
from meetings.models import ClinicTime
from tests.access_matrix import MATRIX
from tests.attacks.canaries import HUB, OWN, plant, words_of
from tests.attacks.forms import forms_of
from tests.personas import World, world

pytestmark = pytest.mark.django_db
FAR = "far-"
STRANGERS = {
    OWN: "other pair",
    HUB: "other hub",
}
"""Who knocks at the far world, and whom they are there."""


def addresses(things: World):
    """Every address with a thing in it, and how it is called."""
    for name, row in MATRIX.items():
        arguments = row.arguments(things)
        if arguments and name != "admin:app_list":
            yield name, row, reverse(name, args=arguments)


def rows_now() -> dict[str, dict[Any, tuple[Any, ...]]]:
    return {
        model._meta.label: {
            row[0]: row
            for row in model._default_manager.values_list(
                "pk", *(field.attname for field in model._meta.concrete_fields)
            )
        }
        for model in apps.get_models()
    }


def changed(before, after) -> list[str]:
    """Rows that were there and are not as they were."""
    return [
        f"{label} {pk}"
        for label, rows in before.items()
        for pk, row in rows.items()
        if after[label].get(pk) != row
    ]


@pytest.mark.parametrize("who", STRANGERS)
def test_things_of_another_world_are_as_closed_as_the_matrix_says(who, signed_in):
    """T-A2: every address with somebody else's id in it, reading and writing."""
    near, far = world(), world(FAR)
    planted = plant(far, FAR)
    client = signed_in(near.people[who])
    before = rows_now()
    role = STRANGERS[who]

    wrong, read = [], set()
    for name, row, address in addresses(far):
        page = getattr(client, row.method)(address, row.data(far))
        if page.status_code != row.expected(role):
            wrong.append(f"{name}: {page.status_code}, not {row.expected(role)}")
        read |= planted.seen_in(words_of(page))
    for address in planted.more_addresses():
        read |= planted.seen_in(words_of(client.get(address)))
    for name in ("pages:home", "pages:own_data_file", "meetings:clinics"):
        read |= planted.seen_in(words_of(client.get(reverse(name))))

    assert wrong == []
    assert read == planted.read_by(role)
    assert [row for row in changed(before, rows_now()) if not may_change(row)] == []


def may_change(row: str) -> bool:
    """What a visit of one's own moves: one's session."""
    return row.startswith(("sessions.", "usersessions."))


def person_of(far: World) -> Any:
    return Membership.objects.get(pk=far.membership.pk).person_id


IDS: dict[str, Callable[[World], Any]] = {
    "fact": lambda far: far.fact.pk,
    "person": person_of,
    "people": person_of,
    "others": person_of,
    "time": lambda far: ClinicTime.objects.get(clinic=far.clinic).pk,
    "session": lambda far: far.session.pk,
    "place": lambda far: far.seeker.pk,
    "locality": lambda far: far.seeker.pk,
    "seeker": lambda far: far.seeker.pk,
    "helper": lambda far: far.helper.pk,
    "region": lambda far: far.seeker.region_id,
    "organisation": lambda far: far.organisation.pk,
    "part": lambda far: far.part.pk,
    "clinic": lambda far: far.clinic.pk,
    "statement": lambda far: far.confided.pk,
    "need": lambda far: far.suggestion.need_id,
    "_selected_action": lambda far: far.confided.pk,
}
SWAPPED_BY_HAND: dict[str, Callable[[World, World], dict[str, Any]]] = {
    "localities:still_true": lambda _near, far: {"fact": far.fact.pk},
    "meetings:feeds": lambda _near, far: {"region": far.seeker.region.code},
    "meetings:clinic_settle": lambda _near, far: {"time": IDS["time"](far)},
    "meetings:instead": lambda _near, far: {"person": person_of(far)},
    "meetings:talks": lambda _near, far: {"others": person_of(far)},
    "surveys:before": lambda _near, far: {f"now-{far.confided.pk}": "met"},
    "admin:surveys_wave_remind": lambda _near, far: {
        "place": far.seeker.pk,
        "confirmed": "1",
    },
    "admin:surveys_wave_extend": lambda _near, far: {
        "place": far.seeker.pk,
        "confirmed": "1",
        "until": "2030-01-01",
        "why": "rain",
    },
    "admin:meetings_agenda_do": lambda _near, far: {
        "deed": "drop",
        "session": far.session.pk,
    },
    "admin:localities_invitation_invite": lambda _near, far: {
        "organisation": far.organisation.pk,
        "email": "somebody@example.org",
        "role": "member",
        "language": "en",
    },
}


@pytest.mark.parametrize("who", [OWN, HUB])
def test_ids_of_others_in_ones_own_forms_do_nothing(who, signed_in):
    """T-A2: every form that is shown is sent with ids of another world in it."""
    near = world()
    ours = rows_now()
    far = world(FAR)
    planted = plant(far, FAR)
    client = signed_in(near.people[who])
    before = rows_now()

    read, swaps = set(), 0
    for name, row in MATRIX.items():
        if row.expected(who) not in {200, 302} or name == "admin:logout":
            continue
        address = reverse(name, args=row.arguments(near))
        for target, fields in forms_of(client, address, row):
            theirs = swapped(name, fields, near, far)
            page = client.post(target, fields | theirs)
            read |= planted.seen_in(words_of(page))
            swaps += len(theirs)

    assert swaps > 5
    assert read <= planted.read_by(STRANGERS[who])
    assert mails_with(planted) == []
    of_far = {
        label: {pk: row for pk, row in rows.items() if pk not in ours[label]}
        for label, rows in before.items()
    }
    assert [row for row in changed(of_far, rows_now()) if not may_change(row)] == []


def swapped(name: str, fields, near: World, far: World) -> dict[str, Any]:
    by_hand = SWAPPED_BY_HAND.get(name)
    given = by_hand(near, far) if by_hand else {}
    for field in fields:
        if find := IDS.get(field.rpartition("-")[2]):
            given[field] = find(far)
    return given


def mails_with(planted) -> list[str]:
    known = {person.pk for person in planted.world.people.values() if person}
    return [
        notice.kind
        for notice in Notice.objects.exclude(recipient__in=known)
        if planted.seen_in(str(render(notice)))
    ]
