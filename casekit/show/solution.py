"""A model solution and the debrief on screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casekit.model import Exercise
from casekit.model.interviews import Debrief
from casekit.model.keys import RubricLine
from casekit.show.blocks import Block, bullets, code, heading, paragraph, prose
from casekit.show.grid import Head, grid
from casekit.show.panel import Panel

__all__ = ["cards_solution", "choice_solution", "code_solution", "debrief_view", "memo_solution"]


def code_solution(exercise: Exercise, source: str, why: str) -> Panel:
    """The reference as code, with the idea behind it."""
    return _panel(exercise, "One way that works.", (paragraph(why), code(source)))


def choice_solution(exercise: Exercise, right: str, why: str, others: Mapping[str, str]) -> Panel:
    """
    The right option, why it is right, and why the others are not.

    Args:
        exercise: The choice.
        right: Id of the right option.
        why: Why it is right.
        others: What to say about each wrong option, by id.
    """
    text = {option.id: option.text for option in exercise.options}
    against = [f"{text.get(option, option)} {words}" for option, words in others.items()]
    blocks = [paragraph(why)]
    if against:
        blocks += [heading("Why not the others"), bullets(against)]
    return _panel(exercise, text.get(right, right), tuple(blocks))


def cards_solution(exercise: Exercise, order: Sequence[str], why: str) -> Panel:
    """The expert's order of the cards, and why."""
    text = {card.id: card.text for card in exercise.cards}
    listed = bullets([text.get(card, card) for card in order], ordered=True)
    return _panel(exercise, "The expert's order. Near ones are as good.", (listed, paragraph(why)))


def memo_solution(
    exercise: Exercise,
    exemplar: str,
    why: str,
    rubric: Sequence[RubricLine],
    scores: Mapping[str, tuple[int | None, int | None]],
) -> Panel:
    """
    The exemplar, filled with the data's numbers, and the candidate's own scores beside the judge's.

    Args:
        exercise: The memo.
        exemplar: The model memo, ready to read.
        why: What makes it work.
        rubric: The lines it is scored by.
        scores: By rubric id: points by self-score and points by the judge; None where there are none.
    """
    blocks = [
        prose(exemplar),
        heading("Why it works"),
        paragraph(why),
        heading("Your score beside the judge's"),
    ]
    blocks.append(_scores(rubric, scores))
    ids = ", ".join(f"{line.id}=…" for line in rubric[:2])
    blocks.append(paragraph(f"Score yourself with `case.self_score({exercise.id!r}, {ids})`.", quiet=True))
    return _panel(exercise, "One memo that would pass.", tuple(blocks))


def _scores(rubric: Sequence[RubricLine], scores: Mapping[str, tuple[int | None, int | None]]) -> Block:
    heads = [
        Head("Line", wraps=True),
        Head("Id"),
        Head("Yours", numeric=True),
        Head("Judge's", numeric=True),
        Head("Of", numeric=True),
    ]
    rows = []
    for line in rubric:
        own, judged = scores.get(line.id, (None, None))
        rows.append((line.label, line.id, _points(own), _points(judged), str(line.points)))
    return grid(heads, rows)


def _points(points: int | None) -> str:
    return "–" if points is None else str(points)


def _panel(exercise: Exercise, title: str, blocks: tuple[Block, ...]) -> Panel:
    return Panel("note", "Solution", exercise.id, title, tuple(block for block in blocks if block.text))


def debrief_view(title: str, debrief: Debrief, prediction: Block, own_trail: Sequence[str]) -> Panel:
    """
    What happened, the expert's path beside the candidate's own, and what came of it.

    Args:
        title: The case's title.
        debrief: The texts, filled with the data's numbers.
        prediction: What was predicted beside what happened.
        own_trail: The candidate's own steps, one line each.
    """
    own = own_trail or ["No answers handed in yet."]
    blocks = (
        prose(debrief.truth),
        prediction,
        heading("The expert's trail"),
        bullets(debrief.trail, ordered=True),
        heading("Your trail"),
        bullets(own, ordered=True),
        heading("What came of it"),
        prose(debrief.aftermath),
    )
    return Panel("note", "Debrief", title=title, blocks=blocks, label=f"Debrief: {title}")
