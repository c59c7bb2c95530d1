"""The verdict on choices and card orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from casekit.errors import near_names
from casekit.judge.tables import trap_verdict
from casekit.model import Exercise, Verdict
from casekit.model.keys import CardRule, CardsKey, ChoiceKey

__all__ = ["judge_cards", "judge_choice", "kendall_distance"]


def judge_choice(exercise: Exercise, key: ChoiceKey, value: object) -> Verdict:
    """The verdict on one option, given by id or by its text."""
    if _is_nothing(value):
        return Verdict(exercise.id, "not attempted", "No answer yet.", (_options(exercise),))
    chosen = _option_id(exercise, value)
    if chosen is None:
        near = near_names(str(value), [option.id for option in exercise.options])
        meant = f" Did you mean {near[0]!r}?" if near else ""
        headline = f"There is no option {str(value)[:60]!r}.{meant}"
        return Verdict(exercise.id, "not attempted", headline, (_options(exercise),))
    if chosen == key.right:
        points = exercise.points
        return Verdict(exercise.id, "correct", "Right.", (key.why,), score=points, score_of=points)
    trap = next(trap for trap in key.traps if trap.slug == chosen)
    return trap_verdict(exercise, trap)


def judge_cards(exercise: Exercise, key: CardsKey, value: object) -> Verdict:
    """The verdict on an order of cards, given as a list of card ids."""
    known = [card.id for card in exercise.cards]
    if _is_nothing(value):
        advice = f'Use the form of case.answer("{exercise.id}"), or pass all {len(known)} card ids in order.'
        return Verdict(exercise.id, "not attempted", "No answer yet.", (advice,))
    order = _card_ids(exercise, value)
    problem = _why_no_order(order, known)
    if problem:
        return Verdict(exercise.id, "not attempted", problem, (f"The cards are: {', '.join(known)}.",))
    broken = next((rule for rule in key.rules if _breaks(order, rule)), None)
    if broken is not None:
        return trap_verdict(exercise, broken.trap)
    distance = kendall_distance(order, key.order)
    if distance > key.max_distance:
        return Verdict(exercise.id, "wrong", "The order would cost you time.", (_farthest(order, key.order),))
    points = exercise.points
    same = "the expert's order" if distance == 0 else "close to the expert's order"
    return Verdict(exercise.id, "correct", f"Right: {same}.", (key.why,), score=points, score_of=points)


def kendall_distance(order: Sequence[str], other: Sequence[str]) -> float:
    """The share of pairs that stand the other way round: 0 for the same order, 1 for the reverse."""
    place = {card: at for at, card in enumerate(other)}
    pairs = list(combinations(order, 2))
    swapped = sum(place[first] > place[second] for first, second in pairs)
    return swapped / len(pairs) if pairs else 0.0


def _is_nothing(value: object) -> bool:
    return value is None or value is ... or (isinstance(value, str | list | tuple) and not value)


def _options(exercise: Exercise) -> str:
    return "Choose in the form, or pass one of: " + ", ".join(option.id for option in exercise.options) + "."


def _option_id(exercise: Exercise, value: object) -> str | None:
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    text = str(value).strip().casefold()
    for option in exercise.options:
        if text in (option.id.casefold(), option.text.strip().casefold()):
            return option.id
    return None


def _card_ids(exercise: Exercise, value: object) -> list[str]:
    """Card ids, whatever their letter case; a card's text stands for its id."""
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    if not isinstance(value, Iterable):
        return []
    ids = {name.casefold(): card.id for card in exercise.cards for name in (card.id, card.text)}
    given = [str(card).strip() for card in value]
    return [ids.get(card.casefold(), card) for card in given]


def _why_no_order(order: list[str], known: list[str]) -> str:
    unknown = [card for card in order if card not in known]
    if unknown:
        near = near_names(unknown[0], known)
        return f"There is no card {unknown[0][:60]!r}." + (f" Did you mean {near[0]!r}?" if near else "")
    twice = sorted({card for card in order if order.count(card) > 1})
    if twice:
        return f"{', '.join(twice)} stands more than once."
    missing = [card for card in known if card not in order]
    if missing:
        return f"{len(missing)} of {len(known)} cards are missing: {', '.join(missing)}."
    return ""


def _breaks(order: list[str], rule: CardRule) -> bool:
    place = order.index(rule.card) + 1
    if rule.at is not None:
        return place != rule.at
    if rule.not_in_first is not None:
        return place <= rule.not_in_first
    return any(order.index(card) + 1 > place for card in rule.after)


def _farthest(order: list[str], expert: Sequence[str]) -> str:
    shifts = {card: order.index(card) - expert.index(card) for card in expert}
    card = max(shifts, key=lambda name: abs(shifts[name]))
    way = "later" if shifts[card] > 0 else "earlier"
    return f"{card!r} stands much {way} than its cost and its worth suggest. Cheap and decisive comes first."
