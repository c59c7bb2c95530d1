"""The audit of a case: every mistake of every reference tried, on its own data first, then on hidden ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from casekit.compare import compare_tables
from casekit.errors import AuthorError, Problem
from casekit.judge.audit.chance import why_by_chance
from casekit.judge.audit.changes import changed_place
from casekit.judge.audit.hidden_data import HiddenData
from casekit.judge.audit.main_data import MainData, decides, never_runs
from casekit.judge.audit.report import CaseAudit, ExerciseAudit, Survivor
from casekit.judge.audit.traps import coincidences
from casekit.judge.mutants import Mutant, mutants_of
from casekit.judge.mutants.making import text_changed
from casekit.judge.tables import contract_of
from casekit.library import load_key
from casekit.library.equivalents import EQUIVALENTS_FILE, load_equivalents
from casekit.library.keys import ANSWERS
from casekit.model import Case, Exercise, Table
from casekit.model.keys import CodeKey, Equivalent
from casekit.sandbox import Failure
from casekit.world import ensure_dataset

__all__ = ["audit_case"]

SEED = 7  # the candidates' own, unless they ask for another

Progress = Callable[[float, str], None]


def audit_case(case: Case, *, seed: int = SEED, on_progress: Progress | None = None) -> CaseAudit:
    """
    What the judge would notice of the typical mistakes in answers to *case*.

    Args:
        case: The case.
        seed: The seed of the case's own data, at default size.
        on_progress: Called with the share done, 0 to 1, and the exercise that is tried.

    Raises:
        AuthorError: A key or the world cannot be read, or a reference does not run.
        DataError: This machine cannot keep the dataset.
    """
    tell = on_progress or (lambda _share, _doing: None)
    declared = load_equivalents(case)
    tell(0.0, "its data")
    dataset = ensure_dataset(Path(case.folder), case.slug, seed=seed)
    found, problems = [], list[Problem]()
    keys = _sql_keys(case)
    hidden = HiddenData(case, dataset.path)
    with closing(MainData(dataset.path)) as main:
        for nth, (exercise, key) in enumerate(keys):
            one = _Audit(case, exercise, key, main, hidden, declared.get(exercise.id, ()))
            found.append(one.run(partial(_tell_part, tell, nth, len(keys), exercise.id)))
            problems += one.problems()
    known = {exercise.id for exercise, _ in keys}
    problems += [
        Problem(EQUIVALENTS_FILE, name, "", "is not answered in SQL, so nothing in it is changed")
        for name in declared
        if name not in known
    ]
    return CaseAudit(case.slug, seed, tuple(found), tuple(problems))


def _tell_part(tell: Progress, nth: int, count: int, doing: str, share: float) -> None:
    tell((nth + share) / count, doing)


def _sql_keys(case: Case) -> list[tuple[Exercise, CodeKey]]:
    keys = [(exercise, load_key(case, exercise.id)) for exercise in case.exercises]
    return [(one, key) for one, key in keys if isinstance(key, CodeKey) and key.language == "sql"]


@dataclass
class _Audit:
    """One exercise under audit."""

    case: Case
    exercise: Exercise
    key: CodeKey
    main: MainData
    hidden: HiddenData
    declared: Sequence[Equivalent]
    fates: dict[str, str] = field(default_factory=dict)

    def run(self, tell: Callable[[float], None]) -> ExerciseAudit:
        """Every mistake tried; what became of it is kept in ``fates``."""
        contract = contract_of(self.exercise)
        reference = self.main.result(self.key.reference)
        if isinstance(reference, Failure):
            problem = Problem(
                f"{ANSWERS}/{self.exercise.id}.sql", self.exercise.id, "reference", "does not run"
            )
            raise AuthorError(self.case.slug, [problem])
        mutants = mutants_of(self.key.reference, ordered=bool(contract.ordered_by))
        for nth, mutant in enumerate(mutants):
            tell(nth / len(mutants))
            self.fates[mutant.id] = self._fate(mutant, reference)
        return self._report(mutants)

    def problems(self) -> list[Problem]:
        """Declarations that no longer hold."""
        words = {
            None: "is no mutant of this reference any more; take it out",
            "not running": "does not run, so it needs no word; take it out",
            "main": "changes the result on the case's own data, so it is not equivalent; take it out",
            "hidden": "changes the result on a hidden database, so it is not equivalent; take it out",
        }
        fates = [(one.mutant, self.fates.get(one.mutant)) for one in self.declared]
        return [
            Problem(EQUIVALENTS_FILE, self.exercise.id, mutant, words[fate])
            for mutant, fate in fates
            if fate != "alive"
        ]

    def _fate(self, mutant: Mutant, reference: Table) -> str:
        contract = contract_of(self.exercise)
        result = self.main.result(mutant.sql)
        if never_runs(result):
            return "not running"
        if isinstance(result, Table):
            if compare_tables(reference, result, contract).difference is not None:
                return "main"
        elif decides(result):
            return "main"
        apart = self.hidden.tell_apart(self.key.reference, mutant.sql, contract)
        return "hidden" if apart else "alive"

    def _report(self, mutants: Sequence[Mutant]) -> ExerciseAudit:
        contract = contract_of(self.exercise)
        fates = list(self.fates.values())
        names = {one.mutant for one in self.declared}
        alive = [mutant for mutant in mutants if self.fates[mutant.id] == "alive"]
        original = text_changed(self.key.reference, ordered=bool(contract.ordered_by))
        return ExerciseAudit(
            exercise=self.exercise.id,
            n_mutants=len(mutants),
            n_not_running=fates.count("not running"),
            n_killed_main=fates.count("main"),
            n_killed_hidden=fates.count("hidden"),
            equivalent=tuple(one for one in self.declared if self.fates.get(one.mutant) == "alive"),
            survivors=tuple(
                Survivor(one.id, one.kind, changed_place(original, one.sql), one.sql)
                for one in alive
                if one.id not in names
            ),
            n_traps=len(self.key.traps),
            coincidences=tuple(coincidences(self.key, contract, self.main, self.hidden)),
            by_chance=why_by_chance(self.key.reference, contract, self.main, self.hidden),
            refused=tuple(
                remark.slug
                for remark in self.key.remarks
                if self.hidden.tell_apart(self.key.reference, remark.example, contract)
            ),
        )
