"""The log of each process, on standard error: the part of the settings that says so. Nothing here touches Django."""

import logging
import re
from typing import Any

# What an address says that opens something: the link of an invitation, a file or an export, an answer of ProConnect.
SECRETS = re.compile(r"(/(?:invitations|remise|liens)/|(?:^|[?&])(?:code|state)=)[^/?&\s]+")

# French typography: they are seen, and make no line.
ESPACES = "\u00a0\u202f"


def sans_secret(texte: str) -> str:
    return SECRETS.sub(r"\1…", texte)


def sur_une_ligne(texte: str) -> str:
    """What is not printed is written in letters: whatever was said makes no line of its own."""
    return "".join(
        lettre if lettre.isprintable() or lettre in ESPACES else lettre.encode("unicode_escape").decode()
        for lettre in texte
    )


class Ligne(logging.Formatter):
    """A traceback, which comes after, keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (of `logging`)
        return sur_une_ligne(super().formatMessage(record))

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
