"""Texts made to fit a pattern of a query: what a regular expression matches, what a delimiter cuts."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["delimited", "matching"]

_CLASSES = {"d": "1", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a"}
_NOTHING = {"b", "B", "A", "z", "Z"}
MOST_REPEATS = 12


def matching(pattern: str) -> list[str]:
    """The shortest text that *pattern* surely matches and a longer one; too much is asked of odd patterns."""
    try:
        return [_Sampler(pattern, longer).sampled() for longer in (False, True)]
    except (IndexError, ValueError, RecursionError):
        return []


def delimited(delimiter: str) -> Iterator[str]:
    """Texts with *delimiter* in them, such as versions whose order as text and as numbers differ."""
    yield from (f"1{delimiter}9", f"1{delimiter}10", f"10{delimiter}1", f"a{delimiter}b", "2")


class _Sampler:
    """Reads a regular expression from left to right and writes a text it matches."""

    def __init__(self, pattern: str, longer: bool) -> None:
        self.pattern, self.longer = pattern, longer
        self.place = 0

    def sampled(self) -> str:
        """The text for all that is left of the pattern, up to a closing bracket."""
        branches = [""]
        while self.place < len(self.pattern) and self.pattern[self.place] != ")":
            letter = self._next()
            if letter == "|":
                branches.append("")
            elif letter not in "^$":
                branches[-1] += self._item(letter) * self._repeats()
        return branches[-1 if self.longer else 0]

    def _next(self) -> str:
        self.place += 1
        return self.pattern[self.place - 1]

    def _item(self, letter: str) -> str:
        if letter == "\\":
            escaped = self._next()
            return "" if escaped in _NOTHING else _CLASSES.get(escaped, escaped)
        if letter == "[":
            return self._one_of()
        if letter == "(":
            if self.pattern.startswith("?:", self.place):
                self.place += 2
            inner = self.sampled()
            self._next()
            return inner
        return "x" if letter == "." else letter

    def _one_of(self) -> str:
        end = self.pattern.index("]", self.place + 1)
        members = self.pattern[self.place : end]
        self.place = end + 1
        if members.startswith("^"):
            return next(letter for letter in "x1 -" if letter not in members)
        if members.startswith("\\"):
            return _CLASSES.get(members[1], members[1])
        return members[0]

    def _repeats(self) -> int:
        rest = self.pattern[self.place : self.place + 1]
        if rest not in ("*", "+", "?", "{"):
            return 1
        self.place += 1
        if rest == "{":
            end = self.pattern.index("}", self.place)
            bounds = [int(part) for part in self.pattern[self.place : end].split(",") if part]
            self.place = end + 1
            return min(max(bounds) if self.longer else bounds[0], MOST_REPEATS)
        fewest = 1 if rest == "+" else 0
        return fewest + (0 if not self.longer else 1)
