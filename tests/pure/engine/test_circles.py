import random

from hypothesis import given, settings, strategies as st

from matchmaking.engine.circles import LEAST, MOST, circles
from matchmaking.engine.statements import Need

LANGUAGES = ("en", "es", "fr", "uk")


def need(number, unit, topic="a", languages=("en",)):
    return Need(
        id=f"{number:04d}",
        unit=unit,
        side="government",
        topic=topic,
        area="x",
        languages=tuple(languages),
    )


def sizes(found):
    return sorted(len(group.units) for group in found)


def test_three_with_one_need_are_a_circle_and_two_are_not():
    three = [need(n, n) for n in range(3)]

    assert [group.units for group in circles(three, interpreted=False)] == [(0, 1, 2)]
    assert circles(three[:2], interpreted=True) == ()


def test_many_are_split_into_few_even_circles():
    assert sizes(circles([need(n, n) for n in range(17)], interpreted=True)) == [
        5,
        6,
        6,
    ]


def test_one_language_sits_together_and_the_rest_meets_with_interpretation():
    needs = [need(n, n, languages=["es"]) for n in range(3)]
    needs += [need(n, n, languages=[LANGUAGES[n % 4]]) for n in (4, 6, 7)]

    found = circles(needs, interpreted=True)

    assert [(group.language, group.units) for group in found] == [
        ("es", (0, 1, 2)),
        ("", (4, 6, 7)),
    ]
    assert len(circles(needs, interpreted=False)) == 1


def test_what_nobody_answers_comes_first_and_nobody_sits_twice():
    needs = [need(n, n, topic="common") for n in range(6)]
    needs += [need(10 + n, n, topic="rare") for n in range(3)]

    found = circles(needs, unserved=[0, 1, 2], interpreted=True)

    assert [(group.topic, group.units) for group in found] == [
        ("common", (0, 1, 2, 3, 4, 5))
    ]
    alone = circles(needs[6:] + needs[3:6], unserved=[0, 1, 2], interpreted=True)
    assert [group.topic for group in alone] == ["rare", "common"]


def test_who_is_left_over_sits_around_a_related_topic():
    needs = [need(n, n, topic="a") for n in range(3)]
    needs += [need(3, 3, "b"), need(4, 4, "c"), need(5, 5, "d"), need(6, 0, "d")]
    related = [("b", "c"), ("c", "d")]

    found = circles(needs, interpreted=False, related=related)

    assert [(group.topic, group.units) for group in found] == [
        ("a", (0, 1, 2)),
        ("c", (3, 4, 5)),
    ]
    assert len(circles(needs, interpreted=False)) == 1


asked = st.lists(
    st.tuples(
        st.integers(0, 14),
        st.sampled_from("abc"),
        st.sets(st.sampled_from(LANGUAGES), min_size=1, max_size=2),
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(asked, st.booleans(), st.sets(st.integers(0, 14)), st.integers())
def test_circles_keep_their_promises(rows, interpreted, unserved, seed):
    needs = [need(at, *row) for at, row in enumerate(rows)]

    found = circles(needs, unserved, interpreted=interpreted)

    seated = [unit for group in found for unit in group.units]
    assert len(seated) == len(set(seated))
    for group in found:
        assert LEAST <= len(group.units) <= MOST
        assert {row.topic for row in group.needs} == {group.topic}
        if group.language:
            assert all(group.language in row.languages for row in group.needs)
        else:
            assert interpreted
    shuffled = needs.copy()
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    assert circles(shuffled, unserved, interpreted=interpreted) == found


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 60))
def test_with_interpretation_everybody_of_one_topic_gets_a_place(count):
    needs = [need(n, n, languages=[LANGUAGES[n % 4]]) for n in range(count)]

    found = circles(needs, interpreted=True)

    left = count - sum(sizes(found))
    assert left < LEAST  # never enough for another circle
