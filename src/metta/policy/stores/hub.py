"""The Hugging Face Hub, through huggingface_hub: `hf://owner/name`, `hf://owner/name@revision/folder/file.mpt`.

HF_ENDPOINT, HF_TOKEN, HF_HOME and HF_HUB_OFFLINE mean what they mean to other programs.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from metta.common.errors import MachineError, UserError
from metta.policy.stores.store import Store, optional_part, told

_LIBRARIES = ("huggingface_hub", "httpx", "httpcore", "requests")


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
        """See `Store.put`: a commit."""
        with self._errors():
            self._api.upload_file(
                path_or_fileobj=path,
                path_in_repo=key,
                repo_id=self._repository,
                revision=self._revision,
                commit_message=f"Add {key.rsplit('/', 1)[-1]}",
            )

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
            raise UserError(f"{self._place}: there is no such {what}, or it is private") from None
        except errors.HFValidationError as error:
            raise UserError(f"{self._place}: {told(error)}") from None
        except Exception as error:  # its HTTP library's errors have no common name over its versions
            if not type(error).__module__.startswith(_LIBRARIES):
                raise
            raise MachineError(f"{self._place}: {told(error)}") from None
