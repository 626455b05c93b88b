"""One small store for all tests of methods that only read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from small_store import small_store

from probatum.store.reader import Store


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("small")) as store:
        yield store
