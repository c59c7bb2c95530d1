"""Where one dataset lies on disk: its file, what lies beside it, and who may build it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casekit.errors import DataError, UsageError
from casekit.world.ledger import truth_path

__all__ = [
    "FOLDER_VARIABLE",
    "MOST_SHOWN",
    "Shelf",
    "check_people",
    "check_seed",
    "check_slug",
    "is_file_word",
]

FOLDER_VARIABLE = "CASEKIT_DATA"
BUILD_WAIT_S = 600
SEED_DIGITS = 18  # more would only make the file's name longer
MOST_PEOPLE = 1_000_000_000
MOST_SHOWN = 60  # characters of what was typed

_FILE_WORD = re.compile(r"\w[\w .-]{0,79}")


def is_file_word(value: object) -> bool:
    """True for text that can be part of a file's name without leading anywhere else."""
    return isinstance(value, str) and _FILE_WORD.fullmatch(value) is not None


def check_slug(slug: object) -> None:
    """
    Lets a case's name pass that can be part of a file's name.

    Raises:
        UsageError: It is anything else.
    """
    if not is_file_word(slug):
        raise UsageError(f"a case's name is a word such as 'checkout-drop'; you gave {_given(slug)}.")


def check_seed(seed: object) -> None:
    """
    Lets a plain whole number from 0 up pass: what only looks like one would make another dataset.

    Raises:
        UsageError: It is anything else, or endless.
    """
    if type(seed) is not int or seed < 0:
        raise UsageError(f"the seed is a whole number from 0 up. Type seed=7; you gave {_given(seed)}.")
    if seed >= 10**SEED_DIGITS:
        raise UsageError(f"the seed has at most {SEED_DIGITS} digits. Type a smaller one, such as seed=7.")


def check_people(people: object) -> None:
    """
    Lets a plain whole number of people from 1 up pass.

    Raises:
        UsageError: It is anything else, or more than a disk can hold.
    """
    if type(people) is not int or people < 1:
        raise UsageError(f"a world has a whole number of people, 1 or more; you gave {_given(people)}.")
    if people > MOST_PEOPLE:
        raise UsageError(f"a world has at most {MOST_PEOPLE:,} people; you gave {_given(people)}.")


def _given(value: object) -> str:
    """*value* as it was typed, or its type where that would fill the screen."""
    shown = repr(value) if isinstance(value, str | bytes | float | bool | None) else ""
    if type(value) is int and abs(value) < 10**SEED_DIGITS:  # Python itself refuses to write endless ones
        shown = str(value)
    return shown if 0 < len(shown) <= MOST_SHOWN else f"a value of type {type(value).__name__}"


@dataclass(frozen=True)
class Shelf:
    """
    The place of one dataset.

    Attributes:
        folder: The folder of datasets.
        stem: The dataset's name: slug, seed and size.
    """

    folder: Path
    stem: str

    @property
    def path(self) -> Path:
        """The DuckDB file."""
        return self.folder / f"{self.stem}.duckdb"

    @property
    def log(self) -> Path:
        """DuckDB's write-ahead log: there only if somebody opened the dataset for writing."""
        return self.folder / f"{self.stem}.duckdb.wal"

    @property
    def sidecar(self) -> Path:
        """The JSON file that describes it."""
        return self.folder / f"{self.stem}.json"

    @property
    def truth(self) -> Path:
        """The ledger of the world's twists: there only if it has any."""
        return truth_path(self.path)

    @contextmanager
    def sole_builder(self) -> Iterator[None]:
        """
        Holds the dataset's lock, so that two notebooks started at once build it once.

        Raises:
            DataError: The folder cannot be written to, or another process never finishes.
        """
        import filelock

        lock = filelock.FileLock(self.folder / f"{self.stem}.lock")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=BUILD_WAIT_S)
        except filelock.Timeout as error:
            said = f"another process has been building {self.path} for {BUILD_WAIT_S // 60} minutes"
            raise DataError(f"{said}. End it, or set {FOLDER_VARIABLE} to another folder.") from error
        except (OSError, NotImplementedError) as error:  # filelock's word for a disk that knows no locks
            raise self.unusable("cannot be built", error) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """
        A name to build under; whatever happens, nothing is left under it.

        Raises:
            DataError: What was done under the name failed on this machine.
        """
        import duckdb

        try:
            self._sweep()
            yield self.folder / f"{self.stem}.tmp.duckdb"
        except (OSError, duckdb.Error) as error:
            raise self.unusable("cannot be built", error) from error
        finally:
            self._sweep()

    def unusable(self, what: str, error: Exception) -> DataError:
        """The error that says what happened to the dataset and what to do."""
        reason = str(error).split("\n", maxsplit=1)[0]
        said = f"the dataset {self.path} {what}: {reason}"
        return DataError(f"{said}. Free some space, or set {FOLDER_VARIABLE} to a folder you can write to.")

    def _sweep(self) -> None:
        """Removes what a killed builder left; the caller holds the lock, so nobody is using it."""
        for left in self.folder.glob(f"{self.stem}.tmp*"):
            left.unlink(missing_ok=True)
