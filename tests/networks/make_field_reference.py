"""Makes field_reference.json: log-likelihoods and best paths of pytorch-crf 0.7.2 on 100 cases drawn by a seed.

The cases are drawn again by the test; only what that package finds is kept. Run with `PYTHONPATH=tests`.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from field_cases import case
from torchcrf import CRF


def main() -> None:
    """Writes the file."""
    found = []
    for seed in range(100):
        scores, labels, mask, first, between, last = case(seed)
        field = CRF(scores.shape[2], batch_first=True).double()
        field.start_transitions.data, field.transitions.data, field.end_transitions.data = first, between, last
        with torch.no_grad():
            told = field(scores, labels, mask=mask, reduction="none").tolist()
        found.append({"told": told, "paths": field.decode(scores, mask=mask)})
    text = json.dumps({"pytorch-crf": "0.7.2", "found": found})
    Path(__file__).with_name("field_reference.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
