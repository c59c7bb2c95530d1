"""Charts that work live in JupyterLab and as a page on their own; the only room that knows plotly."""

from __future__ import annotations

from casekit.charts.chart import Chart

__all__ = ["Chart"]
