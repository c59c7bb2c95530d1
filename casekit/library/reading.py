"""Files of a case folder read into specs, with every problem written down instead of the first one raised."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from casekit.errors import Problem

__all__ = ["check_spec", "read_spec", "read_text", "read_toml"]

S = TypeVar("S", bound=BaseModel)


def read_text(folder: Path, file: str, problems: list[Problem], where: str = "") -> str | None:
    """The text of *file*, or None and a problem."""
    try:
        return (folder / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.append(
            Problem(file, where, "", "the file is missing; docs/case-format.md shows what it holds")
        )
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(file, where, "", f"cannot be read: {error}"))
    return None


def read_spec(folder: Path, file: str, spec: type[S], problems: list[Problem], where: str = "") -> S | None:
    """*file* as a *spec*, or None and all its problems."""
    raw = read_toml(folder, file, problems, where)
    return None if raw is None else check_spec(raw, file, spec, problems, where)


def read_toml(folder: Path, file: str, problems: list[Problem], where: str = "") -> dict[str, Any] | None:
    """The tables of *file*, not yet checked, or None and a problem."""
    text = read_text(folder, file, problems, where)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(file, where, "", f"is not valid TOML: {error}"))
        return None


def check_spec(
    raw: dict[str, Any], file: str, spec: type[S], problems: list[Problem], where: str = ""
) -> S | None:
    """The tables *raw* of *file* as a *spec*, or None and all their problems."""
    try:
        return spec.model_validate(raw)
    except ValidationError as error:
        problems += [_problem(file, where, raw, one) for one in error.errors(include_url=False)]
        return None


def _problem(file: str, where: str, raw: object, error: object) -> Problem:
    detail = dict(error)  # type: ignore[call-overload]
    place = _place(raw, detail["loc"])
    field = ".".join(str(step) for step in detail["loc"] if not isinstance(step, int))
    message = str(detail["msg"]).removeprefix("Value error, ")
    value = detail.get("input")
    if isinstance(value, str | int | float | bool):
        message += f" (it is {value!r})"
    return Problem(file, where or place, field, message)


def _place(raw: object, location: tuple[object, ...]) -> str:
    """The ids of the TOML tables on the way to the mistake: ``weekly-conversion``."""
    names: list[str] = []
    for step in location:
        try:
            raw = raw[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(step, int):
            label = raw.get("id") or raw.get("slug") or raw.get("name") if isinstance(raw, dict) else None
            names.append(str(label or f"number {step + 1}"))
    return " › ".join(names)
