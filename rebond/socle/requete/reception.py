"""Where whole files wait while they are received."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class ReceptionSurDisque(TemporaryFileUploadHandler):
    """On the disk of the documents: `/tmp` may be memory, and from there to the storage is a mere renaming."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
        super().new_file(*args, **kwargs)
