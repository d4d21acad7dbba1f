import threading
import time

import numpy as np

from dashboard.store import Store


def test_a_value_of_another_version_is_made_anew_from_the_former() -> None:
    store = Store(10**6)
    first = store.made(("scope", "x"), 1, lambda former: [former])
    assert store.made(("scope", "x"), 1, lambda former: [former]) is first
    assert store.made(("scope", "x"), 2, lambda former: [former, 2]) == [[None], 2]
    assert store.get(("scope", "x"), 1) is None


def test_memory_is_bounded_and_the_unused_goes_first() -> None:
    store = Store(2000)
    for name in "abc":
        store.put(name, 1, np.zeros(50))
        assert store.held_bytes <= 2000
    assert store.get("a", 1) is None
    store.get("b", 1)
    store.put("d", 1, np.zeros(50))
    assert store.get("b", 1) is not None
    assert store.get("c", 1) is None


def test_a_value_larger_than_the_limit_is_not_kept() -> None:
    store = Store(1200)
    store.put("small", 1, "text")
    store.put("large", 1, np.zeros(100))
    assert store.get("large", 1) is None
    assert store.get("small", 1) == "text"


def test_what_counts_next_to_nothing_does_not_pile_up() -> None:
    store = Store(100_000)
    for number in range(1000):
        store.put(number, 1, np.zeros(0))
    assert store.held_bytes <= 100_000
    assert 100 < sum(store.get(number, 1) is not None for number in range(1000)) < 200
    store.put(999, 2, np.zeros(1000))
    assert store.get(999, 1) is None
    assert 8000 < store.held_bytes <= 100_000


def test_threads_wait_for_the_one_that_makes() -> None:
    store = Store(10**6)
    made = []

    def make(_: object) -> int:
        made.append(1)
        time.sleep(0.05)
        return 7

    threads = [threading.Thread(target=store.made, args=("key", 1, make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
