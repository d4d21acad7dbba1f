"""Benchmarks: run by ``make bench``, never by the tests; figures go to build/bench.json."""
