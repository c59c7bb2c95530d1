"""Tab inside ``%%sql`` cells, over IPython's ordinary completion, so every front end that asks gets it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from casekit.notebook.sql_names import Schema, suggest

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["install"]

MATCHER_ID = "casekit_sql"
_MAGIC = re.compile(r"\s*%%sql\b")


def install(
    shell: InteractiveShell, schema: Callable[[], Schema], exercises: Callable[[], Sequence[str]]
) -> None:
    """Adds SQL completion to *shell*, in place of an earlier one."""
    from IPython.core.completer import SimpleCompletion, completion_matcher

    def match(context: CompletionContext) -> dict[str, Any]:
        if not _MAGIC.match(context.full_text):
            return {"completions": []}
        typed, found = suggest(_before(context), context.full_text, schema(), exercises())
        texts = [SimpleCompletion(one.text, type=one.kind) for one in found]
        # Jedi reads SQL as Python and takes seconds to find nothing; the word itself keeps it out
        texts = texts or [SimpleCompletion(typed, type="text")]
        return {"completions": texts, "suppress": True, "matched_fragment": typed, "ordered": True}

    marked = completion_matcher(identifier=MATCHER_ID, priority=1000, api_version=2)(match)
    matchers = shell.Completer.custom_matchers
    matchers[:] = [one for one in matchers if getattr(one, "matcher_identifier", "") != MATCHER_ID]
    matchers.append(marked)


def _before(context: CompletionContext) -> str:
    lines = context.full_text.split("\n")
    return "\n".join([*lines[: context.cursor_line], lines[context.cursor_line][: context.cursor_position]])
