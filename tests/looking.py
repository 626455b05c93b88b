"""Looks at a page in a browser with axe, the checker of accessibility."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest


def look(page: Any) -> None:
    """No finding of axe that it calls serious or critical, on the page as it stands."""
    axe = pytest.importorskip("axe_playwright_python", reason="needs: pip install axe-playwright-python")
    page.evaluate(resources.files(axe).joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert not serious, [(one["id"], [node["html"] for node in one["nodes"]]) for one in serious]
