"""What ``casekit build`` writes or checks: notebooks, docs and the data manifest of a source checkout."""

from __future__ import annotations

from pathlib import Path

from casekit.build import build_docs, build_golden, build_notebooks, build_schemas
from casekit.cli.parts import Part
from casekit.cli.workbook import find_checkout
from casekit.errors import UsageError
from casekit.library import list_slugs
from casekit.world import build_manifest

__all__ = ["build_parts"]


def rerun_golden(root: Path, check: bool) -> list[Path]:
    """Every golden notebook, run anew; whether one is stale only a run can tell, so the tests check."""
    return [] if check else [build_golden(root, slug) for slug in list_slugs()]


BUILDERS = {
    Part.NOTEBOOKS: (build_notebooks,),
    Part.SCHEMAS: (build_schemas,),
    Part.DOCS: (build_docs,),
    Part.DATA: (build_manifest,),
    Part.GOLDEN: (rerun_golden,),
    Part.ALL: (build_notebooks, build_docs, build_manifest),  # the docs hold the schemas
}


def build_parts(part: Part, *, check: bool) -> list[Path]:
    """
    The files that were stale, missing or left over; without *check* they have been mended.

    Raises:
        UsageError: the current folder is not inside a source checkout.
    """
    root = find_checkout(Path.cwd())
    if root is None:
        raise UsageError(
            "`casekit build` works on casekit's source: run it inside a checkout of the repository."
        )
    return [path for builder in BUILDERS[part] for path in builder(root, check)]
