"""The receipt of a deposit as a document: a frozen dataclass, then HTML, then PDF.

What it must say: CRPA art. L112-11 and R112-11-1. The wording belongs to the settings `ACCUSE_*`.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from candidatures.models import Depot
from rebond.socle.documents import html_en_pdf, rendre_html
from rebond.socle.temps import jour_de_paris
from rebond.socle.typographie import date_fr


@dataclass(frozen=True)
class FichierRecu:
    """`taille` in bytes; `sha256` is that of the bytes received."""

    nom: str
    nature: str
    taille: int
    sha256: str


@dataclass(frozen=True)
class Service:
    nom: str
    adresse: str
    courriel: str
    telephone: str


@dataclass(frozen=True)
class Accuse:
    """Everything that the receipt prints; `empreinte` is the SHA-256 of the canonical content of the deposit."""

    numero: str
    reference: str
    territoire: str
    vague: int
    deposant: str
    recu_le: datetime
    enregistre_le: datetime
    empreinte: str
    fichiers: tuple[FichierRecu, ...]
    service: Service
    silence: str
    recours: str
    demonstration: bool


def accuse_de(depot: Depot) -> Accuse:
    """The receipt of `depot`, whose candidature (with its wave), author and pieces (with their documents) are read."""
    candidature = depot.candidature
    limite = dans_quelques_mois(jour_de_paris(depot.recu_le), settings.ACCUSE_MOIS)
    return Accuse(
        numero=depot.numero,
        reference=candidature.reference,
        territoire=depot.contenu["territoire"]["nom"],
        vague=candidature.vague.numero,
        deposant=str(depot.auteur),
        recu_le=depot.recu_le,
        enregistre_le=depot.enregistre_le,
        empreinte=depot.empreinte,
        fichiers=tuple(
            FichierRecu(piece.nom, piece.intitule, piece.document.taille, piece.document.sha256)
            for piece in depot.pieces.all()
        ),
        service=Service(
            settings.ACCUSE_SERVICE, settings.ACCUSE_ADRESSE, settings.ACCUSE_COURRIEL, settings.ACCUSE_TELEPHONE
        ),
        silence=settings.ACCUSE_SILENCE.replace("{date}", date_fr(limite)),
        recours=settings.ACCUSE_RECOURS,
        demonstration=candidature.demonstration,
    )


def dans_quelques_mois(jour: date, mois: int) -> date:
    """Month for month; a day that the month lacks gives its last one (31 December + 2 → 28 or 29 February)."""
    annees, rang = divmod(jour.month - 1 + mois, 12)
    annee, mois_final = jour.year + annees, rang + 1
    return date(annee, mois_final, min(jour.day, monthrange(annee, mois_final)[1]))


def en_html(accuse: Accuse) -> str:
    return rendre_html("documents/accuse.html", {"accuse": accuse})


def en_pdf(accuse: Accuse) -> bytes:
    return html_en_pdf(en_html(accuse), identifiant=f"{accuse.numero}/{accuse.empreinte}")
