"""The learner's door to one case: every method displays what it has to say, and none raises for a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from casekit.judge import is_blank_sql
from casekit.model import Verdict
from casekit.notebook.answering import answer_from, hand_in, hand_in_sql, show_chart, verdict_view
from casekit.notebook.boards import case_board
from casekit.notebook.desk import Desk
from casekit.notebook.exploring import explore, query_frame, show_tables, table_frame
from casekit.notebook.forms import open_answer_form, open_clarify_form, open_predict_form
from casekit.notebook.helping import give_hint, give_solution, keep_self_score
from casekit.notebook.interviewing import ask_question, keep_prediction, show_debrief, show_exhibit
from casekit.notebook.screen import clear_yes, learner_words, show
from casekit.show import notice

if TYPE_CHECKING:
    from pandas import DataFrame

    from casekit.charts import Chart

__all__ = ["CaseDoor"]


class CaseDoor:
    """
    An open case.

    Attributes:
        last: The last verdict; None before the first.
        is_closed: True after `close`.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.last: Verdict | None = None
        self.is_closed = False
        self._warned = desk.record.store.warning

    def __repr__(self) -> str:
        case = self._desk.case
        return f"<case {case.code} {case.slug}: {case.title}>"

    @property
    def place(self) -> str:
        """The case and which data it is open on, for example ``C04 checkout-drop, seed 7``."""
        case, data = self._desk.case, self._desk.dataset
        size = "" if data.size == "default" else f", size {data.size}"
        return f"{case.code} {case.slug}, seed {data.seed}{size}"

    # --- answering -------------------------------------------------------------------------

    def check(
        self, exercise_id: str = "", value: object = ..., *, chart: object = None, **numbers: object
    ) -> None:
        """
        Hands in an answer and displays the verdict.

        Args:
            exercise_id: The exercise, for example ``"weekly-conversion"``.
            value: A DataFrame, a function that takes tables by name and returns one, SQL text, a
                number, an option id, a list of card ids or a memo's text.
            chart: The figure that goes with a table, where one is asked for.
            **numbers: Numbers by name, for example ``lost_orders=120``.
        """
        with learner_words():
            exercise = self._desk.exercise(exercise_id)
            answer = answer_from(exercise, value, chart, numbers)
            self.last = hand_in(self._desk, exercise, answer)
            show_chart(answer)
            show(verdict_view(self._desk, exercise, self.last))
            self._tell_warning()

    def answer(self, exercise_id: str = "") -> None:
        """Displays the form of a choice, a card order or a memo, filled with what was there before."""
        with learner_words():
            open_answer_form(self._desk, self._desk.exercise(exercise_id), self._keep)

    def hint(self, exercise_id: str = "") -> None:
        """Displays the next hint: the idea first, then the skeleton."""
        with learner_words():
            give_hint(self._desk, self._desk.exercise(exercise_id))

    def solution(self, exercise_id: str = "", anyway: bool = False) -> None:
        """Displays a model solution, after an attempt or with ``anyway=True``."""
        with learner_words():
            give_solution(self._desk, self._desk.exercise(exercise_id), anyway=clear_yes(anyway))

    def self_score(self, exercise_id: str = "", **lines: object) -> None:
        """Records your own points by rubric line and displays them beside the judge's."""
        with learner_words():
            keep_self_score(self._desk, self._desk.exercise(exercise_id), lines)

    # --- the data --------------------------------------------------------------------------

    def tables(self) -> None:
        """Displays every table: what a row is, its columns, its size, its first rows."""
        with learner_words():
            show_tables(self._desk)

    def df(self, table: str, text: Literal["str", "category"] = "str") -> DataFrame | None:
        """
        A table as a DataFrame.

        Args:
            table: Its name, or the name of a view made in this notebook.
            text: How text columns come. Plain ``str`` joins, groups and compares without
                surprises; ``category`` is smaller and faster, and keeps groups that are empty.
        """
        with learner_words():
            return table_frame(self._desk, table, text)
        return None

    def sql(self, query: str) -> DataFrame | None:
        """The result of a query as a DataFrame; None when it failed, after saying why."""
        with learner_words():
            return query_frame(self._desk, query)
        return None

    def chart(self, figure: object, words: str, table: object = None) -> Chart | None:
        """A plotly figure with one sentence that says what it shows; it reads in every export too."""
        from casekit.charts import Chart

        try:
            return Chart(figure, words, table)
        except ValueError as error:
            show(notice(str(error), word="Try again", tone="near"))
            return None

    # --- the interview ---------------------------------------------------------------------

    def predict(
        self, direction: str | None = None, low: float | None = None, high: float | None = None
    ) -> None:
        """Records a prediction, or displays the form for it."""
        with learner_words():
            if direction is None and low is None and high is None:
                open_predict_form(self._desk)
            else:
                show(keep_prediction(self._desk, direction, low, high))

    def clarify(self) -> None:
        """Displays the questions you may ask the interviewer."""
        with learner_words():
            open_clarify_form(self._desk)

    def ask(self, question_id: str = "") -> None:
        """Asks the interviewer one of the clarifying questions."""
        with learner_words():
            show(ask_question(self._desk, question_id))

    def exhibit(self, exhibit_id: str = "", anyway: bool = False) -> None:
        """Displays an exhibit; one that an answer earns opens after it, or with ``anyway=True``."""
        with learner_words():
            show_exhibit(self._desk, exhibit_id, anyway=clear_yes(anyway))

    def debrief(self, anyway: bool = False) -> None:
        """Displays what happened, after the last exercise or with ``anyway=True``."""
        with learner_words():
            show_debrief(self._desk, anyway=clear_yes(anyway))

    def progress(self) -> None:
        """Displays where you stand, exercise by exercise."""
        with learner_words():
            show(case_board(self._desk.record))

    # --- cells -----------------------------------------------------------------------------

    def run_cell(self, line: str, sql: str) -> None:
        """A ``%%sql`` cell: *line* is what follows ``%%sql``, an exercise id or nothing."""
        with learner_words():
            name = line.split(maxsplit=1)[0] if line.strip() else ""
            if name:
                self.last = hand_in_sql(self._desk, self._desk.exercise(name), sql)
                self._tell_warning()
            elif is_blank_sql(sql):
                show(
                    notice("Write a query below the first line and run the cell.", word="Empty", tone="open")
                )
            else:
                explore(self._desk, sql)

    def close(self) -> None:
        """Lets go of the data and of the processes behind it."""
        self.is_closed = True
        self._desk.close()

    def _tell_warning(self) -> None:
        """Says once when progress can no longer be saved."""
        warning = self._desk.record.store.warning
        if warning and warning != self._warned:
            show(notice(warning, word="Careful", tone="near"))
        self._warned = warning

    def _keep(self, verdict: Verdict) -> None:
        self.last = verdict
