"""What an author hands to a story, checked before anything is done with it: whatever it is, it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from casekit.world.declare import Fact
from casekit.world.facts import fact_faults
from casekit.world.loading import DEFAULT_SIZE
from casekit.world.story.parts import Twist
from casekit.world.story.scope import Scope
from casekit.world.story.tables import Rollup, Table

__all__ = ["check_row", "check_size", "declared", "name_of", "sound", "sound_facts", "twice"]

Made = TypeVar("Made")

WHAT_PYTHON_SAYS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def check_row(scope: Scope, name: str, given: object) -> None:
    """Tells when what should be a row of things is none, for example because a comma is missing."""
    if not isinstance(given, list | tuple):
        said = f"are a {type(given).__name__}, not a list or tuple; a tuple of one ends in a comma: (one,)"
        scope.tell("", name, said)


def sound(scope: Scope, kind: str, given: object) -> list[Any]:
    """Those of the *given* that are of the kind, for example ``twists``; what is none is told."""
    return [one for one in _row(given) if _is_sound(scope, kind, one)]


def sound_facts(scope: Scope, given: object, sizes: object) -> list[Fact]:
    """Those of *given* that are facts; what is none, or cannot be right, is told."""
    facts = sound(scope, "facts", given)
    known = sizes if isinstance(sizes, Mapping) else ()
    for name, message in declared(scope, "facts", lambda: list(fact_faults(facts, known))) or ():
        scope.tell(name, "", message)
    return facts


def check_size(scope: Scope, sizes: object, block: object) -> None:
    """Tells what is wrong with how many people there are, by name, and in a block."""
    if not isinstance(sizes, Mapping):
        scope.tell("", "sizes", f"are {sizes!r}; write them by name, for example {{'default': 1_000}}")
        return
    if DEFAULT_SIZE not in sizes:
        scope.tell("sizes", DEFAULT_SIZE, f"is not there; the sizes are: {', '.join(map(str, sizes))}")
    for name, people in sizes.items():
        if type(people) is not int or people < 1:
            scope.tell("sizes", name, f"is {people!r}; a size is a whole number of people from 1 up")
    if type(block) is not int or block < 0:
        scope.tell("", "block", f"is {block!r}; write a whole number of people, or 0 for the default size")


def declared(scope: Scope, where: str, declare: Callable[[], Made], *bent: object) -> Made | None:
    """
    What *declare* gives; None when it stumbles over what the author wrote, and that is told.

    A part checks its words one by one. What is not even of the right kind, such as a share that is text,
    shows as an error of Python: it is told with the part's name, and what hangs on the names in *bent* is
    not told about again.
    """
    try:
        return declare()
    except WHAT_PYTHON_SAYS as error:
        said = f"cannot be read ({type(error).__name__}: {error}); check the kind of each value in it"
        scope.tell(where, "", said)
        scope.unread |= {name for name in (where, *bent) if isinstance(name, str)}
        return None


def name_of(part: object) -> str:
    """What a part, twist or table is called; the name of its class where it has no name."""
    name = getattr(part, "name", None) or getattr(part, "to", None)
    return name if isinstance(name, str) else type(part).__name__


def twice(names: Iterable[str]) -> list[str]:
    """The names that are there more than once."""
    seen = list(names)
    return sorted({name for name in seen if seen.count(name) > 1})


def _row(given: object) -> Iterator[Any]:
    yield from given if isinstance(given, list | tuple) else (given,) if given is not None else ()


def _is_sound(scope: Scope, kind: str, one: object) -> bool:
    is_kind, example = KINDS[kind]
    if not is_kind(one):
        scope.tell("", kind, f"hold {_shown(one)}, which does not belong there; write for example {example}")
        return False
    name = getattr(one, "name", "")
    if hasattr(one, "name") and not (isinstance(name, str) and name):
        scope.tell("", kind, f"hold a {type(one).__name__} with the name {name!r}; a name is a word")
        return False
    return True


def _shown(one: object) -> str:
    if isinstance(one, type):
        return f"the class {one.__name__} itself"
    return repr(one) if isinstance(one, str | int | float | None) else f"a {type(one).__name__}"


def _is_part(one: object) -> bool:
    return not isinstance(one, type) and callable(getattr(one, "declare", None)) and hasattr(one, "play")


KINDS: dict[str, tuple[Callable[[object], bool], str]] = {
    "parts": (_is_part, "Population(...)"),
    "twists": (lambda one: isinstance(one, Twist), "StepChange(...)"),
    "tables": (lambda one: isinstance(one, Table | Rollup), "Table(...)"),
    "facts": (lambda one: isinstance(one, Fact), "Fact(...)"),
}
