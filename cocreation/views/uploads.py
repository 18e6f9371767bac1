"""An upload goes straight into the private folder: nothing of it lies in a folder for temporary files, not even if we die."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest, HttpResponse

from cocreation.checks.register import MOST_BYTES
from cocreation.file_forms import INPUTS
from cocreation.models.pending import new_token
from groundwork import private


class PrivateUpload(UploadedFile):
    """An uploaded file as the form sees it; `token` is its name in the private folder."""

    def __init__(self, token: str, size: int, name: str | None, content_type: str | None) -> None:
        super().__init__(None, name, content_type, size)  # type: ignore[arg-type]
        self.token = token


class PrivateUploads(FileUploadHandler):
    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.tokens: list[str] = []
        self._out: BinaryIO | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.tokens.append(new_token())
        self._out = private.create(self.tokens[-1])

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._out is not None
        if start + len(raw_data) > MOST_BYTES:
            self.upload_interrupted()
            raise StopUpload(connection_reset=True)
        self._out.write(raw_data)

    def file_complete(self, file_size: int) -> PrivateUpload:
        assert self._out is not None
        self._out.close()
        return PrivateUpload(self.tokens[-1], file_size, self.file_name, self.content_type)

    def upload_interrupted(self) -> None:
        if self._out is not None:
            self._out.close()
        for token in self.tokens:
            private.delete(token)

    def forget(self, kept: str) -> None:
        """Delete what the view did not take over."""
        for token in self.tokens:
            if token != kept:
                private.delete(token)


def private_uploads(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What the view takes over it names in `request.kept`; everything else is deleted when it is done."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        handler = PrivateUploads(request)
        request.upload_handlers = [handler]
        request.kept = ""  # type: ignore[attr-defined]
        try:
            return view(request, *args, **kwargs)
        finally:
            handler.forget(request.kept)  # type: ignore[attr-defined]

    return guarded


class CappedUploads(FileUploadHandler):
    """Stands before Django's handlers: a file that is too big, or that nobody asked for, is read past and never stored.
    The other fields of the form stay as they were written."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.too_big: list[str] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        # Not before the handlers behind know of this file: they would close the one before it.
        if self.field_name not in INPUTS:
            raise SkipFile
        if start + len(raw_data) > INPUTS[str(self.field_name)]:
            self.too_big.append(str(self.field_name))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def capped(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of forms with a FilesPart: `request.too_big` names the inputs whose file was too big."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        handler = CappedUploads(request)
        request.upload_handlers.insert(0, handler)
        request.too_big = handler.too_big  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return guarded
