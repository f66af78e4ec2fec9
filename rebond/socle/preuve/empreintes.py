"""Fingerprints of data: the same data always give the same bytes.

Canonical form: JSON with sorted keys, no spaces, UTF-8, in the spirit of RFC 8785 (JCS). Numbers are integers
or strings here, so that no floating point rule is needed.
"""

import hashlib
import json
from typing import Any


def json_canonique(donnees: Any) -> bytes:
    return json.dumps(donnees, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def empreinte(donnees: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(json_canonique(donnees)).hexdigest()
