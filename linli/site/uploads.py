"""上传 — how much one sending may carry: counted before a byte of it is read, whatever page it goes to."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST = 6 * 20_000_000 + 1_000_000
"""Six photos of 20 MB, and the words. More fills a disk before any form has seen it."""


class Quota(FileUploadHandler):
    """Refuses by the declared length; the server cuts off what is longer than it declared."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803  Django's name.
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Becomes the 413 page."""
        del input_data, META, boundary, encoding
        if content_length > MOST:
            raise RequestDataTooBig(f"{content_length} bytes are more than {MOST}")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass on to the handlers that keep it."""
        del start
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing is kept here."""
        del file_size
