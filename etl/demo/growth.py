"""Grow townships and villages over neighbouring cells, each in one piece."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from etl.demo.faces import Contacts
from etl.demo.plane import Points, nearest

ROUGHNESS = 0.3
ROUNDS = 120


def travel_graph(points: Points, near: Contacts, rng: np.random.Generator) -> csr_array:
    """Say how far it is from each cell to its neighbours, crookedly.

    Returns:
        Symmetric (n, n) graph of lengths > 0; parts that do not touch are not linked.
    """
    a, b = near.a, near.b
    length = np.hypot(*(points[a] - points[b]).T) * np.exp(rng.normal(0.0, ROUGHNESS, len(a)))
    return _symmetric(a, b, length, len(points))


def ferried(
    graph: csr_array, points: Points, sources: NDArray[np.int64], region: NDArray[np.int64]
) -> csr_array:
    """Link every part without a source to the nearest cell of its region elsewhere.

    Some counties have exclaves. One with a source of its own stays by itself; one
    without is reached by a ferry, so that every cell belongs somewhere.

    Args:
        graph: lengths between n cells, none between regions.
        points: the cells' seeds (n, 2).
        sources: where growth starts.
        region: the region of each cell; each holds a source.
    """
    while True:
        _, part = connected_components(graph, directed=False)
        cut_off = np.flatnonzero(~np.isin(part, part[sources]))
        if not len(cut_off):
            return graph
        here = np.flatnonzero(part == part[cut_off[0]])
        there = np.flatnonzero((region == region[here[0]]) & (part != part[here[0]]))
        gap, closest = nearest(points[there], points[here])
        best = int(np.argmin(gap))
        ferry = np.array([here[best]]), np.array([there[closest[best, 0]]])
        graph = graph + _symmetric(*ferry, gap[[best], 0], len(points))


def grow(graph: csr_array, sources: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each cell to the nearest source by way of the graph: contiguous by nature."""
    _, _, source = dijkstra(graph, indices=sources, min_only=True, return_predecessors=True)
    number = np.full(graph.shape[0], -1)
    number[sources] = np.arange(len(sources))
    return number[source]


def grow_evenly(
    graph: csr_array,
    sources: NDArray[np.int64],
    wanted: NDArray[np.float64],
    least: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Grow one region per source, with about as many cells as wanted of each.

    Each source gets a head start, lengthened for regions that come out too small. A
    cell goes to the source with the least distance after head start; every cell on
    the way there goes to it too, so regions stay in one piece.

    Args:
        graph: lengths between n cells.
        sources: k distinct cells.
        wanted: cells wanted per region, only their proportions matter.
        least: cells each region must have.

    Returns:
        The region 0..k-1 of each cell: of all rounds, the one with the fewest cells
        short of ``least``, then the one nearest to what was wanted.
    """
    distance = np.asarray(dijkstra(graph, indices=sources))
    between = distance[:, sources]
    wanted = wanted * (graph.shape[0] / wanted.sum())
    start = np.zeros(len(sources))
    best, best_score = np.empty(0, dtype=np.int64), (np.inf, np.inf)
    for _ in range(ROUNDS):
        label = np.argmin(distance + start[:, None], axis=0)
        size = np.bincount(label, minlength=len(sources))
        miss = np.log(size.clip(0.5) / wanted)
        score = (float((least - size).clip(0).sum()), float((miss**2).sum()))
        if score < best_score:
            best, best_score = label, score
        reach = np.sqrt(
            np.bincount(label, distance[label, np.arange(len(label))] ** 2, len(sources))
            / size.clip(1)
        )
        start = start + 0.25 * reach.clip(np.median(reach) * 0.3) * miss.clip(-1.5, 1.5)
        # No region may start so late that a neighbour swallows its very source.
        start = np.minimum(start, (start[:, None] + 0.98 * between).min(axis=0))
    return best


def within(graph: csr_array, region: NDArray[np.int64]) -> csr_array:
    """Cut every link between cells of different regions."""
    links = graph.tocoo()
    same = region[links.row] == region[links.col]
    inside = (links.row[same], links.col[same])
    return csr_array((links.data[same], inside), shape=graph.shape)


def _symmetric(
    a: NDArray[np.int64], b: NDArray[np.int64], length: NDArray[np.float64], count: int
) -> csr_array:
    both = (np.concatenate([a, b]), np.concatenate([b, a]))
    return coo_array((np.tile(length, 2), both), shape=(count, count)).tocsr()
