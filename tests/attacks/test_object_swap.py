"""T-A2: the things of others behind addresses and forms that are one's own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from localities.models import Membership
from loci.notices.models import Notice
from loci.notices.services.delivery import render
from meetings.models import ClinicTime
from tests.access_matrix import INSIDE, MATRIX, MISSING, MOVED, OK, Row
from tests.attacks.canaries import HUB, OWN, plant, words_of
from tests.attacks.forms import forms_of
from tests.personas import ANONYMOUS, World, world

pytestmark = pytest.mark.django_db
FAR = "far-"
OTHER = "other pair"
STRANGERS = {
    ANONYMOUS: ANONYMOUS,
    OWN: OTHER,
    "civil society side": OTHER,
    "helper pair": OTHER,
    OTHER: OTHER,
    "expert": "expert",
    "reader": "expert",  # whoever reads a report here is no reader of the one there
    "without a place": "without a place",
    HUB: "other hub",
    "other hub": "other hub",
}
"""Who knocks at the far world, and whom they are there.

The network's coordinator is the same person in both: no stranger anywhere.
"""
SWAPS = {ANONYMOUS: 1, "without a place": 1, OWN: 8, HUB: 30, "other hub": 15}
"""How many ids are at least swapped in the forms of one of these; of others, two."""
OF_A_PERSON = {"matchmaking:expertise_withdraw"}
"""What even another of the same kind has no part in."""


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


def test_things_of_another_world_are_as_closed_as_the_matrix_says(signed_in):
    """T-A2: every address with somebody else's id in it, reading and writing."""
    near, far = world(), world(FAR)
    planted = plant(far, FAR)
    clients = {who: signed_in(near.people[who]) for who in STRANGERS}
    before = rows_now()

    wrong: dict[str, int] = {}
    read: dict[str, set[str]] = {}
    for who, role in STRANGERS.items():
        cache.clear()
        pages = dict(knocked(who, clients[who], far, planted))
        wrong |= {
            f"{who} at {name}": page.status_code
            for name, page in pages.items()
            if name in MATRIX and page.status_code != expected(name, role)
        }
        read[who] = planted.seen_in("".join(words_of(page) for page in pages.values()))

    assert wrong == {}
    assert read == {who: planted.read_by(role) for who, role in STRANGERS.items()}
    assert [row for row in changed(before, rows_now()) if not may_change(row)] == []


def knocked(who: str, client, far: World, planted):
    """What every address in the far world, and one's own lists, answer."""
    for name, row, address in addresses(far):
        if may_knock(who, name):
            yield name, getattr(client, row.method)(address, row.data(far))
    for address in planted.more_addresses():
        yield address, client.get(address)
    for name in ("pages:home", "pages:own_data_file", "meetings:clinics"):
        yield f"own {name}", client.get(reverse(name))


def may_knock(who: str, name: str) -> bool:
    """The admin's door stops who is no coordinator, whatever the id: tried by one."""
    return who in {*INSIDE, OWN} or not name.startswith("admin:")


def expected(name: str, role: str) -> int:
    is_shut = name in OF_A_PERSON and role != ANONYMOUS
    return MISSING if is_shut else MATRIX[name].expected(role)


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
    "needs": lambda far: far.suggestion.need_id,
    "host": lambda far: far.organisation.pk,
    "co_hosts": lambda far: far.organisation.pk,
    "meeting": lambda far: far.meeting.pk,
    "wave": lambda far: far.wave.pk,
    "cycle": lambda far: far.cycle.pk,
    "circle": lambda far: far.circle.pk,
    "_selected_action": lambda far: far.confided.pk,
}
ROWS: dict[str, Callable[[World], Any]] = {
    "seats": lambda far: far.seeker.seats.earliest("pk").pk,
    "doubts": lambda far: far.public_fact.doubts.earliest("pk").pk,
    "members": lambda far: far.circle.members.earliest("pk").pk,
    "steps": lambda far: far.cycle.steps.earliest("pk").pk,
    "memberships": lambda far: far.membership.pk,
}
"""Rows inside the form of another thing: `seats-0-id`."""
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


def test_ids_of_others_in_ones_own_forms_do_nothing(signed_in):
    """T-A2: every form that is shown is sent with ids of another world in it."""
    near = world()
    ours = rows_now()
    far = world(FAR)
    planted = plant(far, FAR)
    before = rows_now()
    of_far = {
        label: {pk: row for pk, row in rows.items() if pk not in ours[label]}
        for label, rows in before.items()
    }

    for who, role in STRANGERS.items():
        cache.clear()
        with transaction.atomic():
            swaps, read = sent_with_swaps(signed_in(near.people[who]), who, near, far)
            moved = changed(of_far, rows_now())
            mails = mails_with(planted)
            transaction.set_rollback(True)

        assert swaps >= SWAPS.get(who, 2), who
        assert planted.seen_in(read) <= planted.read_by(role), who
        assert mails == [], who
        assert [row for row in moved if not may_change(row)] == [], who


def sent_with_swaps(client, who: str, near: World, far: World) -> tuple[int, str]:
    """How many ids were swapped in all forms that this person reaches; the answers."""
    sent, answers, swaps = set(), [], 0
    for name, row in reached_by(who):
        address = reverse(name, args=row.arguments(near))
        for target, fields in forms_of(client, address, row):
            theirs = swapped(name, fields, near, far)
            form = (target, *fields, *theirs.items())
            if form not in sent:  # that of the language stands on every page
                sent.add(form)
                swaps += len(theirs)
                answers.append(words_of(client.post(target, fields | theirs)))
    return swaps, "".join(answers)


def reached_by(who: str) -> list[tuple[str, Row]]:
    """The addresses that are open to this person; by which one leaves, last."""
    found = [
        (name, row)
        for name, row in MATRIX.items()
        if row.expected(who) in {OK, MOVED}
        and name != "admin:logout"
        and (who in INSIDE or not name.startswith("admin:"))
    ]
    return sorted(found, key=lambda one: one[0] == "localities:leave")


def swapped(name: str, fields, near: World, far: World) -> dict[str, Any]:
    by_hand = SWAPPED_BY_HAND.get(name)
    given = by_hand(near, far) if by_hand else {}
    for field in fields:
        group, _number, part = field.rpartition("-")
        find = ROWS.get(group.split("-")[0]) if part == "id" else IDS.get(part)
        if find:
            given[field] = find(far)
    return given


def mails_with(planted) -> list[str]:
    known = {person.pk for person in planted.world.people.values() if person}
    return [
        notice.kind
        for notice in Notice.objects.exclude(recipient__in=known)
        if planted.seen_in(str(render(notice)))
    ]
