"""Tables that leave the pages: CSV (RFC 4180) that a spreadsheet never takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows under their columns."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([*map(_cell, row)] for row in rows)
    return out.getvalue()


def _cell(text: str) -> str:
    # A cell that begins so runs as a formula when the file is opened (OWASP, CSV injection).
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
