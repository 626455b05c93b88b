"""What went wrong with a request, as RFC 9457 problem details with stable codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException

from probatum.errors import (
    BadFormat,
    BadPlan,
    ModelFailed,
    NeedsExtra,
    NeedsFile,
    ProbatumError,
    StoreDamaged,
    StoreRefused,
    UnknownName,
)

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[ProbatumError], int] = {
    UnknownName: 422,
    BadPlan: 422,
    BadFormat: 422,
    NeedsFile: 503,
    NeedsExtra: 503,
    StoreDamaged: 503,
    StoreRefused: 503,
    ModelFailed: 502,
}


class Problem(HTTPException):
    """A request that cannot be answered: status, stable code, what is wrong and how to mend it."""

    def __init__(
        self, status: int, code: str, detail: str, mend: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, detail, headers)
        self.code, self.mend = code, mend

    @property
    def title(self) -> str:
        """The standard phrase of the status."""
        return HTTPStatus(self.status_code).phrase

    def body(self) -> bytes:
        """The problem as a JSON document in UTF-8."""
        said = {
            "type": f"urn:probatum:problem:{self.code}",
            "title": self.title,
            "status": self.status_code,
            "detail": self.detail,
            "code": self.code,
        }
        if self.mend:
            said["mend"] = self.mend
        return json.dumps(said, ensure_ascii=True).encode("utf-8")


def of_error(error: ProbatumError) -> Problem:
    """The problem that an error of Probatum's own tree is told as; where the file lies on this host stays here."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    detail = error.what if status >= 500 or not error.where else f"{error.where}: {error.what}"
    return Problem(status, error.code, detail, error.mend)


def not_found(what: str, id: str) -> Problem:
    """404: nothing of that id is known to the release in use."""
    return Problem(404, "not-found", f"no {what} {id!r} in this knowledge release")


def too_large(limit: int) -> Problem:
    """413: the body is over the limit, in bytes."""
    return Problem(413, "too-large", f"the body is over {limit} bytes", "send a shorter text or a smaller file")


def busy(seconds: int) -> Problem:
    """429: all hands are full; ask again after so many seconds."""
    return Problem(
        429, "busy", "too many requests are waiting", f"try again in {seconds} s", {"Retry-After": str(seconds)}
    )


def invalid(detail: str) -> Problem:
    """422: a part of the request is missing or is not what it should be."""
    return Problem(422, "invalid-request", detail)
