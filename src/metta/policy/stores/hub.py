"""The Hugging Face Hub, through huggingface_hub: `hf://owner/name`, `hf://owner/name@revision/folder/file.mpt`.

HF_ENDPOINT, HF_TOKEN, HF_HOME and HF_HUB_OFFLINE mean what they mean to other programs.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from metta.common.errors import MachineError, UserError
from metta.policy.stores.store import Store, optional_part, told

_REFUSED = (401, 403)  # statuses: who asks is unknown, or may not
_ATTEMPTS, _PATIENCE_S = 5, 20.0  # of what the library asks for only once, such as a commit
# Between the five attempts of the store of chunks; its own 3 s make minutes of them.
_XET_PATIENCE = ("HF_XET_CLIENT_RETRY_BASE_DELAY", "500ms")
_DRIVE = re.compile(r"(^|/)[A-Za-z]:")


class HubStore(Store):
    """A repository of models.

    Args:
        repository: `owner/name`.
        revision: a branch, tag or commit; None = the main branch.
    """

    def __init__(self, repository: str, revision: str | None = None) -> None:
        self._place = f"hf://{repository}"
        self._hub: Any = optional_part("huggingface_hub", "hub", self._place)
        self._errors_of: Any = optional_part("huggingface_hub.errors", "hub", self._place)
        self._api = self._hub.HfApi(endpoint=os.environ.get("HF_ENDPOINT"))
        if "HF_HUB_VERBOSITY" not in os.environ:
            self._hub.logging.set_verbosity_error()  # else every attempt is a line among the training's
        os.environ.setdefault(*_XET_PATIENCE)
        self._repository, self._revision = repository, revision

    @classmethod
    def open(cls, rest: str) -> tuple["HubStore", str]:
        """Return the store of `owner/name[@revision]/key`, and the key.

        Raises:
            UserError: there is no name.
        """
        owner, _, below = rest.partition("/")
        name, _, key = below.partition("/")
        name, _, revision = name.partition("@")
        if not owner or not name:
            raise UserError(f"hf://{rest}: needs an owner and a name: hf://owner/name/path")
        return cls(f"{owner}/{name}", revision or None), key.strip("/")

    def sizes(self, folder: str) -> dict[str, int]:
        """See `Store.sizes`."""
        with self._errors():
            try:
                entries = list(
                    self._api.list_repo_tree(self._repository, folder or None, revision=self._revision)
                )
            except self._errors_of.EntryNotFoundError:
                return {}
        return {entry.path.rsplit("/", 1)[-1]: entry.size for entry in entries if hasattr(entry, "size")}

    def fetch(self, key: str) -> Path | None:
        """See `Store.fetch`; the copy lies in the cache of the Hub's own library, which checks it."""
        with self._errors():
            try:
                return Path(self._api.hf_hub_download(self._repository, key, revision=self._revision))
            except self._errors_of.LocalEntryNotFoundError as error:  # offline, and not in the cache
                raise MachineError(f"{self._place}/{key}: {told(error)}") from None
            except self._errors_of.EntryNotFoundError:
                return None

    def put(self, path: Path, key: str) -> None:
        """See `Store.put`: a commit, which names contents that have arrived before.

        Raises:
            UserError: the Hub's library would take such a name for one with a drive, and never read it.
        """
        if _DRIVE.search(key):
            raise UserError(
                f"{self._place}/{key}: the Hub reads no names that begin like a drive, such as a:v5"
            )
        self._commit(
            lambda: self._api.upload_file(
                path_or_fileobj=path,
                path_in_repo=key,
                repo_id=self._repository,
                revision=self._revision,
                commit_message=f"Add {key.rsplit('/', 1)[-1]}",
            )
        )

    def delete(self, key: str) -> None:
        """See `Store.delete`: a commit; the repository's history keeps the file."""

        def send() -> None:
            with suppress(self._errors_of.EntryNotFoundError):
                self._api.delete_file(
                    path_in_repo=key,
                    repo_id=self._repository,
                    revision=self._revision,
                    commit_message=f"Remove {key.rsplit('/', 1)[-1]}",
                )

        self._commit(send)

    def _commit(self, send: Callable[[], object]) -> None:
        """Change the repository; again if somebody else just did, or the Hub was busy."""
        if "HF_HUB_DISABLE_PROGRESS_BARS" not in os.environ:
            self._hub.utils.disable_progress_bars()
        began = time.monotonic()
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._errors():
                    send()
                return
            except MachineError:
                if attempt == _ATTEMPTS or time.monotonic() - began > _PATIENCE_S:
                    raise
                time.sleep(2.0 ** (attempt - 2))

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Tell what the library raises in one line."""
        errors = self._errors_of
        try:
            yield
        except (MachineError, UserError):
            raise
        except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError) as error:
            what = "revision" if isinstance(error, errors.RevisionNotFoundError) else "repository"
            raise UserError(
                f"{self._place}: there is no such {what}, or it is private and HF_TOKEN may not see it"
            ) from None
        except errors.HFValidationError as error:
            raise UserError(f"{self._place}: {told(error)}") from None
        except Exception as error:
            # Uploads raise RuntimeError for any reason, Xet ConnectionError, its HTTP libraries their own.
            reason = error.__cause__ or error
            status = getattr(getattr(reason, "response", None), "status_code", None)
            if status in _REFUSED:
                raise UserError(
                    f"{self._place}: refused ({status}): HF_TOKEN is missing, unknown or has no right to do this"
                ) from None
            raise MachineError(f"{self._place}: {told(reason)}") from None
