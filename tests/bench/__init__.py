"""Measurements, never part of the tests: `python -m tests.bench` prints one JSON object."""
