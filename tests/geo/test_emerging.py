import numpy as np
import pytest
from esda.getisord import G_Local
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.sparse import coo_array, csr_array

from geo.emerging import Pattern, bin_scores, classify, emergence
from geo.neighbours import touching
from tests.geo.test_hotspots import grid

STEPS = 10


def pattern(hot: str, cold: str = "", rises: int = 0) -> Pattern:
    """The pattern of one area; # is a hot step in the first text, a cold one in the second."""
    assert len(hot) == STEPS
    bins = [np.array([[each == "#" for each in text.ljust(STEPS)]]) for text in (hot, cold)]
    return Pattern(int(classify(*bins, np.array([rises], np.int8))[0]))


@pytest.mark.parametrize(
    ("hot", "cold", "rises", "expected"),
    [
        ("..........", "", 0, Pattern.NONE),
        ("...#......", "", 0, Pattern.NONE),
        (".........#", "", 0, Pattern.NEW),
        (".........#", "#.........", 0, Pattern.OSCILLATING),
        (".......###", "", 1, Pattern.CONSECUTIVE),
        (".......###", "##........", 0, Pattern.OSCILLATING),
        ("#........#", "", 0, Pattern.SPORADIC),
        ("##..##.###", "", 0, Pattern.SPORADIC),
        ("##..##.###", "..#.......", 0, Pattern.OSCILLATING),
        ("##########", "", 0, Pattern.PERSISTENT),
        (".#########", "", 0, Pattern.PERSISTENT),
        ("##########", "", 1, Pattern.INTENSIFYING),
        ("##########", "", -1, Pattern.DIMINISHING),
        ("#########.", "", 0, Pattern.HISTORICAL),
        ("########..", "", 0, Pattern.NONE),
    ],
)
def test_every_class(hot: str, cold: str, rises: int, expected: Pattern) -> None:
    assert pattern(hot, cold, rises) is expected


@given(st.data())
def test_every_history_has_one_class(data: st.DataObject) -> None:
    history = data.draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=2, max_size=24))
    kind = np.array([history], np.int8)
    hot = classify(kind == 1, kind == -1, np.zeros(1, np.int8))[0]
    cold = classify(kind == -1, kind == 1, np.zeros(1, np.int8))[0]
    assert not (hot and cold), "a place is not hot and cold"
    assert bool(hot) == (history[-1] == 1 or hot == Pattern.HISTORICAL)


def test_bins_are_compared_with_their_neighbours_in_space_and_time() -> None:
    """The reference: the usual statistic over all bins, with the neighbourhood written out."""
    polygons, steps = grid(4), 5
    values = np.random.default_rng(2).gamma(1.0, 5.0, (16, steps))
    weights = touching(polygons)
    space = coo_array(weights)
    rows, columns = [], []
    for step in range(steps):
        for other in (step, step - 1):
            if other >= 0:
                rows.append(space.row * steps + step)
                columns.append(space.col * steps + other)
    places = np.concatenate(rows), np.concatenate(columns)
    whole = csr_array((np.ones(len(places[0])), places), shape=(16 * steps, 16 * steps))
    graph = Graph.from_sparse(whole)
    reference = G_Local(values.ravel(), graph, transform="B", star=True, permutations=0).Zs
    assert bin_scores(values, weights).ravel() == pytest.approx(reference)


def test_planted_patterns_are_named() -> None:
    draw = np.random.default_rng(7)
    counts = draw.poisson(5, (900, 24)).astype(float).reshape(30, 30, 24)
    counts[2:7, 2:7] += draw.poisson(20, (5, 5, 24))
    counts[20:25, 20:25, 20:] += draw.poisson(20, (5, 5, 4))
    counts[2:7, 20:25, :22] += draw.poisson(20, (5, 5, 22))
    found = emergence(counts.reshape(900, 24), touching(grid(30))).pattern.reshape(30, 30)
    # Of series without a trend, one in twenty seems to have one.
    always = (Pattern.PERSISTENT, Pattern.INTENSIFYING, Pattern.DIMINISHING)
    assert np.isin(found[3:6, 3:6], always).all()
    assert (found[21:24, 21:24] == Pattern.CONSECUTIVE).all()
    assert (found[3:6, 21:24] == Pattern.HISTORICAL).all()
    assert (found == 0).mean() > 0.8


def test_what_is_hot_is_cold_when_all_values_turn_their_sign() -> None:
    """Growing, shrinking and steady spots, one that comes and goes: their opposites alike."""
    draw, steps = np.random.default_rng(10), 24
    values = draw.normal(0, 1, (900, steps)).reshape(30, 30, steps)
    values[2:7, 2:7] += np.linspace(2, 6, steps)
    values[2:7, 12:17] += np.linspace(6, 2, steps)
    values[2:7, 22:27] += 4
    values[20:25, 2:7] += np.where(np.arange(steps) % 6 < 3, -4, 4)
    values[20:25, 12:17, -1] += 8
    weights = touching(grid(30))
    found, turned = (emergence(sign * values.reshape(900, steps), weights) for sign in (1, -1))
    assert turned.pattern.tolist() == (-found.pattern).tolist()
    assert turned.z == pytest.approx(-found.z)
    named = found.pattern.reshape(30, 30)
    assert (named[3:6, 3:6] == Pattern.INTENSIFYING).all()
    assert (named[3:6, 13:16] == Pattern.DIMINISHING).all()
    assert (named[21:24, 3:6] == Pattern.OSCILLATING).all()
    assert (named[21:24, 13:16] == Pattern.NEW).all()
    # Of what is nearly always hot, the trend of its scores decides; one in twenty by chance.
    always = np.isin(found.pattern, [3, 4, 5])
    trend = np.where(found.trend_p < 0.05, np.sign(found.trend_z), 0)
    assert (found.pattern[always] == 4 - trend[always]).all()
    assert set(trend[always]) == {-1, 0, 1}


def test_two_steps_of_one_place_by_hand() -> None:
    """Values 0 and 10: mean 5, deviation 5; around the last step lies all there is."""
    one = csr_array(np.eye(1))
    assert bin_scores(np.array([[0.0, 10.0]]), one).tolist() == [[-1, 0]]
    assert bin_scores(np.array([[3.0]]), one).tolist() == [[0]]


def test_nothing_at_all_has_no_pattern() -> None:
    assert not emergence(np.zeros((9, 6)), touching(grid(3))).pattern.any()
