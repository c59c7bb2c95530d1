"""Every test runs apart from the user's own progress and datasets."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("block_world", "retold", "story_world")


@pytest.fixture(scope="session", autouse=True)
def own_places(tmp_path_factory):
    """Progress and datasets of the whole run live in one temporary folder."""
    place = tmp_path_factory.mktemp("casekit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASEKIT_HOME", str(place / "home"))
        patch.setenv("CASEKIT_DATA", str(place / "data"))
        patch.delenv("CASEKIT_CASES", raising=False)
        yield place


@pytest.fixture(scope="module", params=["default", "small", "tiny"])
def dataset(request, tmp_path_factory):
    """The dataset of the case a module is about, its ``CASE`` and ``SLUG``: seed 7 at each size."""
    from casekit.world import ensure_dataset

    case, slug = request.module.CASE, request.module.SLUG
    return ensure_dataset(case, slug, size=request.param, data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def con(dataset):
    """A connection to that dataset, for reading."""
    import duckdb

    with duckdb.connect(dataset.path, read_only=True) as con:
        yield con
