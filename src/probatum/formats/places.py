"""Where downloaded data stand on this computer."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """The folder that holds downloaded sources: $PROBATUM_DATA, or the user's data folder of this system."""
    chosen = os.environ.get("PROBATUM_DATA", "")
    return Path(chosen) if chosen else platformdirs.user_data_path("probatum") / "data"
