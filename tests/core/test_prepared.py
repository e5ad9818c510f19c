"""A prepared query says the same as the one the ORM would write anew."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import JSONObject
from django.test.utils import CaptureQueriesContext

from localities.models import Locality
from loci.core.prepared import Prepared, partly
from tests import make

pytestmark = pytest.mark.django_db


def of_a_region(code: str, name: str):
    return Locality.objects.filter(region__code=code, name=name).annotate(
        region_name=F("region__name"),
        its_facts=JSONObject(region="region__code"),
        same=Value(code),
    )


def prepared() -> Any:
    return Prepared(of_a_region, code="\ue000code", name="\ue000name")


def test_it_finds_what_its_slots_say_each_time():
    one = make.locality("Makueni", region_code="africa")
    other = make.locality("Kaduna", region_code="west")
    query = prepared()

    for place in (one, other, one):
        found = query.one(code=place.region.code, name=place.name)
        assert found == place
        assert found.region_name == place.region.name
        assert found.same == place.region.code
    assert query.one(code="africa", name="Kaduna") is None


def test_annotations_come_as_their_types():
    place = make.locality("Makueni")

    found = prepared().one(code=place.region.code, name="Makueni")

    assert found.its_facts == {"region": place.region.code}


def test_a_value_is_never_part_of_the_sql():
    place = make.locality("O'Brien %s; DROP")

    assert prepared().one(code=place.region.code, name=place.name) == place


def test_a_slot_that_the_query_forgot_is_noticed():
    query = Prepared(
        lambda code, **_other: Locality.objects.filter(region__code=code),
        code="\ue000code",
        name="\ue000name",
    )

    with pytest.raises(ValueError, match="name"):
        query.one(code="africa", name="Makueni")


def test_a_row_known_in_part_fetches_the_rest_when_asked():
    place = make.locality("Makueni")

    row = partly(Locality, name="Other words", id=place.pk)

    with CaptureQueriesContext(connection) as asked:
        assert (row.pk, row.name) == (place.pk, "Other words")
    assert not asked
    assert row.slug == place.slug
