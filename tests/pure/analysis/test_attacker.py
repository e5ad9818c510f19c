"""A reader with every table of two waves, and who may solve any sum.

Known to all: how many localities each region has, how many answered in all, and every
cell that is shown of needs and offers, themes, answers, and of their files (which hold
the same cells). For each cell that is hidden and small, in either wave, linear
programming looks for the least and the most that it can be: they must differ.
"""

import itertools
from functools import partial

import numpy as np
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog

from surveys.analysis.labels import Said
from surveys.analysis.quotes import spread
from surveys.analysis.response import Asked, response, who_answered
from surveys.analysis.tables import SIDES, Spoken, supply_demand

REGIONS = ("africa", "asia", "europe", "latin_america")
TOPICS = ("a", "b")
THEMES = ("x", "y")
PARTS = (*REGIONS, *SIDES)
tries = partial(settings, deadline=None, derandomize=True)


@st.composite
def networks(draw):
    """Homes of localities, and two waves of who answered and who said what."""
    regions = REGIONS[: draw(st.integers(1, 4))]
    homes = draw(st.lists(st.sampled_from(regions), min_size=3, max_size=18))
    dice = np.random.default_rng(draw(st.integers(0, 100_000)))
    loud = draw(st.sampled_from([0.1, 0.4, 0.9, 1.0]))
    first = one_wave(homes, dice, loud)
    quiet = draw(st.sets(st.integers(0, len(homes) - 1), max_size=3))
    second = one_wave(homes, dice, loud, like=first, changed=quiet)
    return regions, homes, first, second


THINGS = (*itertools.product(TOPICS, ("need", "offer")), *THEMES)


def one_wave(homes, dice, loud, like=None, changed=frozenset()):
    """By locality and side: what it says, or None where it has not answered.

    In a region nobody, some or all answer, and nobody, some or all say a thing.
    """
    answering = {region: dice.choice([0.3, 0.8, 1.0]) for region in REGIONS}
    saying = {
        (region, thing): dice.choice([0.0, loud / 2, 1.0])
        for region in REGIONS
        for thing in THINGS
    }
    wave = {}
    for unit, side in itertools.product(range(len(homes)), SIDES):
        home = homes[unit]
        if like is not None and unit not in changed:
            wave[unit, side] = like[unit, side]
        elif dice.random() < answering[home]:
            wave[unit, side] = [
                thing for thing in THINGS if dice.random() < saying[home, thing]
            ]
        else:
            wave[unit, side] = None
    return wave


def published(regions, homes, wave, before=None):
    """All that a member of the network can read or download of a wave."""
    asked = [
        Asked(unit, homes[unit], side, said is not None)
        for (unit, side), said in wave.items()
    ]
    said = [
        (unit, side, each) for (unit, side), all_ in wave.items() for each in all_ or ()
    ]
    answered = who_answered(asked, regions=regions)
    topics = supply_demand(
        [
            Spoken(unit, each[0], homes[unit], side, each[1])
            for unit, side, each in said
            if each not in THEMES
        ],
        topics=TOPICS,
        regions=regions,
        answered=answered,
        wave_before=before and before["topics"],
    )
    themes = spread(
        {
            theme: [
                Said(f"{unit}{side}", "", "en", unit, homes[unit], side)
                for unit, side, each in said
                if each == theme
            ]
            for theme in THEMES
        },
        regions,
        answered=answered,
        wave_before=before and before["themes"],
    )
    return {
        "topics": topics,
        "themes": themes,
        "response": response(asked, regions=regions),
    }


def truth(homes, wave):
    """Every cell as it is: (row, part) to a count of localities."""
    cells = {}

    def count(row, says):
        units = {
            key[0] for key, said in wave.items() if said is not None and says(said)
        }
        cells[row, "total"] = len(units)
        for region in REGIONS:
            cells[row, region] = sum(homes[unit] == region for unit in units)
        for side in SIDES:
            cells[row, side] = sum(
                (unit, side) in wave
                and wave[unit, side] is not None
                and says(wave[unit, side])
                for unit in range(len(homes))
            )

    count("answered", lambda _said: True)
    for row in (*itertools.product(TOPICS, ("need", "offer")), *THEMES):
        count(row, lambda said, row=row: row in said)
    return cells


def shown_cells(told):
    """The same cells as they are published; None is hidden."""
    cells = {}
    answered = told["response"]["answered"]
    cells["answered", "total"] = answered["total"]
    for name, cell in {**answered["by_region"], **answered["by_side"]}.items():
        cells["answered", name] = cell.get("count")
    for row in told["topics"]["topics"]:
        for kind, name in (("need", "needs"), ("offer", "offers")):
            key = (row["topic"], kind)
            cells[key, "total"] = row[name].get("count")
            for part, both in {**row["by_region"], **row["by_side"]}.items():
                cells[key, part] = both[name].get("count")
    for (theme, _), row in told["themes"].rows.items():
        cells[theme, "total"] = row.total
        for part, value in {**row.by_region, **row.by_side}.items():
            cells[theme, part] = value
    return cells


class Reader:
    """All sums and bounds that can be written down about one wave."""

    def __init__(self, told) -> None:
        self.cells = shown_cells(told)
        self.names = {name: place for place, name in enumerate(self.cells)}
        self.asked = told["response"]["asked"]
        self.equal, self.at_most = [], []
        for row in {row for row, _part in self.cells}:
            self.add_row(row)

    def add_row(self, row):
        total, answered = (row, "total"), ("answered", "total")
        here = [part for part in PARTS if (row, part) in self.cells]
        regions = [(row, part) for part in here if part in REGIONS]
        sides = [(row, part) for part in here if part in SIDES]
        self.equal.append(({total: 1, **dict.fromkeys(regions, -1)}, 0))
        self.at_most += [({side: 1, total: -1}, 0) for side in sides]
        self.at_most.append(({total: 1, **dict.fromkeys(sides, -1)}, 0))
        for part in here:
            limit = {**self.asked["by_region"], **self.asked["by_side"]}[part]
            self.at_most.append(({(row, part): 1}, limit))
            if row != "answered":
                self.at_most.append(({(row, part): 1, ("answered", part): -1}, 0))
        if row != "answered":
            self.at_most.append(({total: 1, answered: -1}, 0))

    def matrix(self, sums):
        rows = np.zeros((len(sums), len(self.names)))
        for line, (weights, _) in enumerate(sums):
            for name, weight in weights.items():
                rows[line, self.names[name]] += weight
        return rows, [value for _, value in sums]

    def bounds(self, wanted):
        goal = np.zeros(len(self.names))
        goal[self.names[wanted]] = 1
        limits = [
            (0, None) if value is None else (value, value)
            for value in self.cells.values()
        ]
        ends = []
        for sign in (1, -1):
            solved = linprog(
                sign * goal,
                *self.matrix(self.at_most),
                *self.matrix(self.equal),
                bounds=limits,
            )
            assert solved.status == 0
            ends.append(solved.x[self.names[wanted]])
        return ends


def determined(homes, wave, tables):
    """Cells that are hidden, stand for one or two, and can be worked out all the same."""
    reader, true = Reader(tables), truth(homes, wave)
    everyone = tables["response"]["asked"]["total"]
    if true["answered", "total"] in {0, 1, 2, everyone}:
        return []  # who answered in all is told to everybody
    found = []
    for name, value in reader.cells.items():
        assert value not in {1, 2} or name == ("answered", "total")
        if value is None and true[name] in {1, 2}:
            least, most = reader.bounds(name)
            if most - least < 1 - 1e-6:
                found.append((name, true[name]))
    return found


@given(networks())
@tries(max_examples=80)
def test_all_tables_of_two_waves_together_determine_no_small_cell(network):
    regions, homes, first, second = network
    before = published(regions, homes, first)
    after = published(regions, homes, second, before)

    assert determined(homes, first, before) == []
    assert determined(homes, second, after) == []


def said_by(homes, saying, silent=()):
    """Both sides of each locality answer but for the `silent`; `saying` say one need."""
    return {
        (unit, side): None if unit in silent else [("a", "need")] * (unit in saying)
        for unit, side in itertools.product(range(len(homes)), SIDES)
    }


def test_where_all_of_a_small_region_and_its_neighbour_say_it_no_sum_tells():
    homes = ["africa"] * 2 + ["asia"] * 5 + ["europe"] * 4 + ["latin_america"] * 5
    wave = said_by(homes, saying=range(14), silent={15})

    told = published(REGIONS, homes, wave)

    assert determined(homes, wave, told) == []


def test_two_that_answered_and_said_nothing_are_not_told_by_the_topics_beside_them():
    homes = ["africa"] * 5 + ["asia"] * 5 + ["europe"] * 5 + ["latin_america"] * 5
    wave = said_by(homes, saying=range(5, 10), silent={0, 1, 2})

    told = published(REGIONS, homes, wave)

    assert determined(homes, wave, told) == []


@given(networks())
@tries(max_examples=100)
def test_a_cell_hidden_in_one_wave_is_not_given_back_by_the_next(network):
    regions, homes, first, second = network
    before = published(regions, homes, first)

    after = published(regions, homes, second, before)

    was, now = shown_cells(before), shown_cells(after)
    for row, part in now.keys() - {("answered", "total")}:
        if row == "answered" or was[row, part] is not None or now[row, part] is None:
            continue
        total = was[row, "total"], now[row, "total"]
        moved = total[0] is None or abs(total[1] - total[0]) >= 3
        assert moved or now[row, part] == 0 or now[row, part] >= 3
