"""The receipt of a deposit as a document: a frozen dataclass, then HTML, then PDF.

What it must say: CRPA art. L112-11 and R112-11-1. The wording belongs to the settings `ACCUSE_*`.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse

from candidatures.etats import Source
from candidatures.models import Depot
from rebond.socle.documents import html_en_pdf, rendre_html
from rebond.socle.temps import jour_de_paris
from rebond.socle.typographie import date_fr
from territoires.fuseaux import instant_local_fr
from territoires.models import Departement


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
    """Everything that the receipt prints.

    `recu_localement` is `recu_le` in the time of the lead authority, empty where it lives on Paris time. `empreinte`
    is the SHA-256 of the canonical content of the deposit, `verification` the public page that checks it.
    """

    numero: str
    reference: str
    territoire: str
    vague: int
    deposant: str
    recu_le: datetime
    recu_localement: str
    enregistre_le: datetime
    empreinte: str
    fichiers: tuple[FichierRecu, ...]
    service: Service
    silence: str
    recours: str
    demonstration: bool
    verification: str


def accuse_de(depot: Depot) -> Accuse:
    """The receipt of `depot`, whose candidature (with its wave), author and pieces (with their documents) are read."""
    candidature = depot.candidature
    limite = dans_quelques_mois(jour_de_paris(depot.recu_le), settings.ACCUSE_MOIS)
    return Accuse(
        numero=depot.numero,
        reference=candidature.reference,
        territoire=depot.contenu["territoire"]["nom"],
        vague=candidature.vague.numero,
        deposant=_deposant(depot),
        recu_le=depot.recu_le,
        recu_localement=instant_local_fr(depot.recu_le, _departement(depot)),
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
        verification=f"{settings.ADRESSE_PUBLIQUE}{reverse('verification:depot', args=[depot.numero])}",
    )


def _deposant(depot: Depot) -> str:
    return (
        f"Le portail, à l’échéance, au nom de {depot.auteur}" if depot.source == Source.ECHEANCE else str(depot.auteur)
    )


def _departement(depot: Depot) -> str:
    """The INSEE code of the lead's département, the first one when it lies on several; empty for an unknown lead."""
    siren = depot.contenu["territoire"]["chef_de_file"]
    departements = Departement.objects.filter(epcis__siren=siren).order_by("code")
    return departements.values_list("code", flat=True).first() or ""


def dans_quelques_mois(jour: date, mois: int) -> date:
    """Month for month; a day that the month lacks gives its last one (31 December + 2 → 28 or 29 February)."""
    annees, rang = divmod(jour.month - 1 + mois, 12)
    annee, mois_final = jour.year + annees, rang + 1
    return date(annee, mois_final, min(jour.day, monthrange(annee, mois_final)[1]))


def en_html(accuse: Accuse) -> str:
    return rendre_html("documents/accuse.html", {"accuse": accuse})


def en_pdf(accuse: Accuse) -> bytes:
    return html_en_pdf(en_html(accuse), identifiant=f"{accuse.numero}/{accuse.empreinte}")
