"""Time-stamps of an outside authority: RFC 3161, over HTTP (§3.4)."""

import urllib.error
import urllib.request
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

ATTENTE = 20
TAILLE_MAX = 1024 * 1024


class SansRenvoi(urllib.request.HTTPRedirectHandler):
    """The authority is the one that the settings name: it sends the portal to nobody else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class HorodatageImpossible(Exception):
    """No answer, or not a time-stamp of what was sent; the message is for whoever runs the portal."""


def demander(contenu: bytes, *, adresse: str, autorite: Path) -> bytes:
    """The authority's whole answer (`TimeStampResp`, DER) for the SHA-256 of `contenu`, verified."""
    demande = TimestampRequestBuilder(data=contenu, hash_algorithm=HashAlgorithm.SHA256).build()
    jeton = _envoyer(demande.as_bytes(), adresse)
    lire(jeton, contenu, autorite=autorite, verificateur=VerifierBuilder.from_request(demande))
    return jeton


def lire(jeton: bytes, contenu: bytes, *, autorite: Path, verificateur: VerifierBuilder | None = None) -> datetime:
    """The instant that `jeton` attests for `contenu`.

    `autorite` holds the root certificates, in PEM. Raises `HorodatageImpossible` unless the signature leads to one of
    them and the content is that one.
    """
    verificateur = verificateur or VerifierBuilder()
    try:
        reponse: TimeStampResponse = decode_timestamp_response(jeton)
        for racine in x509.load_pem_x509_certificates(autorite.read_bytes()):
            verificateur = verificateur.add_root_certificate(racine)
        verificateur.build().verify_message(reponse, contenu)
    except (VerificationError, ValueError, OSError) as erreur:
        raise HorodatageImpossible(f"Jeton refusé : {erreur}") from erreur
    return reponse.tst_info.gen_time


def _envoyer(demande: bytes, adresse: str) -> bytes:
    if urlsplit(adresse).scheme not in {"http", "https"}:
        raise HorodatageImpossible(f"L’adresse de l’autorité n’est pas celle d’un site : {adresse}")
    requete = urllib.request.Request(  # noqa: S310 (its scheme has just been checked)
        adresse, data=demande, headers={"Content-Type": "application/timestamp-query"}, method="POST"
    )
    try:
        with urllib.request.build_opener(SansRenvoi).open(requete, timeout=ATTENTE) as reponse:
            contenu: bytes = reponse.read(TAILLE_MAX)
    except (urllib.error.URLError, HTTPException, OSError) as panne:
        raise HorodatageImpossible(f"L’autorité ne répond pas : {panne}") from panne
    return contenu
