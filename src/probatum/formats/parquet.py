"""Reads the rows of Parquet files, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, NeedsExtra, NeedsFile

_AT_ONCE = 256  # rows in memory: with images in them a row has some hundred kilobytes


def rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number from 1, the row's values by column) of a Parquet file, in its order; without `columns` all of them.

    Raises `NeedsFile`, `NeedsExtra` without pyarrow, and `BadFormat` for a broken file or one without the columns.
    """
    try:
        import pyarrow  # noqa: PLC0415 - heavy, and wanted here alone
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError as error:
        raise NeedsExtra("Parquet is read by pyarrow", mend='pip install "probatum[data]"') from error
    if not path.is_file():
        raise NeedsFile("no such file", where=str(path))
    number = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            if lacking := [name for name in columns if name not in file.schema_arrow.names]:
                raise BadFormat(f"the columns {', '.join(lacking)} are not there", where=str(path))
            for batch in file.iter_batches(batch_size=_AT_ONCE, columns=list(columns) or None):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (pyarrow.ArrowException, OSError) as error:
        raise BadFormat(f"not a whole Parquet file: {error}", where=f"{path}: row {number + 1}") from error
