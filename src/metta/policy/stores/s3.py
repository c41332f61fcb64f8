"""S3 and what speaks like it, through obstore.

Where and as whom comes from the environment, as for other programs: AWS_REGION, AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY (or a role of the machine), AWS_ENDPOINT_URL for a server of one's own,
AWS_SKIP_SIGNATURE=true for public buckets.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from metta.common.errors import MachineError, UserError
from metta.policy.stores.store import Store, optional_part, told
from mettagrid.whole_file import whole_file

_DIGEST = "sha256"  # name of the note beside an object (x-amz-meta-sha256)
_ATTEMPTS = {
    "max_retries": 5,
    "backoff": {
        "init_backoff": timedelta(milliseconds=200),
        "max_backoff": timedelta(seconds=5),
        "base": 2,
    },
    "retry_timeout": timedelta(seconds=30),
}
_PATIENCE = {"connect_timeout": "5s", "timeout": "60s"}  # of one request; a part of an upload is one
_PART_BYTES = 5 << 20
_HOPELESS = (
    "NoSuchBucket",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "AccessDenied",
    "PermanentRedirect",
)


class S3Store(Store):
    """A bucket. An object appears when all of it has arrived, in one request or as parts that are joined at the end.

    S3 checks each request's SHA-256; that of the whole file is noted beside it and compared after reading.

    Args:
        bucket: its name.
    """

    def __init__(self, bucket: str) -> None:
        self._place = f"s3://{bucket}"
        self._obstore: Any = optional_part("obstore", "s3", self._place)
        stores: Any = optional_part("obstore.store", "s3", self._place)
        self._bucket = bucket
        endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        with self._errors():
            self._store = stores.S3Store(
                bucket,
                client_options={**_PATIENCE, "allow_http": endpoint.startswith("http://")},
                retry_config=_ATTEMPTS,
                checksum_algorithm="SHA256",
            )

    @classmethod
    def open(cls, rest: str) -> tuple["S3Store", str]:
        """Return the store of `bucket/key`, and the key."""
        bucket, _, key = rest.partition("/")
        return cls(bucket), key.strip("/")

    def sizes(self, folder: str) -> dict[str, int]:
        """See `Store.sizes`; obstore asks for page after page."""
        with self._errors():
            found = self._obstore.list_with_delimiter(self._store, folder or None)
        return {item["path"].rsplit("/", 1)[-1]: item["size"] for item in found["objects"]}

    def fetch(self, key: str) -> Path | None:
        """See `Store.fetch`; the copy stays in the user's cache until the object changes."""
        with self._errors():
            try:
                meta = self._obstore.head(self._store, key)
            except FileNotFoundError:
                return None
            place = f"{self._place}/{key} {meta['e_tag']} {meta['size']}"
            path = cache_folder() / hashlib.sha256(place.encode()).hexdigest()[:16] / key.rsplit("/", 1)[-1]
            if not (path.is_file() and path.stat().st_size == meta["size"]):
                self._download(key, path)
        return path

    def put(self, path: Path, key: str) -> None:
        """See `Store.put`."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
        with self._errors():
            self._obstore.put(
                self._store,
                key,
                path,
                attributes={_DIGEST: digest},
                chunk_size=_PART_BYTES,
                max_concurrency=4,
            )
            stored = self._obstore.head(self._store, key)["size"]
        if stored != size:
            raise MachineError(f"{self._place}/{key}: {size} bytes were sent and {stored} are there")

    def delete(self, key: str) -> None:
        """See `Store.delete`."""
        with self._errors():
            self._obstore.delete(self._store, key)

    def _download(self, key: str, path: Path) -> None:
        answer = self._obstore.get(self._store, key)
        digest, size = hashlib.sha256(), 0
        with whole_file(path) as temporary, temporary.open("wb") as file:
            for chunk in answer.stream(min_chunk_size=1 << 20):
                digest.update(chunk)
                size += file.write(chunk)
            file.close()
            noted = answer.attributes.get(_DIGEST)
            if size != answer.meta["size"] or noted not in (None, digest.hexdigest()):
                raise MachineError(
                    f"{self._place}/{key}: damaged on the way or in the store: its size or SHA-256 is not the noted one"
                )

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Tell what obstore raises in one line."""
        try:
            yield
        except self._obstore.exceptions.BaseError as error:
            text = str(error)
            names = [name for name in _HOPELESS if f"<Code>{name}</Code>" in text]
            if names:
                raise UserError(f"{self._place}: refused: {names[0]}") from None
            raise MachineError(f"{self._place}: {told(error)}") from None
        except PermissionError as error:
            raise UserError(f"{self._place}: refused: {told(error)}") from None


def cache_folder() -> Path:
    """Return where copies lie; they may be deleted at any time."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "metta" / "s3"
