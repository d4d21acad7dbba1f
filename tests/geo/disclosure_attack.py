"""Whoever wants to know what is hidden: the published counts of a table, given to a solver."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from geo.disclosure import HIDDEN, LEAST, STEP, Integers, Published, rounded


@dataclass(frozen=True)
class Node:
    """A count of the table: of a row (0 the whole) over some months."""

    row: int
    months: tuple[int, ...]


class Attack:
    """What can be worked out from the published counts of one table.

    The unknowns are the incidents of each part and month, and of no known part and month;
    their sums are the counts. Those published are given to within ``slack``.
    """

    def __init__(self, counts: Integers, published: Published, *, exact: bool) -> None:
        """Set up the equations.

        Args:
            counts: shape (n + 1, m), the truth; row 0 the whole.
            published: what is shown of it.
            exact: whether the attacker knows the published counts before they are rounded,
                and, for what they want to know of a part, how many incidents of each month
                are in no known one.
        """
        self._counts, self._exact = counts, exact
        self._shape = counts.shape
        self.nodes = dict(_nodes(published))
        shown = {node: count for node, count in self.nodes.items() if count != HIDDEN}
        self._matrix = csr_array([self._sum(node) for node in shown]) if shown else None
        values = np.array(list(shown.values()))
        if exact:
            self._low = self._high = values
        else:
            near = rounded(values)
            self._low = np.maximum(near - STEP // 2, LEAST)
            self._high = near + STEP // 2
        self._rest = counts[0] - counts[1:].sum(axis=0)

    def truth(self, node: Node) -> int:
        """The count that a node has."""
        return int(self._counts[node.row, list(node.months)].sum())

    def small(self) -> list[Node]:
        """The counts below the least that is published."""
        return [node for node in self.nodes if self.truth(node) < LEAST]

    def reach(self, node: Node, *, whole: bool = False) -> tuple[float, float]:
        """The least and the most that a count can be.

        Args:
            node: the count.
            whole: whether incidents are whole; the solver takes longer.
        """
        aim = self._sum(node)
        bounds = self._limits(node)
        least, most = (self._solve(sign * aim, bounds, whole=whole) for sign in (1, -1))
        return least, -most

    def _limits(self, node: Node) -> tuple[np.ndarray, np.ndarray]:
        """The least and the most of each unknown."""
        lower = np.zeros(self._counts.size)
        # Far enough for any hidden count, and the solver needs a bound.
        upper = np.full(self._counts.size, 10.0 * self._counts.sum() + 100)
        if self._exact and node.row:
            lower[: len(self._rest)] = upper[: len(self._rest)] = self._rest
        return lower, upper

    def _solve(
        self, aim: np.ndarray, bounds: tuple[np.ndarray, np.ndarray], *, whole: bool
    ) -> float:
        lower, upper = bounds
        if whole:
            rules = (
                []
                if self._matrix is None
                else [LinearConstraint(self._matrix, self._low, self._high)]
            )
            found = milp(aim, constraints=rules, bounds=Bounds(lower, upper), integrality=1)
        else:
            rules = {}
            if self._matrix is not None:
                both = np.vstack([self._matrix.toarray(), -self._matrix.toarray()])
                rules = {"A_ub": both, "b_ub": np.concatenate([self._high, -self._low])}
            found = linprog(aim, bounds=np.column_stack([lower, upper]), **rules)
        assert found.status == 0, found.message
        return float(found.fun)

    def _sum(self, node: Node) -> np.ndarray:
        """Which unknowns a count is the sum of; row 0 of them is in no known part."""
        chosen = np.zeros(self._shape)
        rows = range(self._shape[0]) if node.row == 0 else [node.row]
        chosen[np.ix_(list(rows), list(node.months))] = 1
        return chosen.ravel()


def _nodes(published: Published) -> Iterator[tuple[Node, int]]:
    months = published.months.shape[1]
    first_year = published.first_month // 12
    for row in range(len(published.months)):
        for at in range(months):
            yield Node(row, (at,)), int(published.months[row, at])
        for at in range(published.quarters.shape[1]):
            yield Node(row, tuple(range(3 * at, 3 * at + 3))), int(published.quarters[row, at])
        for at in range(published.years.shape[1]):
            first = 12 * (first_year + at) - published.first_month
            if first >= 0 and first + 12 <= months:
                node = Node(row, tuple(range(first, first + 12)))
                yield node, int(published.years[row, at])
