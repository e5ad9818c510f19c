"""Counts asked at once are the counts that are asked one by one."""

import pytest
from django.db import connection
from django.db.models import Count, Exists, F
from django.test.utils import CaptureQueriesContext

from localities.models import Locality, Region, Seat
from loci.core.counting import counted
from tests import make

pytestmark = pytest.mark.django_db


def test_many_counts_are_one_question():
    for _number in range(3):
        make.pair(make.locality(region_code="africa"))
    make.locality(region_code="asia")
    places = Locality.objects.all()
    queries = [
        places,
        places.filter(region__code="asia"),
        places.filter(seats__until=None).distinct(),
        places.annotate(taken=Count("seats")).filter(taken__lt=2).order_by("name"),
        places.none(),
        places.filter(name=F("slug")),
        Seat.objects.all(),
    ]
    single = [rows.count() for rows in queries]

    with CaptureQueriesContext(connection) as asked:
        counts, (has_regions,) = counted(queries, also=[Exists(Region.objects.all())])

    assert counts == single == [4, 1, 4, 1, 0, 0, 6]
    assert has_regions is True
    assert len(asked) == 1
