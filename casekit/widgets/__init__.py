"""
Forms for answers that are chosen, ordered or written: plain data in, a plain value out.

A form judges nothing and shows no result; it calls back with the value, and whoever opened it shows
what came of it in a form that outlives the kernel.
"""

from __future__ import annotations

from casekit.widgets.cards import cards_form
from casekit.widgets.choice import choice_form
from casekit.widgets.clarify import clarify_form
from casekit.widgets.memo import memo_form
from casekit.widgets.predict import predict_form

__all__ = ["cards_form", "choice_form", "clarify_form", "memo_form", "predict_form"]
