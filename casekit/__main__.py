"""``python -m casekit``: the casekit command, whatever is on the PATH."""

from __future__ import annotations

from casekit.cli import main

if __name__ == "__main__":
    main()
