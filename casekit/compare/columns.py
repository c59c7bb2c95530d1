"""Columns of a submission matched to the ones asked for: by name, else by position with a note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Matching", "match_columns"]


@dataclass(frozen=True)
class Matching:
    """
    Where each wanted column stands in a submission.

    Attributes:
        places: For each wanted column its index in the submission; empty when the match failed.
        renamed: (wanted name, submitted name) for columns taken by position.
        extra: Submitted columns nobody asked for.
        missing: Wanted columns that could not be matched.
        repeated: Wanted columns that the submission has more than once.
    """

    places: tuple[int, ...]
    renamed: tuple[tuple[str, str], ...] = ()
    extra: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """True when the submission cannot be read as the table asked for."""
        return bool(self.missing or self.repeated)


def match_columns(wanted: Sequence[str], given: Sequence[str]) -> Matching:
    """Match *given* to *wanted*; letter case and outer blanks never matter."""
    counts = Counter(_fold(name) for name in given)
    repeated = tuple(name for name in wanted if counts[_fold(name)] > 1)
    if repeated:
        return Matching((), repeated=repeated)
    at = {_fold(name): place for place, name in enumerate(given)}
    missing = [name for name in wanted if _fold(name) not in at]
    wanted_folds = {_fold(name) for name in wanted}
    spare = [place for place, name in enumerate(given) if _fold(name) not in wanted_folds]
    if not missing:
        return Matching(tuple(at[_fold(name)] for name in wanted), extra=tuple(given[p] for p in spare))
    if len(given) != len(wanted):
        return Matching((), missing=tuple(missing), extra=tuple(given[p] for p in spare))
    at.update(zip(map(_fold, missing), spare, strict=True))
    renamed = tuple((name, given[at[_fold(name)]]) for name in missing)
    return Matching(tuple(at[_fold(name)] for name in wanted), renamed=renamed)


def _fold(name: str) -> str:
    return str(name).strip().casefold()
