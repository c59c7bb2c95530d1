"""Forms in the notebook: what they are filled with, and where their results appear."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from casekit.errors import CasekitError
from casekit.judge import count_words
from casekit.model import Answer, Exercise, Verdict
from casekit.notebook.answering import hand_in, how_to_answer, last_verdict, verdict_view
from casekit.notebook.desk import Desk
from casekit.notebook.interviewing import ask_question, keep_prediction
from casekit.notebook.screen import Update, current_shell, show, show_updatable, slip
from casekit.show import Panel, View, notice
from casekit.show.blocks import bullets
from casekit.show.moments import prediction_view, questions_view

__all__ = ["open_answer_form", "open_clarify_form", "open_predict_form"]


def open_answer_form(desk: Desk, exercise: Exercise, keep: Callable[[Verdict], None]) -> None:
    """
    Displays the form of a choice, card or memo exercise, and below it the verdict as it stands.

    Args:
        desk: The open case.
        exercise: What is to be answered.
        keep: Called with every verdict.
    """
    if exercise.kind not in ("choice", "cards", "memo"):
        show(notice("This one is answered in a cell.", [how_to_answer(exercise)], subject=exercise.id))
        return
    if current_shell() is None:
        show(_printed(exercise))
    verdict = last_verdict(desk, exercise)
    keep(verdict)
    holder: list[Update] = []

    def submit(value: object) -> None:
        judged = hand_in(desk, exercise, Answer(value))
        keep(judged)
        holder[0](verdict_view(desk, exercise, judged))

    if current_shell() is not None:
        _display_form(desk, exercise, submit)
    holder.append(show_updatable(verdict_view(desk, exercise, verdict)))


def _display_form(desk: Desk, exercise: Exercise, submit: Callable[[object], None]) -> None:
    from IPython.display import display

    from casekit import widgets

    last = desk.record.last_submission(exercise.id)
    match exercise.kind:
        case "choice":
            options = [(option.id, option.text) for option in exercise.options]
            form = widgets.choice_form(exercise.title, options, submit, chosen=last)
        case "cards":
            cards = [(card.id, card.text) for card in exercise.cards]
            form = widgets.cards_form(exercise.title, cards, submit, order=last.split())
        case _:
            store, slug = desk.record.store, desk.case.slug
            form = widgets.memo_form(
                exercise.title,
                exercise.word_limit,
                submit,
                count=count_words,
                draft=store.draft(slug, exercise.id) or last,
                on_draft=partial(store.save_draft, slug, exercise.id),
            )
    display(form)  # type: ignore[no-untyped-call]


def _printed(exercise: Exercise) -> Panel:
    choices = [(option.id, option.text) for option in exercise.options]
    choices += [(card.id, card.text) for card in exercise.cards]
    listed = bullets(f"{name}: {text}" for name, text in choices)
    how = f"Without a notebook there is no form: case.check({exercise.id!r}, ...)."
    return Panel("note", "Answer", exercise.id, how, (listed,))


def open_predict_form(desk: Desk) -> None:
    """Displays the prediction as it stands and, in a notebook, a form to make it."""
    prediction = desk.case.interview.prediction
    made = desk.record.prediction()
    if current_shell() is None:
        show(prediction_view(prediction, made))
        return
    from IPython.display import display

    from casekit import widgets

    holder: list[Update] = []

    def submit(direction: str | None, low: float, high: float) -> None:
        holder[0](_told(partial(keep_prediction, desk, direction, low, high)))

    known = (made["direction"], made["low"], made["high"]) if made else None
    display(  # type: ignore[no-untyped-call]
        widgets.predict_form(prediction.question, prediction.unit, submit, made=known)
    )
    holder.append(show_updatable(prediction_view(prediction, made, below_form=True)))


def open_clarify_form(desk: Desk) -> None:
    """Displays the questions that can be asked and, in a notebook, a form to ask them."""
    interview = desk.case.interview
    asked = desk.record.asked()
    if current_shell() is None:
        show(questions_view(interview.questions, asked, interview.question_limit))
        return
    from IPython.display import display

    from casekit import widgets

    holder: list[Update] = []
    told: list[View] = [ask_question(desk, question) for question in asked]

    def ask(question: str) -> int:
        told.append(_told(partial(ask_question, desk, question)))
        holder[0](_Together(tuple(told)))
        return sum(desk.record.asked().values())

    display(  # type: ignore[no-untyped-call]
        widgets.clarify_form(
            [(question.id, question.ask) for question in interview.questions],
            interview.question_limit,
            ask,
            asked=list(asked),
            minutes=sum(asked.values()),
        )
    )
    empty = questions_view(interview.questions, asked, interview.question_limit, folded=True)
    holder.append(show_updatable(_Together(tuple(told)) if told else empty))


def _told(call: Callable[[], View]) -> View:
    """What *call* gives to show, or the words of its error: a form has nowhere to raise to."""
    try:
        return call()
    except CasekitError as error:
        return slip(error)


class _Together(View):
    """Several displays as one."""

    def __init__(self, views: tuple[View, ...]) -> None:
        self.views = views

    def html(self) -> str:
        """All of them below each other."""
        return "".join(view.html() for view in self.views)

    def text(self) -> str:
        """All of them below each other."""
        return "\n".join(view.text() for view in self.views)
