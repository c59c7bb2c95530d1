"""
Worlds of any size, in a folder of their own: built chunk by chunk, in parts, on many machines.

``build_large`` builds one or goes on where it stopped; ``open_large`` opens it for queries.
"""

from __future__ import annotations

from casekit.world.large.building import LargeBuild, Standing, build_large
from casekit.world.large.opening import open_large

__all__ = ["LargeBuild", "Standing", "build_large", "open_large"]
