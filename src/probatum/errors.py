"""Every error that Probatum raises on purpose; each says what is wrong, where, and how to mend it.

ProbatumError
├── UnknownName   (LookupError)        no such file in that wing; the near ones
├── BadPlan       (ValueError)         recipes/x.toml: which key, what was meant
├── BadFormat     (ValueError)         path:line: what stood there, what was expected
├── NeedsFile     (FileNotFoundError)  what to get, from where, under which licence, where to put it
├── NeedsExtra    (ImportError)        pip install "probatum[train]"
├── StoreDamaged  (RuntimeError)       which file, which checksum, how to restore
├── StoreRefused  (RuntimeError)       a second writer, or a release whose bytes changed; what to do
├── NeedsConsent  (PermissionError)    whose terms must be accepted on record first, and how
└── ModelFailed   (RuntimeError)       the model server or its output; what was asked
    └── ReplyUnusable                  of one question alone: an empty reply, a prompt that is too long
"""

from __future__ import annotations


class ProbatumError(Exception):
    """Something that the user can mend; the doors print it without a traceback."""

    code = "error"

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.mend = what, where, mend

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} ({self.mend})" if self.mend else text


class UnknownName(ProbatumError, LookupError):
    """No thing of that name stands in the wing."""

    code = "unknown-name"


class BadPlan(ProbatumError, ValueError):
    """A table or a setting holds a key or a value that does not belong there."""

    code = "bad-plan"


class BadFormat(ProbatumError, ValueError):
    """A file is not what its format demands."""

    code = "bad-format"


class NeedsFile(ProbatumError, FileNotFoundError):
    """A file that the user must get is not there."""

    code = "needs-file"


class NeedsExtra(ProbatumError, ImportError):
    """An optional part is not installed."""

    code = "needs-extra"


class StoreDamaged(ProbatumError, RuntimeError):
    """The store on disk is not what was written."""

    code = "store-damaged"


class StoreRefused(ProbatumError, RuntimeError):
    """The store will not do this: another writer holds it, or a release changed under its name."""

    code = "store-refused"


class NeedsConsent(ProbatumError, PermissionError):
    """The terms of a gated source have not been accepted on record."""

    code = "needs-consent"


class ModelFailed(ProbatumError, RuntimeError):
    """A language model did not give what was asked."""

    code = "model-failed"


class ReplyUnusable(ModelFailed):
    """The model is there, but of this one question nothing came that can be used: asked again it would be the same."""
