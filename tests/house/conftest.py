"""One fictional bureau for all tests of the whole house."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.house.bureau import Bureau, build_bureau


@pytest.fixture(scope="session")
def bureau() -> Iterator[Bureau]:
    made = build_bureau()
    with made.app.app_context():
        yield made
    if not os.environ.get("TEST_BUREAU_HOME"):
        made.engine.stop()
