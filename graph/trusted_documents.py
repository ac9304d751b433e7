"""Trusted documents: the documents that the frontends were built with, by the SHA-256 of their texts (TRUSTED_DOCUMENTS).

A manifest is a JSON object of hash and text, as graphql-codegen (with the prefix `sha256:`) and Relay's compiler (without) write it. The files are read at the
first request that needs them. Only installations with trusted documents import this module.
"""
from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import logs
import settings
from graph.request import UNPROCESSABLE, GraphQLRequest, HTTPError

ROOT = Path(settings.__file__).parent
"""The directory that relative paths of manifests start from: that of the function's files."""

PREFIX = "sha256:"
"""The prefix of an id that is a hash, by the draft of GraphQL over HTTP's appendix on persisted documents (b47d9b3, 2026-07-22); it may be left out."""


class InvalidManifest(ValueError):
    """The error for a file that is no manifest, or has a text under a hash that is not its own."""


class TrustedDocuments:
    """The documents of all manifests. With `only`, no other document runs."""

    def __init__(self, files: Iterable[str], *, only: bool) -> None:
        self._files, self._only = tuple(files), only

    def find_text(self, asked: GraphQLRequest) -> GraphQLRequest:
        """Return the request with the text of its document. Raises `HTTPError` 422 when it is not in a manifest, or when only those may run."""
        if asked.document_id is None:
            if self._only:
                message = "this installation runs only its frontends' documents: send the id of one as \"documentId\", without \"query\""
                raise HTTPError(UNPROCESSABLE, message, "DOCUMENT_NOT_TRUSTED")
            return asked
        if asked.query:
            raise HTTPError(UNPROCESSABLE, 'send "documentId" or "query", not both')
        text = self._texts.get(asked.document_id.removeprefix(PREFIX))
        if text is None:
            raise unknown_document(can_send_text=not self._only)
        return asked._replace(query=text)

    @cached_property
    def _texts(self) -> dict[str, str]:
        try:
            return read_manifests(ROOT / name for name in self._files)
        except (OSError, InvalidManifest) as error:
            action = "Correct the files of TRUSTED_DOCUMENTS_FILES, and redeploy. Until then no documentId is known."
            logs.write("trusted_documents_unreadable", level="ERROR", message=str(error), action=action)
            return {}


def read_manifests(paths: Iterable[Path]) -> dict[str, str]:
    """Return the texts of all manifests by their hashes. Raises `OSError` and `InvalidManifest`."""
    found: dict[str, str] = {}
    for path in paths:
        try:
            content = json.loads(path.read_bytes())
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise InvalidManifest(f"{path.name} is not a JSON object of hashes and documents")
        for name, text in content.items():
            digest = name.removeprefix(PREFIX)
            if not isinstance(text, str) or sha256(text.encode(errors="surrogatepass")).hexdigest() != digest:
                raise InvalidManifest(f"{path.name}: {name[:80]!r} is not the SHA-256 of its document, in lower-case hexadecimal digits")
            found[digest] = text
    return found


def unknown_document(*, can_send_text: bool) -> HTTPError:
    """Return the error for an id that is in no manifest."""
    action = 'send the document as "query"' if can_send_text else "deploy the manifest of this frontend's build, or load the frontend anew"
    return HTTPError(UNPROCESSABLE, f'no trusted document has this "documentId": {action}', "DOCUMENT_NOT_FOUND")
