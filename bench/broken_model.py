"""How long the quoted answer takes when a model server is slow, cut off, busy, mad or endless, beyond its time limit.

PYTHONPATH=src:tests python bench/broken_model.py KB [--seconds 2] [--times 3]

The faults are those of tests/test_broken_model.py, whose assertions measure no time. Prints, for each, the seconds from
the question to the quoted answer, worst of all; and the seconds that the answer takes without a model.
"""

from __future__ import annotations

import argparse
import json
import time
from contextlib import closing
from pathlib import Path

from model_server import Server
from test_broken_model import FAULTS

from probatum import verbs
from probatum.store.reader import Store
from probatum.types import Question

ASK = "How is Gaucher disease, type I inherited?"


def main() -> None:
    """Measures and prints one JSON object."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("kb", type=Path)
    asked.add_argument("--seconds", type=float, default=2.0)
    asked.add_argument("--times", type=int, default=3)
    given = asked.parse_args()
    with Store(given.kb) as store:
        verbs.ask(store, Question(ASK))  # the indexes are made once
        began = time.perf_counter()
        quoted = verbs.ask(store, Question(ASK)).text
        worst = {"without a model": time.perf_counter() - began}
        for name, fault in FAULTS.items():
            with closing(Server()) as server:
                server.handle = fault
                for _ in range(given.times):
                    settings = {"url": server.url, "seconds": given.seconds}
                    desk = verbs.lay(store, model="openai", model_settings=settings)
                    began = time.perf_counter()
                    answer = verbs.ask(store, Question(ASK), "rag", desk=desk)
                    worst[name] = max(worst.get(name, 0.0), time.perf_counter() - began)
                    if answer.text != quoted:
                        raise SystemExit(f"{name}: {answer.text!r} is not the quoted answer")
    print(json.dumps({"limit": given.seconds, "worst": {name: round(took, 2) for name, took in worst.items()}}))


if __name__ == "__main__":
    main()
