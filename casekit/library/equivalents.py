"""Mistakes in a reference that no data of the case can notice, as the author declares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from casekit.errors import AuthorError, Problem, near_names
from casekit.library.keys import ANSWERS
from casekit.library.keyspecs import EquivalentsSpec
from casekit.library.reading import read_spec
from casekit.model import Case
from casekit.model.keys import Equivalent

__all__ = ["EQUIVALENTS_FILE", "load_equivalents", "read_equivalents"]

EQUIVALENTS_FILE = f"{ANSWERS}/equivalents.toml"


def load_equivalents(case: Case) -> Mapping[str, tuple[Equivalent, ...]]:
    """
    By exercise, the changed references that are declared to be as right as the reference.

    Raises:
        AuthorError: `answers/equivalents.toml` has problems; all are named.
    """
    problems: list[Problem] = []
    found = read_equivalents(Path(case.folder), [exercise.id for exercise in case.exercises], problems)
    if problems:
        raise AuthorError(case.slug, problems)
    return found


def read_equivalents(
    folder: Path, exercises: Sequence[str], problems: list[Problem]
) -> dict[str, tuple[Equivalent, ...]]:
    """What `answers/equivalents.toml` declares, if it is there; what is wrong is added to *problems*."""
    file = EQUIVALENTS_FILE
    spec = read_spec(folder, file, EquivalentsSpec, problems) if (folder / file).exists() else None
    listed = {} if spec is None else spec.root
    for name in listed.keys() - set(exercises):
        near = near_names(name, exercises)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        problems.append(Problem(file, name, "", f"is no exercise of this case{meant}"))
    return {name: tuple(Equivalent(one.mutant, one.why) for one in some) for name, some in listed.items()}
