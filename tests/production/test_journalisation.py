"""The log of a process: at what hour each line was written, and no secret of an address (OWASP ASVS 5.0, 16.2)."""

import logging
import re
import sys
from logging.config import DictConfigurator
from types import SimpleNamespace

import pytest
from django.conf import settings

from rebond.journal_http import JournalDesAcces

INVITATION = "/candidatures/invitations/aB3-xyz_9/"
REMISE = "/compte/donnees/remise/zK7_secret-1/"
LIEN = "/liens/hT5_lien-9/dossier.pdf"
RETOUR = "/compte/proconnect/retour/?code=le-code&state=l-etat&autre=1"
SECRETS = ("aB3-xyz_9", "zK7_secret-1", "hT5_lien-9", "le-code", "l-etat")


def ligne(message: str, *valeurs: object) -> str:
    """As the handler of the settings writes it."""
    ecrite = DictConfigurator({"version": 1}).configure_formatter({**settings.LOGGING["formatters"]["ligne"]})
    dite: str = ecrite.format(logging.LogRecord("essai", logging.WARNING, "", 0, message, valeurs, None))
    return dite


def test_une_ligne_dit_son_instant_et_son_fuseau() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} WARNING essai dit", ligne("dit"))


def test_ce_qu_une_adresse_a_de_secret_ne_s_ecrit_pas() -> None:
    """What Django says of a page that it has not found is that page's whole path."""
    dites = [
        ligne("Not Found: %s", chemin).partition("Not Found: ")[2] for chemin in (INVITATION, REMISE, LIEN, RETOUR)
    ]
    assert dites == [
        "/candidatures/invitations/…/",
        "/compte/donnees/remise/…/",
        "/liens/…/dossier.pdf",
        "/compte/proconnect/retour/?code=…&state=…&autre=1",
    ]


@pytest.mark.parametrize("ajout", ["\n", "\r\n", "\x1b[2K", "\u2028"])
def test_personne_ne_fait_une_ligne_de_plus(ajout: str) -> None:
    """What a mail server or a visitor said, with a line of its own after it (ASVS 5.0, 16.4.1)."""
    fausse = "2026-01-01T00:00:00+0000 WARNING rebond faux"
    dite = ligne("Courrier refusé : %s", f"550 non{ajout}{fausse}")
    assert dite.isprintable()
    assert dite.endswith(fausse)


def test_une_erreur_garde_les_lignes_de_sa_trace() -> None:
    try:
        int("dit")
    except ValueError:
        record = logging.LogRecord("essai", logging.ERROR, "", 0, "tombé\u00a0!", (), sys.exc_info())
    ecrite = DictConfigurator({"version": 1}).configure_formatter({**settings.LOGGING["formatters"]["ligne"]})
    premiere, *trace = ecrite.format(record).splitlines()
    assert premiere.endswith("ERROR essai tombé\u00a0!")
    assert (trace[0], trace[-1]) == (
        "Traceback (most recent call last):",
        "ValueError: invalid literal for int() with base 10: 'dit'",
    )


def test_ni_dans_le_journal_des_requetes() -> None:
    lignes = []
    for chemin in (INVITATION, REMISE, LIEN, RETOUR):
        avant = f"https://rebond.example.fr{chemin}"
        environ = {
            "REQUEST_METHOD": "GET",
            "RAW_URI": chemin,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "PATH_INFO": chemin.partition("?")[0],
            "QUERY_STRING": chemin.partition("?")[2],
            "HTTP_REFERER": avant,
            "REMOTE_ADDR": "192.0.2.7",
        }
        atomes = JournalDesAcces.__new__(JournalDesAcces).atoms(
            SimpleNamespace(status="200 OK", sent=1, headers=[]),
            SimpleNamespace(headers=[("REFERER", avant)]),
            environ,
            SimpleNamespace(seconds=0, microseconds=1),
        )
        lignes.append(" ".join(str(atome) for atome in atomes.values()))
    assert not [secret for secret in SECRETS if secret in " ".join(lignes)]
    assert "GET /candidatures/invitations/…/ HTTP/1.1" in lignes[0]
    assert "192.0.2.7" in lignes[0]
