import numpy as np
import pytest
import shapely
from esda.getisord import G_Local
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.sparse import csr_array
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from geo.hotspots import scores, spots
from geo.neighbours import touching, within


def grid(side: int) -> np.ndarray:
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    return shapely.box(column.ravel(), row.ravel(), column.ravel() + 1, row.ravel() + 1)


def reference(values: np.ndarray, polygons: np.ndarray) -> np.ndarray:
    graph = Graph.build_contiguity(GeoSeries(polygons), rook=False).assign_self_weight()
    return np.asarray(G_Local(values, graph, transform="B", star=True, permutations=0).Zs)


def test_neighbours_share_a_border_or_a_corner() -> None:
    matrix = touching(grid(3)).toarray()
    assert (matrix == matrix.T).all()
    assert matrix.sum(axis=1).tolist() == [4, 6, 4, 6, 9, 6, 4, 6, 4]
    assert set(np.unique(matrix)) == {0.0, 1.0}


def test_neighbours_within_a_radius() -> None:
    x_m = np.array([0.0, 3.0, 6.0, 100.0])
    matrix = within(x_m, np.zeros(4), 3.0).toarray()
    assert matrix.tolist() == [[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]]


@given(st.integers(4, 7), st.integers(0, 2**32 - 1))
def test_scores_equal_the_reference(side: int, seed: int) -> None:
    values = np.random.default_rng(seed).gamma(1.0, 5.0, side * side)
    polygons = grid(side)
    assert scores(values, touching(polygons)) == pytest.approx(
        reference(values, polygons), abs=1e-9
    )


def test_large_values_keep_their_digits() -> None:
    values = np.random.default_rng(1).normal(0, 1, 49)
    weights = touching(grid(7))
    assert scores(values + 1e9, weights) == pytest.approx(scores(values, weights), abs=1e-5)


def test_two_areas_apart_lie_one_deviation_from_their_mean() -> None:
    """Values 0 and 10: mean 5, deviation 5, and each area is all of its own neighbourhood."""
    alone = csr_array(np.eye(2))
    assert scores(np.array([0.0, 10.0]), alone).tolist() == [-1, 1]
    # The unit of the values, a rate of a millionth say, is nothing to the scores.
    assert scores(np.array([0.0, 1e-6]), alone) == pytest.approx([-1, 1])


def test_a_planted_spot_is_found_and_its_opposite_is_cold() -> None:
    draw = np.random.default_rng(3)
    values = draw.poisson(10, 400).astype(float)
    hot, cold = np.zeros((20, 20), bool), np.zeros((20, 20), bool)
    hot[3:7, 3:7], cold[12:17, 12:17] = True, True
    values[hot.ravel()] *= 4
    values[cold.ravel()] = 1
    found = spots(values, touching(grid(20)))
    assert (found.kind.reshape(20, 20)[4:6, 4:6] == 1).all()
    assert (found.kind.reshape(20, 20)[14:16, 14:16] == -1).all()
    away = np.ones((20, 20), bool)
    away[2:8, 2:8] = away[11:18, 11:18] = False
    assert (found.kind[away.ravel()] == 0).all()


def test_the_correction_equals_the_reference() -> None:
    values = np.random.default_rng(4).gamma(1.0, 5.0, 100)
    found = spots(values, touching(grid(10)))
    _, corrected, _, _ = multipletests(2 * norm.sf(np.abs(found.z)), method="fdr_bh")
    assert found.p == pytest.approx(corrected)


def test_chance_alone_makes_few_spots() -> None:
    weights = touching(grid(20))
    draw = np.random.default_rng(5)
    found = [np.any(spots(draw.normal(size=400), weights).kind) for _ in range(100)]
    assert np.mean(found) < 0.15


@pytest.mark.parametrize("values", [[], [3.0], [2.0, 2.0, 2.0]])
def test_nothing_to_compare_is_no_spot(values: list[float]) -> None:
    weights = csr_array(np.ones((len(values), len(values))))
    found = spots(np.array(values), weights)
    assert not found.z.any()
    assert not found.kind.any()
    assert found.p.tolist() == [1.0] * len(values)
