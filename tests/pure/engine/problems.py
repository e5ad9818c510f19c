"""Problems for the engine's tests, and what brute force says about them."""

from itertools import product

import numpy as np
from hypothesis import strategies as st

from matchmaking.engine.levels import levels_of
from matchmaking.engine.problem import Problem


def problem(*pairs, want, capacity, **more):
    """A problem from (receiver, helper, weight)."""
    columns = list(zip(*pairs, strict=True)) if pairs else [(), (), ()]
    return Problem(*map(np.array, columns), np.array(want), np.array(capacity), **more)


@st.composite
def problems(draw, most=4, pairs=10):
    """Small problems: up to `most` on each side, ties and zeros among the weights."""
    receivers, helpers = draw(st.integers(1, most)), draw(st.integers(1, most))
    every = list(product(range(receivers), range(helpers)))
    chosen = draw(st.lists(st.sampled_from(every), unique=True, max_size=pairs))
    count = len(chosen)
    weight = draw(st.lists(st.integers(0, 12), min_size=count, max_size=count))
    state = draw(st.lists(st.sampled_from("    pvk"), min_size=count, max_size=count))
    state = np.array(state, "<U1")
    receiver = np.array([u for u, _ in chosen], np.int32)
    helper = np.array([h for _, h in chosen], np.int32)
    pin = state == "p"
    several = st.integers(0, 3)
    want = draw(st.lists(several, min_size=receivers, max_size=receivers))
    places = draw(st.lists(several, min_size=helpers, max_size=helpers))
    demand = draw(st.lists(several, min_size=receivers, max_size=receivers))
    more = {
        "want": np.maximum(want, np.bincount(receiver[pin], minlength=receivers)),
        "capacity": np.maximum(places, np.bincount(helper[pin], minlength=helpers)),
        "demand": np.array(demand) * draw(st.booleans()),
        "kept": state == "k",
    }
    return Problem(
        receiver, helper, np.array(weight) / 12, pin=pin, veto=state == "v", **more
    )


def answers(given):
    """Every set of pairs that keeps the rules: bool[answers, pairs]."""
    count = given.size[0]
    rows = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    rows = rows.astype(bool)
    lawful = (rows | ~given.pin).all(axis=1) & ~(rows & given.veto).any(axis=1)
    for side, limit in ((given.receiver, given.want), (given.helper, given.capacity)):
        load = rows.astype(int) @ np.eye(len(limit), dtype=int)[side].reshape(
            count, len(limit)
        )
        lawful &= (load <= limit).all(axis=1)
    return rows[lawful]


def worth(given, chosen, goal, levels):
    """What the goal looks at, in order; the larger the better."""
    level = levels_of(given.weight, levels)
    best = np.zeros(given.size[1], int)
    np.maximum.at(best, given.receiver[chosen], level[chosen])
    got = np.bincount(given.receiver[chosen], minlength=given.size[1])
    met = np.minimum(got, np.minimum(given.demand, given.want)).sum()
    total = round(float(given.weight[chosen].sum()), 9)
    changes = int((chosen != given.kept).sum()) if given.kept.any() else 0
    floors = tuple(sorted(best[given.want > 0].tolist())) if goal == "fair" else ()
    return floors, int(met), total, -changes


def best_worth(given, goal, levels):
    """The best that any answer reaches."""
    return max(worth(given, chosen, goal, levels) for chosen in answers(given))
