"""The receipt of a deposit as a document: a frozen dataclass, then HTML, then PDF.

What it must say: CRPA art. L112-11 and R112-11-1. What silence means, and from when, belongs to the wave; the rest of
the wording to the settings `ACCUSE_*`. Until the wave closes nobody is owed a decision: the delay runs from the
deadline of the file, and from the new one when that is extended.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings

from candidatures.depot.codes_qr import code_qr
from candidatures.depot.etats import LectureDuDepot
from candidatures.depot.models import Depot
from candidatures.dossier.etats import Source
from rebond.socle.adresses import adresse_complete
from rebond.socle.documents.stockage import html_en_pdf, rendre_html
from rebond.socle.texte.typographie import date_fr
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
    is the SHA-256 of the canonical content of the deposit, `verification` the public page that checks it. `lecture`
    says which content it is when the file had changed since it was read; empty when there is nothing to say.
    `rectificatif` says what a corrected receipt corrects, `reserve` what is still to be checked.
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
    rectificatif: str = ""
    lecture: str = ""
    reserve: str = ""

    @property
    def verification_faite(self) -> str:
        """The public page with its answer: number and code typed already, for whoever reads the QR code."""
        return f"{self.verification}?{urlencode({'numero': self.numero, 'empreinte': self.empreinte})}"

    @property
    def code_qr(self) -> str:
        return code_qr(self.verification_faite)


SOUS_RESERVE = (
    "Ce dépôt est reçu à l’instant indiqué ci-dessus. Il l’est sous réserve\u00a0: avant de l’examiner, le service "
    "vérifie "
    "que la personne qui l’a déposé agit pour la collectivité chef de file."
)
# Nothing to say of what was deposited as it had been read.
LECTURES: dict[str, str] = {
    LectureDuDepot.RELUE: "Ce dépôt contient le dossier tel que son déposant l’avait relu. Il a été modifié entre "
    "cette relecture et la demande de dépôt\u00a0: ces modifications ne sont pas déposées.",
    LectureDuDepot.INTROUVABLE: "Le dossier a été modifié entre sa relecture et la demande de dépôt, reçue dans la "
    "dernière minute. La version relue n’ayant pas pu être retrouvée à l’identique, ce dépôt contient le dossier tel "
    "qu’il était quand la demande a été reçue.",
    LectureDuDepot.NON_DITE: "La demande ne disait pas quelle version avait été relue\u00a0: ce dépôt contient le "
    "dossier tel qu’il était quand elle a été reçue.",
}


def accuse_de(depot: Depot, *, rectificatif: str = "") -> Accuse:
    """The receipt of `depot`, whose candidature (with its wave), author and pieces (with their documents) are read.

    `rectificatif` says what a corrected receipt corrects of the one before.
    """
    candidature = depot.candidature
    return Accuse(
        numero=depot.numero,
        reference=candidature.reference,
        territoire=depot.contenu["territoire"]["nom"],
        vague=candidature.vague.numero,
        deposant=_deposant(depot),
        rectificatif=rectificatif,
        lecture=LECTURES.get(depot.lecture, ""),
        reserve=SOUS_RESERVE if candidature.reserve_sue else "",
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
        silence=candidature.vague.silence.replace("{date}", date_fr(candidature.decision_implicite_le)),
        recours=settings.ACCUSE_RECOURS,
        demonstration=candidature.demonstration,
        verification=adresse_complete("verification:depot", depot.numero),
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


def en_html(accuse: Accuse) -> str:
    return rendre_html("candidatures/depot/accuse.html", {"accuse": accuse})


def en_pdf(accuse: Accuse) -> bytes:
    identifiant = "/".join(filter(None, (accuse.numero, accuse.empreinte, accuse.rectificatif)))
    return html_en_pdf(en_html(accuse), identifiant=identifiant)
