"""Texts that cite computed numbers by name: `{lost_eur}` or `{fall_pp:.1f}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from casekit.errors import near_names
from casekit.model.results import LedgerNumber

__all__ = ["fill"]

MARK = re.compile(r"\{([A-Za-z_]\w*)(?::([^{}]*))?\}")
WHOLE_UNITS = frozenset({"days", "eur", "orders", "sessions"})


def fill(text: str, ledger: Mapping[str, LedgerNumber]) -> str:
    """
    *text* with every mark replaced by its number.

    A mark without a format shows whole euros and counts, and one decimal of everything else.

    Raises:
        KeyError: A mark names a number the ledger does not hold, or its format does not work.
    """
    return MARK.sub(lambda mark: _shown(mark, ledger), text)


def _shown(mark: re.Match[str], ledger: Mapping[str, LedgerNumber]) -> str:
    name, spec = mark[1], mark[2]
    if name not in ledger:
        near = near_names(name, ledger)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        raise KeyError(f"the text cites {mark[0]}, which is no ledger number{meant}")
    number = ledger[name]
    if spec is None:
        spec = ",.0f" if number.unit in WHOLE_UNITS else ",.1f"
    try:
        return format(number.value, spec)
    except ValueError as error:
        raise KeyError(f"the text cites {mark[0]}, and {spec!r} cannot format a number: {error}") from None
