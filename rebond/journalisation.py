"""The log of each process, on standard error: the part of the settings that says so. Nothing here touches Django."""

import logging
import re
from typing import Any

# What an address says that opens something: the link of an invitation, an answer of ProConnect.
SECRETS = re.compile(r"(/invitations/|(?:^|[?&])(?:code|state)=)[^/?&\s]+")


def sans_secret(texte: str) -> str:
    return SECRETS.sub(r"\1…", texte)


class Ligne(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return sans_secret(super().format(record))


def reglages(niveau: str) -> dict[str, Any]:
    """Django's LOGGING. `niveau`: that of Python's logging, under which nothing is said."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "ligne": {
                "()": "rebond.journalisation.Ligne",
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
