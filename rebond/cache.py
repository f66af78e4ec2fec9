"""How values are written in Valkey's cache: JSON, so that reading one back runs nothing. Django's own is pickle."""

import json
from typing import Any


class EnJson:
    """Django's `serializer` of a Redis cache. What JSON would bring back as something else is refused: `TypeError`."""

    def dumps(self, obj: Any) -> bytes | int:
        # Redis counts with integers that are written bare.
        if type(obj) is int:
            return obj
        return json.dumps(obj, ensure_ascii=False, allow_nan=False).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)
