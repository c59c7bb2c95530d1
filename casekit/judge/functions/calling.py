"""A candidate's function called with tables by name; whatever it does instead of answering is told."""

from __future__ import annotations

import contextlib
import inspect
import io
import linecache
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import CodeType
from typing import TYPE_CHECKING, Any

from casekit.judge.frames import NotATable, is_frame, read_frame
from casekit.model import Table

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = [
    "Stop",
    "call",
    "is_function",
    "literals_of",
    "outside_frames",
    "quiet",
    "refusal",
    "wanted_tables",
]

MAX_ROWS = 10_000
MOST_CHARACTERS = 300


@dataclass(frozen=True)
class Stop:
    """
    Why a function gave no table.

    Attributes:
        words: One sentence.
        line: The line it stopped at, with its number; empty when that is unknown.
        interrupted: True when the candidate stopped it.
        ran: False when the function raised or was stopped; True when it returned something else.
    """

    words: str
    line: str = ""
    interrupted: bool = False
    ran: bool = False


def is_function(value: object) -> bool:
    """True for what can be called with tables: a function, a lambda, a partial; not for a class."""
    return callable(value) and not inspect.isclass(value) and not is_frame(value)


def wanted_tables(function: object, tables: Mapping[str, object]) -> list[str] | None:
    """The names of the tables *function* takes; None when it cannot say what it takes."""
    try:
        parameters = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    named = [item for item in parameters if item.kind not in (item.VAR_POSITIONAL, item.VAR_KEYWORD)]
    return [item.name for item in named if item.name in tables or item.default is item.empty]


def refusal(function: object, tables: Mapping[str, object]) -> str:
    """Why *function* cannot be called with *tables*, and what to write instead; empty when it can."""
    example = f"def {_name(function)}({', '.join(list(tables)[:2])}): ..."
    wanted = wanted_tables(function, tables)
    if wanted is None:
        return f"It cannot be seen which tables this takes. Write a function: `{example}`."
    if not wanted:
        return f"Your function takes no table. Name the tables it needs: `{example}`."
    unknown = next((name for name in wanted if name not in tables), None)
    if unknown is None:
        return ""
    near = get_close_matches(unknown, tables, 1)
    hint = f"Did you mean {near[0]!r}?" if near else f"The tables are {', '.join(tables)}."
    return f"Your function takes {unknown!r}, and there is no table of that name. {hint}"


def call(function: Callable[..., object], frames: Mapping[str, DataFrame]) -> Table | Stop:
    """What *function* returns on copies of the frames it takes, as a table, or why there is none."""
    given: object = None
    try:
        given = function(*_positional(function, frames), **_by_name(function, frames))
        return read_frame(given, MAX_ROWS)
    except NotATable as mistake:
        if inspect.iscoroutine(given):
            given.close()
        words = str(mistake).replace("You passed", "Your function returns").replace("Pass a", "Return a")
        return Stop(words, ran=True)
    except KeyboardInterrupt:
        return Stop("Your function was stopped before it was done.", interrupted=True)
    except BaseException as error:  # noqa: BLE001 - whatever a stranger's function raises is told
        return Stop(_told(error), _line(error, function))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """While it lasts nothing is printed and nobody is warned: hidden rows stay hidden."""
    nowhere = io.StringIO()
    with (
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        warnings.catch_warnings(action="ignore"),
    ):
        yield


def outside_frames(function: object) -> list[str]:
    """Names of DataFrames that *function* reads from outside instead of taking them as parameters."""
    try:
        outside = inspect.getclosurevars(function)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return []
    names = {**outside.globals, **outside.nonlocals}
    return sorted(name for name, value in names.items() if is_frame(value))


def literals_of(code: object) -> set[object]:
    """The texts, numbers and names that a function with its helpers, or code, is written with."""
    found: set[object] = set()
    waiting, seen = [code], set[int]()
    while waiting:
        item = waiting.pop()
        own = getattr(item, "__code__", item)
        if isinstance(own, CodeType) and id(own) not in seen:
            seen.add(id(own))
            found |= _literals(own)
            waiting += _helpers(item)
    return found


def _literals(code: CodeType) -> set[object]:
    found: set[object] = set(code.co_names)
    waiting: list[object] = list(code.co_consts)
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple | frozenset):
            waiting += item
        elif isinstance(item, CodeType):
            found |= _literals(item)
        elif isinstance(item, str | int | float) and not isinstance(item, bool):
            found.add(item)
    return found


def _helpers(function: object) -> list[object]:
    """Functions of the candidate's own that *function* calls."""
    if not inspect.isfunction(function):
        return []
    outside = inspect.getclosurevars(function)
    values = [*outside.globals.values(), *outside.nonlocals.values()]
    return [
        value for value in values if inspect.isfunction(value) and value.__module__ == function.__module__
    ]


def _positional(function: object, frames: Mapping[str, DataFrame]) -> list[DataFrame]:
    return [frames[item.name].copy() for item in _parameters(function) if item.kind is item.POSITIONAL_ONLY]


def _by_name(function: object, frames: Mapping[str, DataFrame]) -> dict[str, DataFrame]:
    taken = [item.name for item in _parameters(function) if item.kind is not item.POSITIONAL_ONLY]
    return {name: frames[name].copy() for name in taken if name in frames}


def _parameters(function: object) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())  # type: ignore[arg-type]


def _name(function: object) -> str:
    name = str(getattr(function, "__name__", ""))
    return name if name.isidentifier() else "answer"


def _told(error: BaseException) -> str:
    first = traceback.format_exception_only(error)[-1].strip().partition("\n")[0]
    return first if len(first) <= MOST_CHARACTERS else first[: MOST_CHARACTERS - 1] + "…"


def _line(error: BaseException, function: Any) -> str:
    """The last line of the candidate's own source on the way to *error*."""
    code = getattr(function, "__code__", None)
    places = traceback.extract_tb(error.__traceback__)
    own = [place for place in places if code is None or place.filename == code.co_filename]
    if code is None or not own or own[-1].lineno is None:
        return ""
    text = linecache.getline(own[-1].filename, own[-1].lineno).strip()
    number = own[-1].lineno - code.co_firstlineno + 1
    return f"line {number}: {text}" if text and number > 0 else ""
