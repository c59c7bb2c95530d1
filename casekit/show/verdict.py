"""A verdict on screen: icon, word and colour, what differs and why, and the evidence of a rubric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casekit.compare import Contract
from casekit.compare.marks import LOOSE
from casekit.model import Verdict
from casekit.show.blocks import Block, escape, heading, paragraph, points
from casekit.show.counterexample import counterexample_blocks
from casekit.show.grid import Head, grid
from casekit.show.panel import TONES, Panel, View

__all__ = ["VERDICT_MIME", "VerdictView", "status_mark"]

VERDICT_MIME = "application/vnd.casekit.verdict+json"

_LOOKS = {
    "correct": ("good", "Correct"),
    "trap": ("trap", "Known mistake"),
    "wrong": ("bad", "Wrong"),
    "not yet": ("near", "Not yet"),
    "not attempted": ("open", "Not attempted"),
    "broken": ("fault", "Broken"),
}


_DID_NOT_RUN = ("near", "Did not run")


@dataclass(frozen=True)
class VerdictView(View):
    """
    The judge's word as a learner reads it.

    Attributes:
        after: Blocks added by the notebook, for example the exhibits this answer unlocked.
        contract: What counts as a difference between two results of this exercise.
    """

    verdict: Verdict
    after: tuple[Block, ...] = ()
    contract: Contract = LOOSE

    def html(self) -> str:
        """The verdict as an accessible panel."""
        return self._panel().html()

    def text(self) -> str:
        """The verdict in plain words."""
        return self._panel().text()

    def data(self) -> Mapping[str, object]:
        """The verdict as JSON, for programs that read a saved notebook."""
        return {VERDICT_MIME: self.verdict.as_dict()}

    def _panel(self) -> Panel:
        verdict = self.verdict
        tone, word = _DID_NOT_RUN if verdict.tag == "did_not_run" else _LOOKS[verdict.status]
        return Panel(
            tone,
            word,
            subject=verdict.exercise,
            title=verdict.headline,
            blocks=tuple(block for block in (*_body(verdict, self.contract), *self.after) if block.text),
            aside=_score(verdict),
            label=f"Verdict for {verdict.exercise}: {word}",
        )


def status_mark(status: str) -> tuple[str, str]:
    """Icon and word of a verdict's status, for lists."""
    tone, word = _LOOKS[status]
    return TONES[tone].icon, word


def _score(verdict: Verdict) -> str:
    if verdict.score is None:
        return ""
    return f"{verdict.score} of {verdict.score_of} points" if verdict.score_of else f"{verdict.score} points"


def _body(verdict: Verdict, contract: Contract) -> list[Block]:
    blocks = [points(verdict.points)]
    if verdict.counterexample is not None:
        blocks += counterexample_blocks(verdict.counterexample, contract)
    if verdict.evidence:
        blocks += [heading("Line by line"), _evidence(verdict)]
    if verdict.notes:
        blocks += [heading("Worth knowing"), points(verdict.notes, quiet=True)]
    rests_on = _rests_on(verdict)
    return [*blocks, paragraph(rests_on, quiet=True)] if rests_on else blocks


def _rests_on(verdict: Verdict) -> str:
    """On how many databases a right answer held, or among how many the one that is shown was found."""
    count = verdict.databases
    if not count or (verdict.status != "correct" and verdict.counterexample is None):
        return ""
    databases = "one small hidden database" if count == 1 else f"{count:,} small hidden databases"
    if verdict.counterexample is None:
        return f"Checked on your data and on {databases}."
    return "Found on a small hidden database." if count == 1 else f"Found among {databases}."


def _evidence(verdict: Verdict) -> Block:
    heads = [
        Head("What it rewards", wraps=True),
        Head("Points", numeric=True),
        Head("Where you earned it", wraps=True),
    ]
    rows = [
        (label, f"{earned} of {full}", f"“{words}”" if words else "–")
        for label, earned, full, words in verdict.evidence
    ]
    unbroken = [
        (label, earned.replace(" ", "\N{NO-BREAK SPACE}"), Block(escape(words), words))
        for label, earned, words in rows
    ]
    table = grid(heads, unbroken)
    lines = "\n".join(
        f"- {label}: {earned}" + (f"  {words}" if words != "–" else "") for label, earned, words in rows
    )
    return Block(table.html, lines)
