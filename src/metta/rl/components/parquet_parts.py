"""A table that grows while a run writes it: Parquet parts, each complete or absent."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mettagrid.whole_file import whole_file


class ParquetParts:
    """Rows of one table with a column `epoch`, kept in `part-<first epoch>-<last epoch>.parquet` files.

    One process writes; anybody may read the parts at any time, e.g. DuckDB's
    `read_parquet('metrics/*.parquet')`.

    Args:
        folder: where the parts are.
        schema: of the rows; has an int64 column `epoch`.
    """

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self.folder = folder
        self.schema = schema
        self._rows: list[dict[str, object]] = []

    def add(self, rows: list[dict[str, object]]) -> None:
        """Keep rows for the next part; epochs never fall."""
        self._rows.extend(rows)

    def flush(self) -> None:
        """Write a part with the rows that were added since the last one, if any."""
        if self._rows:
            self._write(pa.Table.from_pylist(self._rows, schema=self.schema))
            self._rows = []

    def forget_after(self, epoch: int) -> None:
        """Drop the rows of later epochs: a resumed run writes them again. Also removes half-written parts."""
        for leftover in self.folder.glob(".part-*"):
            leftover.unlink()
        for part in sorted(self.folder.glob("part-*.parquet")):
            first, last = (int(number) for number in part.stem.split("-")[1:])
            if last <= epoch:
                continue
            if first <= epoch:
                self._write(pq.read_table(part, filters=[("epoch", "<=", epoch)]))
            part.unlink()

    def _write(self, table: pa.Table) -> None:
        epochs = table["epoch"]
        name = f"part-{epochs[0].as_py():08d}-{epochs[-1].as_py():08d}.parquet"
        with whole_file(self.folder / name) as temporary:
            pq.write_table(table, temporary, compression="zstd")
