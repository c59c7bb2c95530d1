"""The ``%%sql`` cell magic."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["register"]

_BARE = re.compile(r"\s*%%sql\b[^\n]*\Z")


def register(shell: InteractiveShell, run_cell: Callable[[str, str], None]) -> None:
    """Makes ``%%sql`` cells go to *run_cell*: what follows the magic, then the text below it."""

    def sql(line: str, cell: str) -> None:
        """Explore the case's tables, or hand in an answer: ``%%sql`` or ``%%sql exercise-id``."""
        run_cell(line, cell)

    shell.register_magic_function(sql, "cell", "sql")  # type: ignore[arg-type]
    if give_body not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(give_body)


def give_body(lines: list[str]) -> list[str]:
    """*lines*, with a comment under a lone ``%%sql``: IPython itself refuses a magic without a body."""
    if _BARE.match("".join(lines).rstrip()):
        return [f"{lines[0].rstrip()}\n", "-- nothing here yet\n"]
    return lines
