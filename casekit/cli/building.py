"""What ``casekit build`` writes or checks: notebooks, docs and the data manifest of a source checkout."""

from __future__ import annotations

from pathlib import Path

from casekit.build import build_docs, build_notebooks, build_schemas
from casekit.cli.parts import Part
from casekit.cli.workbook import find_checkout
from casekit.errors import UsageError
from casekit.world import build_manifest

__all__ = ["build_parts"]

BUILDERS = {
    Part.NOTEBOOKS: (build_notebooks,),
    Part.SCHEMAS: (build_schemas,),
    Part.DOCS: (build_docs,),
    Part.DATA: (build_manifest,),
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
