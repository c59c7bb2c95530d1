# Every target works from a fresh clone: the environment in .venv is made when it is missing.
.DEFAULT_GOAL := help
.PHONY: help set-up lab test lint build notebooks bench matrix clean

PYTHON ?=
PYTHONS ?=
export PYTHON PYTHONS
python := .venv/bin/python

help:                ## print this list
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/  make \1 - \2/p' Makefile | awk -F ' - ' '{ printf "%-18s %s\n", $$1, $$2 }'

set-up:
	@sh .ci/set-up

lab: set-up          ## open the workbook in JupyterLab
	@$(python) -m casekit lab $(ARGS)

test: set-up         ## run every test (one file: make test ARGS=tests/test_cli.py)
	@$(python) -m pytest $(ARGS)

lint: set-up         ## check style and types (the same as pre-commit)
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy
	@for world in casekit/cases/*/world.py; do $(python) -m mypy --no-error-summary $$world || exit 1; done

build: set-up        ## build the wheel and the source archive into dist/
	@$(python) -m hatchling build --clean

notebooks: set-up    ## rebuild notebooks/, schemas and the data manifest from the cases
	@$(python) -m casekit build all
	@$(python) -m casekit build golden

bench: set-up        ## measure speed and memory
	@$(python) -m pytest benchmarks --benchmark-only --benchmark-sort=name $(ARGS)

matrix:              ## draw every dataset with Python 3.11 to 3.13 and two NumPy versions, and compare
	@sh .ci/matrix

clean:               ## delete the environment, built files and datasets (not your progress)
	@rm -rf .venv build dist artifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	@rm -f data/*.duckdb data/*.duckdb.* data/*.lock
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
