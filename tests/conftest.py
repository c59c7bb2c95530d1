"""Every test runs apart from the user's own progress and datasets."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_places(tmp_path_factory):
    """Progress and datasets of the whole run live in one temporary folder."""
    place = tmp_path_factory.mktemp("casekit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASEKIT_HOME", str(place / "home"))
        patch.setenv("CASEKIT_DATA", str(place / "data"))
        patch.delenv("CASEKIT_CASES", raising=False)
        yield place
