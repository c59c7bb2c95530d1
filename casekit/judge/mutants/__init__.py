"""Typical mistakes made in a reference on purpose: whoever gets a mutant's result made its mistake."""

from __future__ import annotations

from casekit.judge.mutants.making import mutants_of
from casekit.judge.mutants.mutant import Mutant

__all__ = ["Mutant", "mutants_of"]
