"""Heads over a model's trunk: a score for each option, a class, a number, a stretch of a text, labels of its words."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, BadPlan, NeedsFile
from probatum.networks.crf import spans_of
from probatum.networks.features import Token, tokens_of
from probatum.networks.kit import Kit, needed
from probatum.types import Answer, Candidate, Mention, Origin, Question, Relation

KINDS = ("choice", "classes", "score", "span", "entities")
OF_TOKENS = ("span", "entities")  # kinds that give scores for each token instead of one row for the text
FILES = ("head.json", "head.safetensors")
OUTSIDE = "none"  # the class of a pair between which nothing is said
LONGEST_SPAN = 60  # tokens of an answer that is a stretch of a text


@dataclass(frozen=True, slots=True)
class Laid:
    """One text, or two, as tokens, with the span that each token of the second (of one alone: the first) stands for."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]  # (-1, -1): the token is none of that text


@dataclass(frozen=True, slots=True)
class Head:
    """A trained head with its trunk and tokenizer: a question becomes an answer."""

    network: Any
    tokenizer: Any
    about: Mapping[str, Any]  # kind, labels, pairs (of relations: which kinds are related), longest, language

    @property
    def config(self) -> Any:
        """The trunk's configuration."""
        return self.network.trunk.config

    def parameters(self) -> Iterator[Any]:
        """All weights."""
        found: Iterator[Any] = self.network.parameters()
        return found

    def __call__(self, question: Question) -> Answer:
        """The answer: choice (a letter or a class), a field `score`, a stretch as text and found, or mentions."""
        kind = self.about["kind"]
        if kind in {"choice", "classes"}:
            logs = self.logs(question)
            names = [letter for letter, _ in question.options] if kind == "choice" else list(self.about["labels"])
            ranked = sorted(zip(names, logs, strict=True), key=lambda pair: -pair[1])
            return Answer(choice=ranked[0][0], candidates=tuple(Candidate(name, name, log) for name, log in ranked))
        if kind == "score":
            return Answer(fields=(("score", f"{float(self._scores([texts_of(question)])[0, 0]):.4f}"),))
        return self._stretch(question) if kind == "span" else Answer(found=tuple(self._entities(question)))

    def logs(self, question: Question) -> tuple[float, ...]:
        """The log-probability of each option, or of each class. Raises `BadPlan` for a question without options."""
        if self.about["kind"] == "choice":
            if not question.options:
                raise BadPlan("this model chooses among options, and the question has none")
            logs = self._scores(choices_of(question))[:, 0].log_softmax(0)
        else:
            logs = self._scores([texts_of(question)])[0].log_softmax(0)
        return tuple(float(each) for each in logs)

    def laid(self, first: str, second: str = "") -> Laid:
        """The texts as [begin] first [end] second [end], the longer cut at its end where they are too long."""
        return laid(self.tokenizer, first, second, int(self.about["longest"]), self.config.model_type == "roberta")

    def tensors(self, rows: Sequence[Laid]) -> dict[str, Any]:
        """The tensors of some rows, padded to the longest of them."""
        torch = needed("torch")
        width = max(len(row.ids) for row in rows)
        pad = self.tokenizer.pad_token_id if self.tokenizer.pad_token_id is not None else 0
        ids = torch.full((len(rows), width), pad)
        mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row.ids)] = torch.tensor(row.ids)
            types[place, : len(row.ids)] = torch.tensor(row.types)
            mask[place, : len(row.ids)] = 1
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}

    def _scores(self, texts: Sequence[tuple[str, str]]) -> Any:
        torch = needed("torch")
        self.network.eval()
        batch = self.tensors([self.laid(*each) for each in texts])
        device = next(self.network.parameters()).device
        with torch.no_grad():
            return self.network(**{name: value.to(device) for name, value in batch.items()}).float().cpu()

    def _stretch(self, question: Question) -> Answer:
        """The likeliest stretch of the context; none where the beginning of the whole is likelier."""
        first, context = texts_of(question)
        row = self.laid(first, context)
        starts, ends = self._scores([(first, context)])[0].unbind(-1)
        inside = [place for place, (start, _) in enumerate(row.spans) if start >= 0]
        best, chosen = float(starts[0] + ends[0]), (-1, -1)
        for at in inside:
            for to in (each for each in inside if at <= each < at + LONGEST_SPAN):
                if (value := float(starts[at] + ends[to])) > best:
                    best, chosen = value, (row.spans[at][0], row.spans[to][1])
        if chosen[0] < 0:
            return Answer(abstained="no-evidence: no stretch of the text answers this")
        whole = context[chosen[0] : chosen[1]]
        text = whole.strip()  # a piece may begin with the blank before its word
        start = chosen[0] + whole.find(text)
        return Answer(text, found=(Mention(start, start + len(text), text, ""),))

    def _entities(self, question: Question) -> Iterator[Mention]:
        text = text_of(question)
        for tokens in tokens_of(text, self.about["language"]):
            row, first = self.pieces(tokens)
            best = self._rows(row).argmax(-1).tolist()
            said = [self.about["labels"][best[place]] if place >= 0 else "O" for place in first]
            for start, end, kind in spans_of(said):
                at, to = tokens[start].start, tokens[end - 1].end
                yield Mention(at, to, text[at:to], "", kind=kind)

    def _rows(self, row: Laid) -> Any:
        self.network.eval()
        with needed("torch").no_grad():
            return self.network(**self.tensors([row]))[0].float()

    def pieces(self, tokens: Sequence[Token]) -> tuple[Laid, list[int]]:
        """The pieces of a sentence's words, and the place of each word's first piece (-1: it is cut off)."""
        ids: list[int] = [begin_of(self.tokenizer)]
        first: list[int] = []
        for token in tokens:
            told = self.tokenizer(token.text, add_special_tokens=False)["input_ids"]
            fits = bool(told) and len(ids) + len(told) < int(self.about["longest"])
            first.append(len(ids) if fits else -1)
            ids += told if fits else []
        ids.append(end_of(self.tokenizer))
        return Laid(tuple(ids), (0,) * len(ids), ((-1, -1),) * len(ids)), first

    def related(self, text: str, mentions: Sequence[Mention]) -> list[Relation]:
        """The relations that a head of relations reads between the mentions of a text, each once, sorted."""
        origin = Origin("heads", sha256(text.encode()).hexdigest()[:16], "", reliability="extracted")
        found = set()
        for subject, object_, _ in pairs_of(mentions, {(a, b) for a, b in self.about["pairs"]}):
            scores = self._scores([(self.marked(text, subject, object_), "")])[0]
            label = self.about["labels"][int(scores.argmax())]
            if label != OUTSIDE:
                found.add(Relation(_called(subject), label, _called(object_), origin))
        return sorted(found, key=lambda each: (each.subject, each.predicate, each.object))

    def marked(self, text: str, subject: Mention, object_: Mention) -> str:
        """The text with the two mentions between marks that name their kinds (doi:10.48550/arXiv.2102.01373).

        A text that is too long is cut to what stands around the two.
        """
        room = 2 * int(self.about["longest"])  # characters, at least: a token is rarely shorter than two
        low, high = min(subject.start, object_.start), max(subject.end, object_.end)
        beside = max(0, room - (high - low)) // 2
        at, to = max(0, low - beside), high + beside
        for each, mark, kind in sorted(((subject, "@", "*"), (object_, "#", "^")), key=lambda one: -one[0].start):
            inner = f"{mark} {kind} {each.kind} {kind} {text[each.start : each.end]} {mark}"
            text = text[: each.start] + inner + text[each.end :]
            to += len(inner) - (each.end - each.start)
        return text[at:to]

    def save_pretrained(self, folder: Path) -> None:
        """Writes weights, configuration and what the head is of; nothing in them is code."""
        folder.mkdir(parents=True, exist_ok=True)
        weights = {name: value.detach().cpu().clone().contiguous() for name, value in self.network.state_dict().items()}
        needed("safetensors.torch").save_file(weights, folder / FILES[1])
        (folder / FILES[0]).write_text(json.dumps(dict(self.about), ensure_ascii=False), encoding="utf-8")
        self.config.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)


def headed(
    kit: Kit,
    kind: str,
    labels: Sequence[str] = (),
    *,
    pairs: Sequence[tuple[str, str]] = (),
    longest: int = 384,
    language: str = "en",
) -> Head:
    """An untrained head on the kit's trunk, whose weights it shares. Raises `BadPlan` for an unknown kind."""
    if kind not in KINDS:
        raise BadPlan(f"there is no head {kind!r}", mend=f"one of: {', '.join(KINDS)}")
    told = {"labels": list(labels), "pairs": [list(each) for each in pairs]}
    about = {"kind": kind, **told, "longest": longest, "language": language}
    return Head(_network(_trunk(kit.model), about), kit.tokenizer, about)


def load(folder: Path) -> Kit:
    """The kit whose model is the head that was saved; raises `NeedsFile`, `BadFormat`."""
    for name in FILES:
        if not (folder / name).is_file():
            raise NeedsFile(f"no {name} in {folder}", mend="train with the stage choice or heads and save its kit")
    transformers = needed("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
    try:
        about = json.loads((folder / FILES[0]).read_text(encoding="utf-8"))
        network = _network(_trunk(transformers.AutoModel.from_config(config)), about)
        network.load_state_dict(needed("safetensors.torch").load_file(folder / FILES[1]))
    except (ValueError, KeyError, RuntimeError) as error:
        raise BadFormat(f"not a trained head: {error}", where=str(folder)) from error
    network.eval()
    return Kit(tokenizer, Head(network, tokenizer, about))


def _trunk(model: Any) -> Any:
    """What reads, without what a language model writes with."""
    if getattr(model.config, "is_encoder_decoder", False):
        return model.get_encoder()
    trunk = getattr(model, model.base_model_prefix, model)
    if getattr(trunk, "pooler", None) is not None:
        trunk.pooler = None  # the head has its own
    return trunk


def _network(trunk: Any, about: Mapping[str, Any]) -> Any:
    nn, torch = needed("torch.nn"), needed("torch")
    kind, config = about["kind"], trunk.config
    width = int(getattr(config, "hidden_size", 0) or config.d_model)
    outputs = {"choice": 1, "score": 1, "span": 2}.get(kind) or len(about["labels"])
    masked = not getattr(config, "is_encoder_decoder", False) and hasattr(config, "type_vocab_size")
    typed = masked and int(config.type_vocab_size) > 1 and config.model_type != "roberta"  # whose texts have no types

    class Network(nn.Module):  # type: ignore[misc, name-defined]
        """A trunk, of an encoder its first token's pooling, and scores."""

        def __init__(self) -> None:
            super().__init__()
            self.trunk = trunk
            self.pooler = nn.Linear(width, width) if masked and kind not in OF_TOKENS else None
            self.drop = nn.Dropout(float(getattr(config, "hidden_dropout_prob", 0.1) or 0.0))
            self.scores = nn.Linear(width, outputs)
            nn.init.normal_(self.scores.weight, std=0.02)
            nn.init.zeros_(self.scores.bias)

        def read(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            """(rows, width), the vector of each row; of kinds over tokens (rows, tokens, width)."""
            more = {"token_type_ids": token_type_ids} if typed else {}
            hidden = self.trunk(input_ids=input_ids, attention_mask=attention_mask, **more).last_hidden_state
            if kind in OF_TOKENS:
                return hidden
            if self.pooler is not None:
                return torch.tanh(self.pooler(hidden[:, 0]))
            if getattr(config, "is_encoder_decoder", False):
                return (hidden * attention_mask[..., None]).sum(1) / attention_mask.sum(1, keepdim=True)
            rows = torch.arange(len(hidden), device=hidden.device)
            return hidden[rows, attention_mask.sum(1) - 1]

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            """The scores: (rows, outputs), or (rows, tokens, outputs)."""
            read = self.read(input_ids, attention_mask, token_type_ids)
            return self.scores(read if kind == "span" else self.drop(read))

    return Network()


def begin_of(tokenizer: Any) -> int:
    """The token before a text: the classifier's, else the beginning's, else the end's."""
    told = (tokenizer.cls_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id)
    return int(next(each for each in told if each is not None))


def end_of(tokenizer: Any) -> int:
    """The token behind a text: the separator, else the end's."""
    told = (tokenizer.sep_token_id, tokenizer.eos_token_id)
    return int(next(each for each in told if each is not None))


def laid(tokenizer: Any, first: str, second: str, longest: int, doubled: bool = False) -> Laid:
    """Two texts as one row of at most `longest` tokens, each with its end; `doubled`: two ends stand between them."""
    parts = [
        tokenizer(text, add_special_tokens=False, return_offsets_mapping=True) for text in (first, second) if text
    ] or [{"input_ids": [], "offset_mapping": []}]
    ids = [list(part["input_ids"]) for part in parts]
    room = longest - 1 - len(ids) - int(doubled and len(ids) > 1)
    while sum(map(len, ids)) > room:
        longer = max(ids, key=len)
        del longer[max(0, len(longer) - (sum(map(len, ids)) - room)) :]
    between = [end_of(tokenizer)] * (2 if doubled and len(ids) > 1 else 1)
    row, types, spans = [begin_of(tokenizer)], [0], [(-1, -1)]
    for place, part in enumerate(ids):
        close = between if place == 0 else between[:1]
        own = place == len(ids) - 1
        row += [*part, *close]
        types += [place] * (len(part) + len(close))
        told = [tuple(each) for each in parts[place]["offset_mapping"][: len(part)]]
        spans += [*((each if own else (-1, -1)) for each in told), *((-1, -1) for _ in close)]
    return Laid(tuple(row), tuple(types), tuple(spans))


def pairs_of(
    found: Sequence[Mention | Relation], kinds: Collection[tuple[str, str]] = ()
) -> list[tuple[Mention, Mention, str]]:
    """(subject, object, predicate or `none`) of the mentions of different concepts, of these kinds alone (none: any).

    Two concepts stand for their mentions nearest to each other; one without a concept is called by its text.
    """
    mentions = [each for each in found if isinstance(each, Mention)]
    said = {(each.subject, each.object): each.predicate for each in found if isinstance(each, Relation)}
    nearest: dict[tuple[str, str], tuple[int, Mention, Mention]] = {}
    for subject in mentions:
        for object_ in mentions:
            ends = (_called(subject), _called(object_))
            apart = abs(subject.start - object_.start)
            if ends[0] == ends[1] or (kinds and (subject.kind, object_.kind) not in kinds):
                continue
            if ends not in nearest or apart < nearest[ends][0]:
                nearest[ends] = (apart, subject, object_)
    return [(subject, object_, said.get(ends, OUTSIDE)) for ends, (_, subject, object_) in sorted(nearest.items())]


def _called(mention: Mention) -> str:
    return mention.concept or mention.text


def text_of(question: Question) -> str:
    """The text that is read of a question: its context, else what is asked."""
    return "\n".join(question.context) or question.text


def texts_of(question: Question) -> tuple[str, str]:
    """The two texts of a question: its two contexts, or what is asked and the one context; alone with nothing."""
    if len(question.context) == 2:
        return question.context[0], question.context[1]
    return (question.text, question.context[0]) if question.context and question.text else (text_of(question), "")


def choices_of(question: Question) -> list[tuple[str, str]]:
    """The stem (its context first) with each option; no letter is read, so the order of options says nothing."""
    stem = "\n".join(each for each in (*question.context, question.text) if each)
    return [(stem, text) for _, text in question.options]
