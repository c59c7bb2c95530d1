"""What an interview says along the way: welcome, notices, hints, reveals, exhibits, predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casekit.model import Case, Table
from casekit.model.interviews import Exhibit, Prediction, Question
from casekit.show.blocks import Block, bullets, code, fold, heading, paragraph, points, prose, quote
from casekit.show.grid import Head, grid
from casekit.show.panel import Panel, View
from casekit.show.table import table_block

__all__ = [
    "Aside",
    "exhibit_view",
    "failure_view",
    "hint_view",
    "notice",
    "prediction_block",
    "prediction_view",
    "prediction_words",
    "questions_view",
    "reveal_view",
    "welcome_view",
]


def notice(
    title: str, lines: Sequence[str] = (), *, word: str = "Note", tone: str = "note", subject: str = ""
) -> Panel:
    """A message that is no verdict: a title and, below it, what to do."""
    return Panel(tone, word, subject, title, (points(lines),) if lines else ())


@dataclass(frozen=True)
class Aside(View):
    """One quiet line that needs no frame."""

    words: str

    def html(self) -> str:
        """The line as a small status region."""
        return f'<div class="casekit" lang="en" role="status">{paragraph(self.words, quiet=True).html}</div>'

    def text(self) -> str:
        """The line."""
        return paragraph(self.words).text


def failure_view(title: str, lines: Sequence[str], subject: str = "") -> Panel:
    """A query that did not run: the database's words as they came, then advice."""
    first, *more = lines or ("",)
    shown = [code(line) if "\n" in line else paragraph(line) for line in (first, *more) if line]
    return Panel("bad", "Did not run", subject, title, tuple(shown))


def welcome_view(case: Case, data: Sequence[str], progress: str, warnings: Sequence[str] = ()) -> Panel:
    """The first thing seen when a case opens: what it is, what was restored, how to hand in."""
    blocks = [paragraph(progress), bullets(data, quiet=True)]
    blocks += [bullets(warnings)] if warnings else []
    first = next((exercise.id for exercise in case.exercises if exercise.kind == "sql"), "exercise-id")
    blocks.append(
        paragraph(
            f"`%%sql` explores; `%%sql {first}` hands in an answer. "
            "`case.tables()` lists the data, `case.progress()` shows where you stand.",
            quiet=True,
        )
    )
    return Panel(
        "note",
        "Case open",
        f"{case.code} · {case.slug}",
        f"{case.company}: {case.title}",
        tuple(blocks),
        aside=f"{case.minutes} minutes",
        label=f"Case {case.title} is open",
    )


def hint_view(exercise: str, number: int, hints: Sequence[str]) -> Panel:
    """Hint *number* (from 1), and whether there is more; past the last one all are shown again."""
    if number > len(hints):
        words = f"That was all: {len(hints)} {'hint' if len(hints) == 1 else 'hints'}. Here they are again."
        ways = f"After an attempt, `case.solution({exercise!r})` shows a full answer."
        return Panel(
            "note", "Hints", exercise, words, (*(prose(hint) for hint in hints), paragraph(ways, quiet=True))
        )
    left = len(hints) - number
    more = f"{left} more: call `case.hint({exercise!r})` again." if left else "This was the last one."
    body = (prose(hints[number - 1]), paragraph(more, quiet=True))
    return Panel("note", f"Hint {number} of {len(hints)}", exercise, blocks=body)


def exhibit_view(exhibit: Exhibit, table: Table) -> Panel:
    """An exhibit as the interviewer hands it over."""
    note = (paragraph(exhibit.note, quiet=True),) if exhibit.note else ()
    return Panel("note", "Exhibit", exhibit.id, exhibit.title, (table_block(table, max_rows=60), *note))


def reveal_view(question: Question, interviewer: str, left: int, minutes_spent: int) -> Panel:
    """The interviewer's answer to a clarifying question."""
    noun = "question" if left == 1 else "questions"
    blocks = [paragraph(f"{interviewer}:", quiet=True), quote(question.reveal)]
    if question.exhibit:
        blocks.append(paragraph(f"You are handed an exhibit: `case.exhibit({question.exhibit!r})`."))
    aside = f"{left} {noun} left · {minutes_spent} min spent"
    return Panel("note", "Answer", question.id, question.ask, tuple(blocks), aside=aside)


def questions_view(
    questions: Sequence[Question], asked: Mapping[str, int], limit: int, *, folded: bool = False
) -> Panel:
    """
    The questions a candidate may choose from.

    Args:
        questions: All of them, in order.
        asked: Minutes spent by id of the questions already asked.
        limit: How many may be asked.
        folded: True below a form that lists the questions already.
    """
    heads = [Head("Id"), Head("Question", wraps=True), Head("Asked")]
    rows = [(question.id, question.ask, "✓" if question.id in asked else "") for question in questions]
    listed = grid(heads, rows)
    left = max(limit - len(asked), 0)
    how = 'Ask with `case.ask("id")`. A good question changes the analysis; a dead end only costs time.'
    blocks = (paragraph(how, quiet=True), fold("The questions and their ids", [listed]))
    if not folded:
        blocks = (listed, paragraph(how, quiet=True))
    aside = f"{left} of {limit} left · {sum(asked.values())} min spent"
    title = "Nothing asked yet." if folded else f"Choose at most {limit} questions."
    return Panel("note", "Clarify", title=title, blocks=blocks, aside=aside)


def prediction_view(
    prediction: Prediction, made: Mapping[str, object] | None, *, below_form: bool = False
) -> Panel:
    """The prediction as recorded, or how to make it; *below_form* does not ask a second time."""
    if made is None:
        title = "No prediction recorded yet." if below_form else prediction.question
        how = 'Record it: `case.predict("up", 0.5, 1.5)`: a direction (up, down, flat) and a range.'
        return Panel("open", "Predict", prediction.metric, title, (paragraph(how),))
    return Panel(
        "note",
        "Prediction kept",
        prediction.metric,
        prediction_words(prediction, made),
        (paragraph(prediction.question, quiet=True), paragraph(_stamp(made), quiet=True)),
    )


def prediction_words(prediction: Prediction, made: Mapping[str, object]) -> str:
    """A recorded prediction as one sentence."""
    span = f"{_signed(made.get('low'))} to {_signed(made.get('high'))} {prediction.unit}"
    metric = prediction.metric[:1].upper() + prediction.metric[1:]
    return f"{metric}: {made.get('direction')}, {span}."


def _signed(value: object) -> str:
    return f"{value:+g}" if isinstance(value, int | float) else str(value)


def _stamp(made: Mapping[str, object]) -> str:
    if made.get("before_data"):
        return "Recorded before you looked at the data. The debrief sets it against what happened."
    return "Recorded after you had looked at the data. The debrief sets it against what happened."


def prediction_block(prediction: Prediction, made: Mapping[str, object] | None, happened: float) -> Block:
    """What was predicted beside what happened."""
    if made is None:
        told = f"You recorded none. What happened: {happened:+.1f} {prediction.unit}."
        return _joined(heading("Your prediction"), paragraph(told))
    verdict = _settled(prediction, made, happened)
    said = f"You said: {prediction_words(prediction, made)}"
    told = f"What happened: {happened:+.1f} {prediction.unit}. {verdict}"
    return _joined(heading("Your prediction"), paragraph(f"{said} {told}"))


def _settled(prediction: Prediction, made: Mapping[str, object], happened: float) -> str:
    flat = abs(happened) <= prediction.flat_within
    actual = "flat" if flat else "up" if happened > 0 else "down"
    low, high = made.get("low"), made.get("high")
    inside = isinstance(low, int | float) and isinstance(high, int | float) and low <= happened <= high
    if made.get("direction") != actual:
        return "The direction was another one: ask what made you expect it."
    return "Direction and range were right." if inside else "The direction was right, the range was not."


def _joined(*blocks: Block) -> Block:
    return Block("".join(block.html for block in blocks), "\n".join(block.text for block in blocks))
