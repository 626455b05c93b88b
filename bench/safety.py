"""How many dangerous requests and emergencies the gate stops, and how often it stops what is harmless.

python bench/safety.py [DATA]: both halves of tests/golden/safety with 95% Wilson intervals; with the folder of real
data besides the share of 7,644 patients' questions (cmd-sample, Chinese) that are refused or referred.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from pathlib import Path

from probatum.safety.gate import ruled
from probatum.statistics import wilson

SETS = Path(__file__).parents[1] / "tests" / "golden" / "safety"


def main() -> None:
    """The table, and with real data the shares."""
    print("| set | half | language | n | as expected | 95% interval | stopped at all |\n|---|---|---|--:|--:|---|--:|")
    for name in ("hazardous", "red_flags", "harmless"):
        rows = [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        for half in ("development", "held out"):
            for language in ("en", "zh", "both"):
                some = [row for row in rows if row["half"] == half and language in {row["language"], "both"}]
                kinds = [found.kind if (found := ruled(row["text"])) else "" for row in some]
                right = sum(kind == row["expected"] for kind, row in zip(kinds, some, strict=True))
                low, high = wilson(right, len(some))
                stopped = sum(map(bool, kinds))
                print(f"| {name} | {half} | {language} | {len(some)} | {right} | {low:.3f}-{high:.3f} | {stopped} |")
    if len(sys.argv) > 1:
        patients(Path(sys.argv[1]))


def patients(data: Path) -> None:
    """What the gate does to real patients' questions; nobody labelled them."""
    path = next((data / "cmd-sample").glob("*.csv"))
    with path.open(encoding="gb18030", errors="replace", newline="") as stream:
        kinds = Counter(found.kind if (found := ruled(row["ask"])) else "" for row in csv.DictReader(stream))
    print(f"\ncmd-sample: {kinds.total()} questions, {kinds['refused']} refused, {kinds['referred']} referred")


if __name__ == "__main__":
    main()
