"""Speed and recall of the dictionary annotator beside other matchers, in one run over the same text and names.

    python bench/annotation.py speed KB [--megabytes 4] [--rounds 5]
    python bench/annotation.py gold KB DATA [--misses odd]

`gold` scores phenotypes against the 200 sentences of annotation_gold.py: by concept, by concept and overlapping place,
by exact span, and the assertion of what was found; English and Chinese, sentences with odd and with even number. Errors
may be looked at in sentences with odd number only (`--misses odd`): the even ones stay held out.

KB is a store that holds MedQuAD for `speed`, and HPO for both. `speed` makes three comparisons in one run: every
English name of phenotypes and diseases but for abbreviations; the same names with the abbreviations, which the other
matchers read in small letters (ours count in their very letters alone); and, of both, ours as they are and again in an
index without inflection and other word order. Each matcher must give, for each passage, the longest name at each place,
on word boundaries, without overlap. In each round every matcher reads all passages in turn, the order shuffled; its
best round counts, in CPU time. The others read passages or blocks of passages, which are then cut apart again:
whichever is faster for each. The reference tries every run of words against the set of names; recall of the names with
abbreviations is counted where the reference finds a name in its letters.
Needs pyahocorasick, daachorse and flashtext, which the project itself does not use; of ahocorasick_rs it makes another
use.
"""

import argparse
import gc
import random
import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from annotation_gold import Mention as Marked
from annotation_gold import read_gold

from probatum.annotators._build import build, by_case
from probatum.annotators._forms import masks as masked
from probatum.annotators._index import Index
from probatum.annotators.dictionary import KINDS, _Dictionary, dictionary
from probatum.store.reader import Store
from probatum.types import Mention, Relation

Span = tuple[int, int]
Matcher = Callable[[str], list[Span]]
Reader = Callable[[list[str]], list[list[Span]]]  # passages -> the spans of each
BETWEEN = "\n\n\x01\n\n"  # no name holds it
Made = TypeVar("Made")
WORD = re.compile(r"\w+")


def exhaustive(names: list[str]) -> Matcher:
    """Every run of words looked up; the leftmost and then the longest counts."""
    known = set(names)
    longest = max(len(WORD.findall(name)) for name in known)

    def match(text: str) -> list[Span]:
        lower = text.lower()
        edges = [found.span() for found in WORD.finditer(lower)]
        found: list[Span] = []
        last = 0
        for place, (start, _) in enumerate(edges):
            if start < last:
                continue
            for behind in range(min(place + longest, len(edges)), place, -1):
                end = edges[behind - 1][1]
                if lower[start:end] in known:
                    found.append((start, end))
                    last = end
                    break
        return found

    return match


def token_trie(names: list[str]) -> Matcher:
    """A trie of dicts over the words and what stands between them, in plain Python."""
    pieces = re.compile(r"\w+|\W")
    root: dict = {}
    for name in names:
        node = root
        for piece in pieces.findall(name):
            node = node.setdefault(piece, {})
        node[""] = True

    def match(text: str) -> list[Span]:
        words = pieces.findall(text.lower())
        found: list[Span] = []
        place, at = 0, 0
        while place < len(words):
            node = root.get(words[place])
            size = 0
            if node is not None:
                behind, end = place, at
                while node is not None:
                    end += len(words[behind])
                    behind += 1
                    if "" in node:
                        size, stop = behind - place, end
                    node = node.get(words[behind]) if behind < len(words) else None
            if size:
                found.append((at, stop))
                place, at = place + size, stop
            else:
                at += len(words[place])
                place += 1
        return found

    return match


def bounded(lower: str, matches: Iterable[Span]) -> list[Span]:
    """Of all matches those on word boundaries, the leftmost and then the longest; most of short names fall at once."""
    around = f" {lower} "
    whole = [(start, -end) for start, end in matches if not (around[start].isalnum() or around[end + 1].isalnum())]
    whole.sort()
    found: list[Span] = []
    last = 0
    for start, back in whole:
        if start >= last:
            last = -back
            found.append((start, last))
    return found


def rust_automaton(names: list[str]) -> Matcher:
    """ahocorasick_rs, all overlapping matches."""
    import ahocorasick_rs  # noqa: PLC0415 - only where it is asked for

    automaton = ahocorasick_rs.AhoCorasick(names)

    def match(text: str) -> list[Span]:
        lower = text.lower()
        return bounded(
            lower, [(start, end) for _, start, end in automaton.find_matches_as_indexes(lower, overlapping=True)]
        )

    return match


def double_array(names: list[str]) -> Matcher:
    """daachorse, all overlapping matches."""
    import daachorse  # noqa: PLC0415 - only where it is asked for

    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(names)

    def match(text: str) -> list[Span]:
        lower = text.lower()
        return bounded(lower, [(start, end) for start, end, _ in automaton.find_overlapping(lower)])

    return match


def c_automaton(names: list[str]) -> Matcher:
    """pyahocorasick, all matches."""
    import ahocorasick  # noqa: PLC0415 - only where it is asked for

    automaton = ahocorasick.Automaton()
    for name in names:
        automaton.add_word(name, len(name))
    automaton.make_automaton()

    def match(text: str) -> list[Span]:
        lower = text.lower()
        return bounded(lower, [(last + 1 - size, last + 1) for last, size in automaton.iter(lower)])

    return match


def flash_text(names: list[str]) -> Matcher:
    """flashtext, as it comes."""
    from flashtext import KeywordProcessor  # noqa: PLC0415 - only where it is asked for

    processor = KeywordProcessor()
    for name in names:
        processor.add_keyword(name, name)
    return lambda text: [(start, end) for _, start, end in processor.extract_keywords(text, span_info=True)]


CONTESTANTS = (token_trie, rust_automaton, double_array, c_automaton, flash_text)


def ready(annotate: _Dictionary) -> _Dictionary:
    """The annotator with all names laid out, as it is after some texts."""
    for _ in annotate.many([""] * 200):
        pass
    return annotate


def spans(found: Iterable[Mention | Relation]) -> list[Span]:
    """Where mentions stand."""
    return [(mention.start, mention.end) for mention in found if isinstance(mention, Mention)]


def whole(annotate: _Dictionary) -> Reader:
    """The whole annotator in batches: names, inflection, order, coordination and context."""
    return lambda texts: list(map(spans, annotate.many(texts)))


def one_by_one(annotate: _Dictionary) -> Reader:
    """The whole annotator, a call a passage."""
    return lambda texts: [spans(annotate(text)) for text in texts]


def names_alone(annotate: _Dictionary) -> Reader:
    """The annotator's finding of names alone, without coordination and context: what the other matchers do."""
    return lambda texts: list(annotate.names(texts))


def passage_by_passage(match: Matcher) -> Reader:
    """A matcher that is asked for each passage."""
    return lambda texts: [match(text) for text in texts]


def in_blocks(match: Matcher, size: int = 100_000) -> Reader:
    """A matcher that is asked for some passages at once, what it finds being cut apart again.

    Passages that are not ASCII alone stand in blocks of their own, as in ours: some matchers count bytes there.
    """

    def read(texts: list[str]) -> list[list[Span]]:
        given: list[list[Span]] = [[] for _ in texts]
        for ascii in (True, False):
            places = [place for place, text in enumerate(texts) if text.isascii() == ascii]
            while places:
                room, count = 0, 0
                while count < len(places) and room < size:
                    room += len(texts[places[count]])
                    count += 1
                block, places = places[:count], places[count:]
                found = match(BETWEEN.join(texts[place] for place in block))
                at, last = 0, 0
                for place in block:
                    end = at + len(texts[place])
                    while last < len(found) and found[last][0] < end:
                        start, behind = found[last]
                        given[place].append((start - at, behind - at))
                        last += 1
                    at = end + len(BETWEEN)
        return given

    return read


def only_as_written(store: Store) -> _Dictionary:
    """The annotator on an index without word order and the like; number and spelling stay: they cost nothing more."""
    with tempfile.TemporaryDirectory() as folder, patch("probatum.annotators._forms.variants", lambda *_: ()):
        build(Path(folder), ((id, kind, name) for id, kind, name in store.names(("en",)) if kind in KINDS), {})
        return ready(_Dictionary(Index.read(Path(folder)), ("en",), KINDS))


def drawn(store: Store, megabytes: float) -> list[str]:
    """Passages of the store, drawn by seed."""
    texts = [passage.text for passage in store.passages(kind="document")]
    random.Random(20250116).shuffle(texts)
    sizes = accumulate(map(len, texts), initial=0)
    return [text for text, size in zip(texts, sizes, strict=False) if size < megabytes * 1e6]


def speed(store: Store, megabytes: float, rounds: int) -> None:
    """Prints a line a matcher and set of names: MB/s (best round, CPU time), recall, what it took to begin."""
    texts = drawn(store, megabytes)
    print(f"{len(texts)} passages, {sum(map(len, texts)) / 1e6:.1f} MB")
    plain, cased = set[str](), set[str]()
    for _, kind, name in store.names(("en",)):
        if kind in KINDS:
            (cased if by_case(name, kind) else plain).add(name.text)
    folded = {name.lower() for name in plain if len(name) > 1 and not name.isdigit()}
    none = set(masked())  # words that are no names, "the syndrome" included
    folded = {name for name in folded if name.removeprefix("the ") not in none}
    made = began("dictionary", lambda: ready(dictionary(store, languages=("en",))))
    ours: dict[str, Reader] = {
        "names alone": names_alone(made),
        "as written": names_alone(began("as written", lambda: only_as_written(store))),
        "complete": whole(made),
        "one by one": one_by_one(made),
    }
    for title, names in (("no abbreviations", folded), ("all names", folded | {name.lower() for name in cased})):
        reference = list(map(set, map(exhaustive(sorted(names)), texts[:2000])))
        if names > folded:  # an abbreviation is right in its letters alone
            reference = [
                {(a, b) for a, b in found if text[a:b].lower() in folded or text[a:b] in cased}
                for found, text in zip(reference, texts, strict=False)
            ]
        print(f"{title}: {len(names)} names, {sum(map(len, reference))} to be found in {len(reference)} passages")
        readers = dict(ours)
        for make in CONTESTANTS:
            match = began(make.__name__, partial(make, sorted(names)))
            readers[make.__name__] = passage_by_passage(match)
            readers[f"{make.__name__}, blocks"] = in_blocks(match)
        compare(readers, texts, reference, rounds)


def began(name: str, make: Callable[[], Made]) -> Made:
    """What is made, after a line that says what making it took."""
    gc.collect()
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    made = make()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3
    print(f"{name} begins in {time.process_time() - start:.2f} s  +{grown:.0f} MB", flush=True)
    return made


def compare(readers: dict[str, Reader], texts: list[str], reference: list[set[Span]], rounds: int) -> None:
    """Prints a line a reader: its best round of all passages, the readers taking turns in an order drawn anew."""
    best = dict.fromkeys(readers, float("inf"))
    order = list(readers)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            best[name] = min(best[name], timed(readers[name], texts))
    size = sum(map(len, texts))
    for name, read in readers.items():
        given = read(texts[: len(reference)])
        hit = sum(map(covered, reference, given)) / sum(map(len, reference))
        print(
            f"{name:22} {size / best[name] / 1e6:6.2f} MB/s  recall {hit:.4f}  gives {sum(map(len, given))}", flush=True
        )


def gold(store: Store, data: Path, misses: bool) -> None:
    """Prints precision, recall and F1 by language and half, and the share of right assertions."""
    annotate = dictionary(store, kinds=("PhenotypicFeature",))
    tallies: dict[tuple[str, str], Counter[str]] = {}
    for each in read_gold(data):
        text = each.sentence.text
        given = [mention for mention in annotate(text) if isinstance(mention, Mention)]
        half = "odd" if each.id % 2 else "even"
        keys = [(language, part) for language in (each.sentence.language, "both") for part in (half, "all")]
        for key in keys:
            tallies.setdefault(key, Counter()).update(tally(each.mentions, given))
        if misses and half == "odd":
            show(each.id, text, each.mentions, given)
    as_known(store, data)
    for (language, half), counts in sorted(tallies.items()):
        print(f"{language:5} {half:5}", *(prf(counts, how) for how in ("concept", "place", "span")), end="  ")
        said = " ".join(
            f"{part} {counts[part] / max(1, counts['matched']):.3f}" for part in ("negated", "certainty", "who")
        )
        print(f"of {counts['matched']} found: {said}")


def as_known(store: Store, data: Path) -> None:
    """Prints how many marks of the English sentences the names give as they are known, as other matchers find them."""
    names: dict[str, set[str]] = {}
    for id, kind, name in store.names(("en",)):
        if kind == "PhenotypicFeature":
            names.setdefault(name.text.lower(), set()).add(id)
    match = exhaustive(sorted(names))
    wanted, right = 0, 0
    for each in read_gold(data):
        if each.sentence.language == "en":
            text = each.sentence.text
            found = Counter(id for a, b in match(text) for id in names[text[a:b].lower()])
            marks = Counter(mark.concept for mark in each.mentions)
            wanted, right = wanted + marks.total(), right + (marks & found).total()
    print(f"en    all   names as they are known, leftmost and longest, any of their concepts: R {right / wanted:.3f}")


def tally(wanted: Sequence[Marked], given: Sequence[Mention]) -> Counter[str]:
    """Counts of wanted, given and right: by concept in the sentence, by overlapping place, by exact span."""
    counts: Counter[str] = Counter()
    ways = {
        "concept": (Counter({m.concept for m in wanted}), Counter({m.concept for m in given})),
        "span": (
            Counter((m.concept, m.start, m.end) for m in wanted),
            Counter((m.concept, m.start, m.end) for m in given),
        ),
    }
    for how, (gold_set, given_set) in ways.items():
        counts[f"{how} wanted"] += gold_set.total()
        counts[f"{how} given"] += given_set.total()
        counts[f"{how} right"] += (gold_set & given_set).total()
    free = list(given)
    for mark in wanted:
        at = next((m for m in free if m.concept == mark.concept and m.start < mark.end and mark.start < m.end), None)
        if at is not None:
            free.remove(at)
            counts["place right"] += 1
            counts["matched"] += 1
            for part in ("negated", "certainty", "who"):
                counts[part] += getattr(at, part) == getattr(mark, part)
    counts["place wanted"] += len(wanted)
    counts["place given"] += len(given)
    return counts


def prf(counts: Counter[str], how: str) -> str:
    """Precision, recall and F1 in one word."""
    right = counts[f"{how} right"]
    precision, recall = right / max(1, counts[f"{how} given"]), right / max(1, counts[f"{how} wanted"])
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return f"{how} P {precision:.3f} R {recall:.3f} F {f1:.3f} |"


def show(number: int, text: str, wanted: Sequence[Marked], given: Sequence[Mention]) -> None:
    """Prints what was missed and what was too much in one sentence."""
    gold_set, given_set = {(m.concept, m.negated, m.certainty, m.who) for m in wanted}, set()
    given_set = {(m.concept, m.negated, m.certainty, m.who) for m in given}
    if gold_set != given_set:
        print(f"#{number} {text}")
        for sign, marks, other in (("-", wanted, given_set), ("+", given, gold_set)):
            for m in marks:
                if (m.concept, m.negated, m.certainty, m.who) not in other:
                    print(f"   {sign} {text[m.start : m.end]!r} {m.concept} {m.negated} {m.certainty} {m.who}")


def covered(wanted: set[Span], given: list[Span]) -> int:
    """How many spans are given, or lie in a longer one that is given."""
    return sum(any(start <= span[0] and span[1] <= end for start, end in given) for span in wanted)


def timed(read: Reader, texts: list[str]) -> float:
    """CPU seconds for all texts."""
    gc.collect()
    start = time.process_time()
    read(texts)
    return time.process_time() - start


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("speed")
    one.add_argument("kb", type=Path)
    one.add_argument("--megabytes", type=float, default=4.0)
    one.add_argument("--rounds", type=int, default=5)
    two = commands.add_parser("gold")
    two.add_argument("kb", type=Path)
    two.add_argument("data", type=Path)
    two.add_argument("--misses", choices=("odd",))
    given = parser.parse_args()
    with Store(given.kb) as store:
        if given.command == "speed":
            speed(store, given.megabytes, given.rounds)
        else:
            gold(store, given.data, given.misses == "odd")


if __name__ == "__main__":
    main()
