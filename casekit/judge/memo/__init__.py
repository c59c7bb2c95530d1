"""
The verdict on a memo, by rules that can be read: a rubric with quoted evidence, numbers that match the data.

Text becomes sentences (`text`, `phrases`); sentences give numbers (`claims`, `masks`, `shares`, `numbers`);
numbers meet the ledger (`ledger`, `excuses`, `directions`, `swaps`, `contradictions`); checks (`decision`,
`denials`, `checks`, `owner`, `dates`, `flags`) fill the rubric (`rubric`, `lint`, `verdict`).
"""

from __future__ import annotations

from casekit.judge.memo.text import count_words
from casekit.judge.memo.verdict import judge_memo

__all__ = ["count_words", "judge_memo"]
