import itertools

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import nbinom, poisson

from geo.expecting import LEAST_DAYS, Baseline, baseline, scatter_by_week
from geo.loglinear import fit_counts
from geo.onset import Run, find_runs, goes_on, scan

FIRST = 19_000
FACTORS = np.array([1.2, 1.0, 1.0, 1.1, 0.9, 0.5, 0.4])


def _days(count: int) -> np.ndarray:
    return np.arange(FIRST, FIRST + count)


def _means(day: np.ndarray, level: float = 6.0) -> np.ndarray:
    season = np.exp(0.3 * np.sin(2 * np.pi * day / 365.25) + 0.03 * (day - FIRST) / 365.25)
    return level * FACTORS[(day + 3) % 7] * season


def _dummies(day: np.ndarray) -> np.ndarray:
    """The same model, written down a second time: pandas-like dummies and other units."""
    weekday = np.array([np.datetime64(int(each), "D").item().weekday() for each in day])
    turn = 2 * np.pi * day / 365.25
    return np.column_stack(
        [
            np.ones(len(day)),
            *(weekday == each for each in range(1, 7)),
            *(np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn)),
            (day - FIRST) / 365.25,
        ]
    ).astype(float)


@pytest.mark.parametrize("scatter", [1.0, 2.5])
def test_the_regression_equals_statsmodels(scatter: float) -> None:
    draw, day = np.random.default_rng(5), _days(800)
    mean = _means(day)
    counts = draw.poisson(draw.gamma(mean / scatter, scatter) if scatter > 1 else mean)
    found = fit_counts(_dummies(day), counts)
    reference = sm.GLM(counts, _dummies(day), family=sm.families.Poisson()).fit(scale="X2")
    assert found is not None
    assert found.coefficients == pytest.approx(reference.params, rel=1e-6, abs=1e-9)
    assert found.dispersion == pytest.approx(max(1.0, reference.scale), rel=1e-8)
    covariance = reference.cov_params() * found.dispersion / reference.scale
    assert found.covariance == pytest.approx(covariance, rel=1e-6, abs=1e-12)


def test_the_expectation_and_its_limits_equal_statsmodels() -> None:
    draw, history, ahead = np.random.default_rng(3), _days(900), _days(930)[900:]
    mean = _means(history)
    counts = draw.poisson(draw.gamma(mean, 1.0))
    found = baseline(history, counts)
    assert found is not None
    assert found.parts == ("weekday", "season", "trend")
    reference = sm.GLM(counts, _dummies(history), family=sm.families.Poisson()).fit(scale="X2")
    assert found.fit.dispersion == pytest.approx(reference.scale, rel=1e-6)
    assert found.fit.freedom == reference.df_resid == 900 - 12
    predicted = reference.get_prediction(_dummies(ahead))
    band = found.over(ahead, np.arange(30))
    assert band.mean == pytest.approx(predicted.predicted_mean, rel=1e-5)
    variance = reference.scale * predicted.predicted_mean + predicted.var_pred_mean
    size = predicted.predicted_mean**2 / (variance - predicted.predicted_mean)
    share = predicted.predicted_mean / variance
    assert band.high == pytest.approx(nbinom.ppf(0.975, size, share), abs=1)
    assert band.low == pytest.approx(nbinom.ppf(0.025, size, share), abs=1)
    whole = found.over(ahead, np.zeros(30, int))
    assert whole.mean[0] == pytest.approx(band.mean.sum())
    # A sum scatters less than its parts do together.
    assert whole.high[0] - whole.low[0] < (band.high - band.low).sum()


def test_new_counts_keep_the_limits_as_often_as_said() -> None:
    history, ahead, inside = _days(400), _days(430)[400:], []
    draw = np.random.default_rng(11)
    for _ in range(40):
        found = baseline(history, draw.poisson(_means(history)))
        assert found is not None
        band = found.over(ahead, np.arange(30))
        new = draw.poisson(_means(ahead))
        inside.append(((new >= band.low) & (new <= band.high)).mean())
    assert 0.93 < np.mean(inside) < 0.99


def test_little_history_gives_a_simple_expectation_and_none_no_expectation() -> None:
    day = _days(LEAST_DAYS)
    assert baseline(day[1:], np.ones(LEAST_DAYS - 1, int)) is None
    assert baseline(day, np.zeros(LEAST_DAYS, int)) is None
    rare = np.zeros(LEAST_DAYS, int)
    rare[[3, 40]] = 1
    found = baseline(day, rare)
    assert found is not None
    assert found.parts == ()
    assert found.means(day) == pytest.approx(np.full(LEAST_DAYS, 2 / LEAST_DAYS))
    # Windows that close on Sundays never have an incident then, which is expected so.
    closed = np.where((day + 3) % 7 == 6, 0, 5)
    again = baseline(day, closed)
    assert again is not None
    sunday = again.over(day[:7], (day[:7] + 3) % 7)
    assert (sunday.mean[6], sunday.high[6]) == (pytest.approx(0, abs=1e-3), 0)
    assert sunday.mean[:6] == pytest.approx(5)


def test_the_strength_of_a_run_is_the_ratio_of_likelihoods() -> None:
    counts, expected = np.array([[3, 0, 9, 4]]), np.array([4.0, 1.0, 5.0, 4.0])
    found = scan(counts, expected)[0]
    for first in range(4):
        for last in range(first, 4):
            seen, mean = counts[0, first : last + 1].sum(), expected[first : last + 1].sum()
            ratio = poisson.logpmf(seen, max(seen, 1e-300)) - poisson.logpmf(seen, mean)
            assert found[first, last] == pytest.approx(ratio, abs=1e-9)
    assert found[2, 1] == 0


def _runs(level: float, factor: float, since: int, until: int, seed: int) -> list:
    draw, day = np.random.default_rng(seed), _days(1000)
    mean = _means(day, level)
    mean[since:until] *= factor
    counts = draw.poisson(mean)
    learned = baseline(day[:635], counts[:635])
    assert learned is not None
    ahead = day[635:]
    drawn = learned.drawn(ahead, 199, learned.fit.dispersion, seed=1)
    return find_runs(counts[635:], learned.means(ahead), drawn)


def test_a_lasting_rise_and_a_past_one_are_dated() -> None:
    (lasting, *_) = _runs(3.0, 2.0, 900, 1000, seed=2)
    assert lasting.is_more
    assert lasting.end == 365
    assert abs(lasting.first - 265) <= 5
    assert 1.6 < lasting.observed / lasting.expected < 2.4
    (past, *_) = _runs(3.0, 0.3, 750, 800, seed=4)
    assert not past.is_more
    assert abs(past.first - 115) <= 7
    assert abs(past.end - 165) <= 7


def test_runs_share_no_day_and_neighbours_of_one_kind_are_one() -> None:
    expected = np.full(364, 2.0)
    draw = np.random.default_rng(2)
    observed = draw.poisson(expected)
    observed[200:214] += 12
    observed[214:256] += 3
    observed[256:300] = 0
    runs = find_runs(observed, expected, draw.poisson(expected, (199, 364)))
    spans = sorted((run.first, run.end) for run in runs)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    (more,) = [run for run in runs if run.is_more]
    (fewer,) = [run for run in runs if not run.is_more]
    assert abs(more.first - 200) <= 3
    assert abs(more.end - 256) <= 7
    assert more.observed == observed[more.first : more.end].sum()
    assert abs(fewer.end - 300) <= 7


def test_weeks_of_days_that_resemble_each_other_scatter_more() -> None:
    draw, day = np.random.default_rng(8), _days(700)
    alone = draw.poisson(_means(day))
    together = draw.poisson(_means(day) * np.repeat(draw.gamma(20, 1 / 20, 100), 7))
    found = [baseline(day, counts) for counts in (alone, together)]
    scatter = [
        scatter_by_week(model, day, counts)
        for model, counts in zip(found, (alone, together), strict=True)
        if model
    ]
    assert 1 <= scatter[0] < 1.4
    assert scatter[1] > 2


def test_chance_alone_is_seldom_called_a_departure() -> None:
    found = [bool(_runs(2.0, 1.0, 0, 0, seed)) for seed in range(60)]
    assert sum(found) <= 8


@pytest.mark.parametrize(
    ("run", "after", "lasts"),
    [
        ((60, 30.0), (19, 10.0), True),
        # As expected again; too few to differ from the run, which is no reason to go on.
        ((60, 30.0), (3, 3.0), False),
        ((60, 30.0), (1, 0.4), True),
        ((60, 30.0), (60, 10.0), False),
        ((10, 30.0), (2, 6.0), True),
        ((10, 30.0), (6, 6.0), False),
        ((0, 30.0), (0, 5.0), True),
        ((60, 30.0), (5, 0.0), False),
        ((0, 30.0), (0, 0.0), True),
        ((0, 30.0), (4, 5.0), False),
    ],
)
def test_a_run_goes_on_only_where_the_days_after_it_are_like_it(
    run: tuple[int, float], after: tuple[int, float], *, lasts: bool
) -> None:
    assert goes_on(Run(0, 28, *run, 0.002), *after) is lasts


def test_groups_of_days_that_resemble_each_other_have_wider_limits() -> None:
    draw, day = np.random.default_rng(8), _days(700)
    counts = draw.poisson(_means(day) * np.repeat(draw.gamma(20, 1 / 20, 100), 7))
    found = baseline(day, counts)
    assert found is not None
    ahead, month = day[-60:] + 60, np.repeat([0, 1], 30)
    scatter = scatter_by_week(found, day, counts)
    narrow, wide = found.over(ahead, month), found.over(ahead, month, dispersion=scatter)
    assert wide.mean == pytest.approx(narrow.mean)
    assert (wide.high - wide.low > narrow.high - narrow.low).all()


@pytest.mark.parametrize(
    ("days", "incidents", "parts"),
    [
        (56, 69, ()),
        (56, 70, ("weekday",)),
        (364, 500, ("weekday",)),
        (365, 49, ()),
        (365, 50, ("season",)),
        (365, 109, ("weekday",)),
        (365, 110, ("weekday", "season")),
        (729, 500, ("weekday", "season")),
        (730, 119, ("weekday", "season")),
        (730, 120, ("weekday", "season", "trend")),
    ],
)
def test_ten_incidents_an_effect_and_time_enough(
    days: int, incidents: int, parts: tuple[str, ...]
) -> None:
    """A weekday has six effects beside the level, the season four, the trend one."""
    counts = np.full(days, incidents // days)
    counts[np.linspace(0, days - 1, incidents % days).astype(int)] += 1
    assert counts.sum() == incidents
    found = baseline(_days(days), counts)
    assert found is not None
    assert (found.parts, found.days) == (parts, days)


@pytest.mark.parametrize("dispersion", [1.0, 1.4, 3.0])
def test_counts_are_drawn_as_the_limits_say(dispersion: float) -> None:
    """Days scatter by chance alone; months also by the doubt about what is expected of them."""
    draw, history, ahead = np.random.default_rng(6), _days(120), _days(180)[120:]
    found = baseline(history, draw.poisson(_means(history)))
    assert found is not None
    drawn = found.drawn(ahead, 6_000, dispersion, seed=3)
    assert (drawn == found.drawn(ahead, 6_000, dispersion, seed=3)).all()
    assert drawn.shape == (6_000, 60)
    assert drawn.mean(axis=0) == pytest.approx(found.means(ahead), rel=0.08)
    # The doubt about what is expected adds a little to what days scatter by themselves.
    scatter = (drawn.var(axis=0) / drawn.mean(axis=0)).mean()
    assert 0.98 * dispersion < scatter < 1.2 * dispersion + 0.2
    for group, tolerance in ((np.repeat([0, 1], 30), 0.03), (np.zeros(60, int), 0.03)):
        band = found.over(ahead, group, dispersion=dispersion)
        sums = np.stack([drawn[:, group == each].sum(axis=1) for each in np.unique(group)], axis=1)
        limits = np.quantile(sums, [0.025, 0.975], axis=0)
        assert band.low == pytest.approx(limits[0], rel=tolerance)
        assert band.high == pytest.approx(limits[1], rel=tolerance)
        narrow = found.over(ahead, group, confidence=0.5, dispersion=dispersion)
        assert narrow.high == pytest.approx(np.quantile(sums, 0.75, axis=0), rel=tolerance)


def test_the_scatter_of_weeks_by_hand() -> None:
    """Weeks of 14 and 28 in turn: 21 expected, so 49/21 each, and one effect of ten weeks.

    Five days more make no week.
    """
    day = _days(75)
    counts = np.append(np.tile(np.repeat([2, 4], 7), 5), [3] * 5)
    fit = fit_counts(np.ones((75, 1)), counts)
    assert fit is not None
    level = Baseline(fit, (), 75)
    assert scatter_by_week(level, day, counts) == pytest.approx(10 * (49 / 21) / 9)
    calm = np.full(75, 3)
    steady = fit_counts(np.ones((75, 1)), calm)
    assert steady is not None
    assert scatter_by_week(Baseline(steady, (), 75), day, calm) == 1
    # One week for one effect: nothing tells how weeks scatter.
    assert scatter_by_week(level, day[:13], counts[:13]) == fit.dispersion
    assert scatter_by_week(level, day[:14], counts[:14]) > fit.dispersion


def test_the_doubt_about_a_level_by_hand() -> None:
    """24 incidents in 60 days: 4 in ten more, and a variance of 4 + 16/24 for the doubt."""
    counts = np.zeros(60, int)
    counts[::5] = counts[1::5] = 1
    found = baseline(_days(60), counts)
    assert found is not None
    assert found.parts == ()
    for confidence in (0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999):
        band = found.over(_days(70)[60:], np.zeros(10, int), confidence, dispersion=1.0)
        assert band.mean[0] == pytest.approx(4)
        # A negative binomial of mean 4 and variance 14/3: size 24, share 6/7.
        limits = nbinom.ppf([(1 - confidence) / 2, (1 + confidence) / 2], 24, 6 / 7)
        assert (band.low[0], band.high[0]) == tuple(limits)
