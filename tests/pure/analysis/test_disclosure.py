"""A reader who wants to know what is hidden, and may solve any sum to get it."""

import itertools
from collections import defaultdict
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog

from surveys.analysis.blocks import Counts
from surveys.analysis.suppression import suppress
from surveys.analysis.tables import SIDES, Spoken, supply_demand

REGIONS = ("africa", "asia", "europe", "latin_america", "pacific")
TOPICS = ("a", "b", "c")
tries = partial(settings, deadline=None, derandomize=True)


@st.composite
def waves(draw):
    """A wave in which some topics are crowded and others are nearly silent."""
    regions = REGIONS[: draw(st.integers(1, 5))]
    home = draw(st.lists(st.sampled_from(regions), min_size=1, max_size=24))
    loud = [draw(st.sampled_from([0.0, 0.05, 0.3, 0.9])) for _ in range(6)]
    dice = np.random.default_rng(draw(st.integers(0, 10_000)))
    rows = [
        Spoken(unit, topic, region, side, kind)
        for unit, region in enumerate(home)
        for chance, (topic, kind) in zip(
            loud, itertools.product(TOPICS, ("need", "offer")), strict=True
        )
        for side in (*SIDES, "joint")
        if dice.random() < chance / 2
    ]
    return regions, rows


@st.composite
def two_versions(draw):
    """A wave, and the same wave after a few localities have changed their answers."""
    regions, rows = draw(waves())
    changed = draw(st.sets(st.integers(0, 23), max_size=5))
    kept = [row for row in rows if row.unit not in changed]
    home = {row.unit: row.region for row in rows}
    added = [
        Spoken(unit, topic, home[unit], "joint", "need")
        for unit in sorted(changed & home.keys())
        for topic in draw(st.sets(st.sampled_from(TOPICS)))
    ]
    return regions, rows, kept + added


class Sums:
    """All that a reader can write down: unknowns, sums and bounds."""

    def __init__(self) -> None:
        self.names, self.equal, self.at_most = {}, [], []

    def known(self, name, cell):
        column = self.names.setdefault(name, len(self.names))
        if "count" in cell:
            self.equal.append(({column: 1}, cell["count"]))
        return column

    def read(self, result, version=""):
        everywhere = {}
        for row in result["topics"]:
            for kind in ("needs", "offers"):
                key = (version, row["topic"], kind)
                total = self.known(key, row[kind])
                parts = [
                    self.known((*key, region), cells[kind])
                    for region, cells in row["by_region"].items()
                ]
                self.equal.append(({total: 1, **dict.fromkeys(parts, -1)}, 0))
                sides = [
                    self.known((*key, side), cells[kind])
                    for side, cells in row["by_side"].items()
                ]
                for side in sides:
                    self.at_most.append(({side: 1, total: -1}, 0))
                self.at_most.append(({total: 1, **dict.fromkeys(sides, -1)}, 0))
                everywhere[total] = -1
                if result["units"] is not None:
                    self.at_most.append(({total: 1}, result["units"]))
        if result["units"] is not None:
            self.at_most.append((everywhere, -result["units"]))

    def bounds(self, name):
        """The least and the most that a hidden cell can be."""
        column = self.names[name]
        goal = np.zeros(len(self.names))
        goal[column] = 1
        ends = []
        for sign in (1, -1):
            solved = linprog(
                sign * goal,
                *self.matrix(self.at_most),
                *self.matrix(self.equal),
                bounds=(0, 100),
            )
            assert solved.status == 0
            ends.append(solved.x[column])
        return ends

    def matrix(self, rows):
        if not rows:
            return None, None
        matrix = np.zeros((len(rows), len(self.names)))
        for line, (weights, _) in enumerate(rows):
            for column, weight in weights.items():
                matrix[line, column] = weight
        return matrix, [value for _, value in rows]


def cells(result, version=""):
    for row in result["topics"]:
        for kind in ("needs", "offers"):
            key = (version, row["topic"], kind)
            yield key, row[kind]
            for name, both in {**row["by_region"], **row["by_side"]}.items():
                yield (*key, name), both[kind]


def shown(result):
    return {name: cell["count"] for name, cell in cells(result) if "count" in cell}


@given(waves())
@tries(max_examples=30)
def test_no_sum_over_what_is_published_determines_a_hidden_cell(wave):
    regions, rows = wave
    result = supply_demand(rows, topics=TOPICS, regions=regions)
    reader = Sums()
    reader.read(result)

    for name, cell in cells(result):
        if "hidden" in cell:
            least, most = reader.bounds(name)
            assert most - least > 1 - 1e-6


@given(waves())
@tries(max_examples=200)
def test_no_small_count_is_shown(wave):
    regions, rows = wave

    result = supply_demand(rows, topics=TOPICS, regions=regions)

    assert not {1, 2} & set(shown(result).values())


@given(two_versions())
@tries(max_examples=200)
def test_two_versions_of_a_wave_do_not_show_what_one_or_two_localities_changed(pair):
    regions, before, after = pair
    first = supply_demand(before, topics=TOPICS, regions=regions)

    second = supply_demand(after, topics=TOPICS, regions=regions, earlier=first)

    was, now = shown(first), shown(second)
    assert now.keys() <= was.keys()
    assert not {abs(now[name] - was[name]) for name in now} & {1, 2}
    assert abs((first["units"] or 0) - (second["units"] or 0)) not in {1, 2}


@given(two_versions())
@tries(max_examples=15)
def test_two_versions_together_determine_no_hidden_cell(pair):
    """The reader takes every row that looks the same twice to be the same."""
    regions, before, after = pair
    first = supply_demand(before, topics=TOPICS, regions=regions)
    second = supply_demand(after, topics=TOPICS, regions=regions, earlier=first)
    reader = Sums()
    reader.read(first, "first")
    reader.read(second, "second")
    same = [
        (old["topic"], kind)
        for old, new in itertools.product(first["topics"], second["topics"])
        for kind in ("needs", "offers")
        if old["topic"] == new["topic"] and old[kind] == new[kind]
    ]
    for name in list(reader.names):
        if name[0] == "first" and name[1:3] in same:
            twin = reader.names["second", *name[1:]]
            reader.equal.append(({reader.names[name]: 1, twin: -1}, 0))

    for version, result in (("first", first), ("second", second)):
        for name, cell in cells(result, version):
            if "hidden" in cell:
                least, most = reader.bounds(name)
                assert most - least > 1 - 1e-6


@given(two_versions())
@tries(max_examples=200)
def test_the_next_wave_hides_again_what_has_hardly_changed(pair):
    regions, before, after = pair
    first = supply_demand(before, topics=TOPICS, regions=regions)

    second = supply_demand(after, topics=TOPICS, regions=regions, wave_before=first)

    was, now = shown(first), shown(second)
    for name in now.keys() - was.keys():
        total = name[:3]
        assert now[total] == 0 or now[total] >= 5
        assert total not in was or abs(now[total] - was[total]) >= 3 or now[name] == 0
    assert not {1, 2} & set(now.values())


@pytest.mark.parametrize("few", ["", "A", "AC", "BD"])
@pytest.mark.parametrize("regions", ["AB", "ABC", "ABCD"])
def test_running_the_rules_backwards_determines_nothing(regions, few):
    """Every table that would have been published just so leaves each hidden cell open."""
    most = 9
    everybody = Counts(
        40,
        {name: 2 if name in few else 20 for name in regions},
        dict.fromkeys("gc", 20),
    )
    beside = Counts(
        40, dict.fromkeys(regions, 40 // len(regions)), dict.fromkeys("gc", 20)
    )
    behind = defaultdict(list)
    for counts in itertools.product(range(most + 1), repeat=len(regions)):
        if any(
            count > 2
            for name, count in zip(regions, counts, strict=True)
            if name in few
        ):
            continue
        true = Counts(sum(counts), dict(zip(regions, counts, strict=True)), {})
        table = {("t", "need"): true, ("u", "need"): beside}
        row = suppress(table, everybody=everybody).rows["t", "need"]
        behind[repr(row)].append((row, true))

    for tables in behind.values():
        row, _ = tables[0]
        if any(true.total > most for _, true in tables):
            continue  # some tables behind this one were not tried
        for name in regions:
            possible = {true.by_region[name] for _, true in tables}
            assert row.by_region[name] is not None or len(possible) > 1


def test_running_the_rules_backwards_on_two_sides_determines_nothing():
    everybody = Counts(40, {"A": 40}, {"g": 40, "c": 40})
    beside = Counts(40, {"A": 40}, {"g": 40, "c": 40})
    behind = defaultdict(list)
    for alone, other, both in itertools.product(range(8), repeat=3):
        total = alone + other + both
        true = Counts(total, {"A": total}, {"g": alone + both, "c": other + both})
        table = {("t", "need"): true, ("u", "need"): beside}
        row = suppress(table, everybody=everybody).rows["t", "need"]
        behind[repr(row)].append((row, true))

    for tables in behind.values():
        row, _ = tables[0]
        for side in "gc":
            possible = {true.by_side[side] for _, true in tables}
            assert row.by_side[side] is not None or len(possible) > 1


def test_where_all_totals_would_have_to_be_two_one_more_is_hidden():
    rows = [
        Spoken(unit, topic, "asia", "joint", "need")
        for unit, topic in enumerate("aabbccc")
    ]

    result = supply_demand(rows, topics=TOPICS, regions=("asia",))

    assert [name for name in shown(result) if name[2] == "needs"] == []
    assert result["units"] == 7
