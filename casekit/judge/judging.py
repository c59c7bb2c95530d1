"""The one verb of the judge: each kind of answer goes to the module that judges it."""

from __future__ import annotations

import logging

from casekit.errors import AuthorError, DataError
from casekit.judge.analysis import judge_analysis
from casekit.judge.bench import Bench
from casekit.judge.choices import judge_cards, judge_choice
from casekit.judge.memo import judge_memo
from casekit.judge.numbers import judge_numbers
from casekit.judge.queries import judge_query
from casekit.model import Answer, Exercise, Key, Verdict
from casekit.model.keys import CardsKey, ChoiceKey, CodeKey, MemoKey

__all__ = ["judge"]

log = logging.getLogger(__name__)


def judge(exercise: Exercise, key: Key, answer: Answer, bench: Bench) -> Verdict:
    """The verdict on *answer*; ``broken`` when the case or the judge itself fails."""
    try:
        return _judge(exercise, key, answer, bench)
    except AuthorError as error:
        log.error("%s", error)
        return _broken(exercise, "The case itself has a fault, so this answer was not judged.")
    except DataError as error:
        return _broken(exercise, str(error))
    except Exception:
        log.exception("the judge failed on %s", exercise.id)
        return _broken(exercise, "The judge failed on this answer, so it was not judged.")


def _judge(exercise: Exercise, key: Key, answer: Answer, bench: Bench) -> Verdict:
    match key:
        case CodeKey() if answer.sql or exercise.kind == "sql":
            return judge_query(exercise, key, answer.value, bench)
        case CodeKey() if exercise.kind == "number":
            return judge_numbers(exercise, key, answer.value, bench)
        case CodeKey():
            return judge_analysis(exercise, key, answer, bench)
        case ChoiceKey():
            return judge_choice(exercise, key, answer.value)
        case CardsKey():
            return judge_cards(exercise, key, answer.value)
        case MemoKey():
            return judge_memo(exercise, key, answer.value, bench.ledger)


def _broken(exercise: Exercise, headline: str) -> Verdict:
    points = ("Your work is kept and nothing is counted against you. Please tell the author of the case.",)
    return Verdict(exercise.id, "broken", headline, points)
