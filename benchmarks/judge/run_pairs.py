"""
How the evidence engine does on query pairs with known verdicts.

    python benchmarks/judge/run_pairs.py [pairs.jsonl] [--json out.json] [--source shop] [--label different]

The file is JSON lines: id, source, schema, constraints, reference_sql, submission_sql, label. A pair without
a schema has its CREATE TABLE statements beside the file, in one called as its source. The file may also be
named by CASEKIT_PAIRS; by default it is textbook/pairs.jsonl, mistakes and rewrites over four schemas.

Prints, per source and in total, how many "different" pairs were found, how many "equivalent" pairs were
refused (each with its counterexample, for a person to look at), processor time a pair and the size of the
counterexamples.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from casekit.judge import compare_queries
from casekit.judge.evidence import Schema
from casekit.judge.evidence.records import schema_from_record

TEXTBOOK = Path(__file__).parent / "textbook" / "pairs.jsonl"
LABELS = ("different", "equivalent", "probably equivalent", "unknown")


def main() -> None:
    """Run the pairs and print the figures."""
    options = arguments()
    pairs = [json.loads(line) for line in options.pairs.read_text(encoding="utf-8").splitlines()]
    chosen = [pair for pair in pairs if is_chosen(pair, options)][:: options.every]
    if chosen:
        measured(chosen[0], options)  # imports are not the engine's time
    results = [measured(pair, options) for pair in chosen]
    print_table(results)
    print_refusals(results)
    print_missed(results)
    if options.json:
        Path(options.json).write_text(json.dumps({"summary": summaries(results), "pairs": results}, indent=1))


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    named = Path(os.environ.get("CASEKIT_PAIRS", TEXTBOOK))
    parser.add_argument("pairs", nargs="?", type=Path, default=named)
    parser.add_argument("--json", help="write every result here")
    parser.add_argument("--source", help="only this source")
    parser.add_argument("--label", help="only this label")
    parser.add_argument("--every", type=int, default=1, help="only every n-th pair")
    parser.add_argument("--seconds", type=float, default=2.0, help="time box of one pair")
    return parser.parse_args()


def is_chosen(pair: dict[str, Any], options: argparse.Namespace) -> bool:
    """True when the pair was asked for."""
    return options.source in (None, pair["source"]) and options.label in (None, pair["label"])


def schema_of(pair: dict[str, Any], folder: Path) -> Schema:
    """The tables of a pair: in its record, or in a file of *folder* called as its source."""
    if "schema" in pair:
        return schema_from_record(pair["schema"], pair["constraints"])
    return Schema.from_ddl((folder / f"{pair['source']}.sql").read_text(encoding="utf-8"))


def measured(pair: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """One pair's evidence with the time it took."""
    schema = schema_of(pair, options.pairs.parent)
    cpu, wall = time.process_time(), time.monotonic()
    evidence = compare_queries(schema, pair["reference_sql"], pair["submission_sql"], seconds=options.seconds)
    shown = evidence.counterexample
    return {
        "id": pair["id"],
        "source": pair["source"],
        "label": pair["label"],
        "cpu_ms": round((time.process_time() - cpu) * 1000, 1),
        "wall_ms": round((time.monotonic() - wall) * 1000, 1),
        "rows": shown.n_rows if shown else None,
        "rows_by_table": [len(grid.rows) for grid in shown.tables.values()] if shown else None,
        "reference_sql": pair["reference_sql"],
        "submission_sql": pair["submission_sql"],
        **evidence.to_dict(),
    }


def summaries(results: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The figures of each source, and of all together."""
    by_source: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for result in results:
        by_source[result["source"]].append(result)
        by_source["total"].append(result)
    order = [*sorted(set(by_source) - {"total"}), "total"] if by_source else []
    return {source: summary(by_source[source]) for source in order}


def summary(results: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures of one source."""
    found = [result for result in results if result["outcome"] == "different"]
    none = [result for result in results if result["outcome"] == "no difference found"]
    figures: dict[str, Any] = {}
    for label in LABELS:
        of_label = [result for result in results if result["label"] == label]
        hits = sum(result["outcome"] == "different" for result in of_label)
        figures[label] = {"pairs": len(of_label), "said different": hits}
    sizes = sorted(result["rows"] for result in found)
    tables = sorted(count for result in found for count in result["rows_by_table"])
    figures["cpu_ms_found"] = mean([result["cpu_ms"] for result in found])
    figures["cpu_ms_none"] = mean([result["cpu_ms"] for result in none])
    figures["rows_median"] = statistics.median(sizes) if sizes else None
    figures["rows_p90"] = sizes[int(0.9 * (len(sizes) - 1))] if sizes else None
    figures["rows_a_table_median"] = statistics.median(tables) if tables else None
    return figures


def mean(values: list[float]) -> float | None:
    """The mean, or None of nothing."""
    return round(statistics.fmean(values), 1) if values else None


def print_table(results: list[dict[str, Any]]) -> None:
    """One line a source: said different of all pairs with that label, then time and size."""
    heads = ["source", *LABELS, "ms found", "ms none", "rows p50", "rows p90", "a table"]
    print("  ".join(f"{head:>19}" if head in LABELS else f"{head:>10}" for head in heads))
    for source, figures in summaries(results).items():
        cells = [f"{source:>10}"]
        for label in LABELS:
            count = figures[label]
            share = f"{count['said different'] / count['pairs']:.1%}" if count["pairs"] else ""
            cells.append(f"{count['said different']:>5} of {count['pairs']:<4}{share:>7}")
        names = ("cpu_ms_found", "cpu_ms_none", "rows_median", "rows_p90", "rows_a_table_median")
        cells += [f"{figures[name]!s:>10}" for name in names]
        print("  ".join(cells))


def print_refusals(results: list[dict[str, Any]]) -> None:
    """Every "equivalent" pair that was told apart, for a person to look at."""
    for result in results:
        if result["label"] == "equivalent" and result["outcome"] == "different":
            print(f"\nrefused: {result['id']}\n  {result['reference_sql']}\n  {result['submission_sql']}")
            print(f"  {result['words']}")
            for name, grid in result["counterexample"]["tables"].items():
                print(f"  {name}: {grid['rows']}")
            actual = result["counterexample"]["actual"]
            print(f"  expected {result['counterexample']['expected']['rows']}")
            print(f"  actual   {actual['rows'] if actual else result['counterexample']['error']}")


def print_missed(results: list[dict[str, Any]]) -> None:
    """Every "different" pair on which no difference was found, and outcomes that are no verdict."""
    print()
    for result in results:
        missed = result["label"] == "different" and result["outcome"] != "different"
        if missed or result["outcome"].endswith("fails"):
            print(f"{result['label']}: {result['id']}: {result['outcome']}: {result['words'][:150]}")


if __name__ == "__main__":
    sys.exit(main())
