"""The log of each process, on standard error: the part of the settings that says so. Nothing here touches Django."""

from typing import Any


def reglages(niveau: str) -> dict[str, Any]:
    """Django's LOGGING. `niveau`: that of Python's logging, under which nothing is said."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "ligne": {
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
                # With its offset from UTC: an hour comes twice in autumn, and machines are compared.
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
        "root": {"handlers": ["console"], "level": niveau},
        # fontTools and WeasyPrint speak at length at INFO.
        "loggers": {"fontTools": {"level": "ERROR"}},
    }
