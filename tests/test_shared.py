"""What scripts outside the project rely on, held against the real data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.shared
@pytest.mark.slow
def test_the_contract_that_others_script_against(shared: Path, tmp_path: Path) -> None:
    contract = shared.parent / "contract" / "spine.py"
    if not contract.is_file():
        pytest.skip(f"the contract is not at {contract}")
    command = Path(sys.executable).with_name("probatum")
    call = [sys.executable, contract, command, tmp_path / "kb", shared]
    done = subprocess.run(call, check=False, capture_output=True, text=True, timeout=1500)
    fails = [line for line in done.stdout.splitlines() if not line.startswith("ok ")]
    assert done.returncode == 0 and not fails, done.stdout + done.stderr
