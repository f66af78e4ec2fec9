"""Where whole files wait while they are received."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from rebond.socle.documents.espace import empechement_de_recevoir


class FichierSansPlace(SimpleUploadedFile):
    """Stands for a file of which nothing was kept: the disk has no room (`formulaires.champs_fichiers` says so)."""


class ReceptionSurDisque(TemporaryFileUploadHandler):
    """On the disk of the documents: `/tmp` may be memory, and from there to the storage is a mere renaming."""

    sans_place = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.sans_place = empechement_de_recevoir(content_length) is not None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if not self.sans_place:
            super().receive_data_chunk(raw_data, start)
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.sans_place:
            self.file.close()
            return FichierSansPlace(self.file_name or "", b"", self.content_type or "")
        return super().file_complete(file_size)
