"""Where displays go: the notebook when there is one, else plain text on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from casekit.errors import AuthorError, CasekitError, UsageError
from casekit.show import View, notice

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = [
    "clear_yes",
    "current_shell",
    "kind_words",
    "learner_words",
    "show",
    "show_updatable",
    "slip",
    "typed",
]

_LONGEST_VALUE = 40  # characters
_LONGEST_NUMBER = 10**18

Update = Callable[[View], None]


def current_shell() -> InteractiveShell | None:
    """The running IPython shell; None in plain Python."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    shell: InteractiveShell | None = get_ipython()
    return shell


class Readable(Protocol):
    """Whatever displays itself and has a text twin: views, and charts."""

    def text(self) -> str:
        """The display in plain text."""


def show(view: Readable) -> None:
    """Displays *view*, or writes its text where nothing can be displayed."""
    if current_shell() is None:
        sys.stdout.write(f"{view.text()}\n")
        return
    from IPython.display import display

    display(view)  # type: ignore[no-untyped-call]


def show_updatable(view: View) -> Update:
    """Displays *view* and gives a function that puts another in its place, also in the saved notebook."""
    if current_shell() is None:
        show(view)
        return show
    from IPython.display import display

    handle = display(view, display_id=True)  # type: ignore[no-untyped-call]
    return handle.update if handle is not None else show


@contextmanager
def learner_words() -> Iterator[None]:
    """Turns what casekit raises on purpose into a notice: a slip is no traceback."""
    try:
        yield
    except UsageError as error:
        show(slip(error))
    except AuthorError as error:
        first = str(error).split("\n", maxsplit=1)[0]
        lines = [*map(str, error.problems), "Nothing is counted against you. Please tell the author."]
        show(notice(first, lines, word="Broken", tone="fault"))


def slip(error: CasekitError) -> View:
    """A learner's slip as a notice: the error's words, as a sentence."""
    words = str(error)
    what, stop, advice = (words[:1].upper() + words[1:]).partition(". ")
    return notice(what + stop.strip(), [advice] if advice else [], word="Try again", tone="near")


def typed(value: object) -> str:
    """What was passed, in a few words: itself when it is short, else its type."""
    shown = repr(value) if isinstance(value, str | bytes | float | None | bool) else ""
    if type(value) is int and abs(value) < _LONGEST_NUMBER:
        shown = str(value)
    return shown if 0 < len(shown) <= _LONGEST_VALUE else f"a value of type {type(value).__name__}"


def clear_yes(anyway: object) -> bool:
    """
    *anyway* as it was passed.

    Raises:
        UsageError: It is neither True nor False.
    """
    if not isinstance(anyway, bool):
        raise UsageError(f"{typed(anyway)} says neither yes nor no. Type anyway=True, or leave it out.")
    return anyway


def kind_words(error: CasekitError) -> CasekitError:
    """*error*, which IPython now prints as its message alone; for calls that cannot go on without."""
    error._render_traceback_ = lambda: [f"{type(error).__name__}: {error}"]  # type: ignore[attr-defined]
    return error
