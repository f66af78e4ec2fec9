"""Why a goal is missed, when it is known, by the key of its line: printed beside the gap, kept with it."""

CAUSES: dict[str, str] = {}
