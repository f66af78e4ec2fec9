"""The folder of one file, as one person may read it at one instant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.http import Http404

from candidatures.depot.exemplaire.contenu import MENTION, du_depot, en_pdf
from candidatures.depot.models import Depot, PieceDeposee
from candidatures.depot.requetes import depots_de
from candidatures.dossier.lecture import Evenement, historique
from candidatures.instruction.acces import avec_ce_qu_en_fait, entiers_de
from candidatures.instruction.avis.requetes import avis_lus_par
from candidatures.instruction.correction.models import PieceDeCorrection
from candidatures.instruction.correction.requetes import CorrectionLue, corrections_de
from candidatures.instruction.recevabilite.requetes import avec_irrecevabilite, conditions_lues, irrecevabilite_de
from candidatures.instruction.saisine.models import AvisRendu, Saisine
from rebond.exports.archives import Fichier
from rebond.socle.documents.models import Document
from rebond.socle.documents.noms_de_fichiers import nom_fait_de, nom_propre
from rebond.socle.documents.stockage import html_en_pdf, rendre_html, type_de
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from rebond.surveillance.antivirus import EtatAnalyse, etat

#: Said before the archive is asked for.
CE_QU_ELLE_CONTIENT = (
    "le dossier tel qu’il a été déposé (PDF)",
    "ses pièces jointes, celles des corrections rendues, et les fichiers joints aux avis",
    "l’instruction\u00a0: recevabilité, corrections, avis, proposition, décision et historique (PDF)",
)
ABSENTES = {
    EtatAnalyse.EN_ATTENTE: "l’antivirus ne l’avait pas encore analysée",
    EtatAnalyse.INFECTEE: "l’antivirus y a trouvé un programme malveillant",
    EtatAnalyse.EFFACEE: "elle a été effacée pour ce qu’elle contenait",
}
A_LIRE = "à lire.txt"


class FichierDAvis(NamedTuple):
    """What came with an avis, among the attachments."""

    document: Document
    nom: str
    intitule: str


Piece = PieceDeposee | PieceDeCorrection | FichierDAvis


@dataclass(frozen=True)
class Instruction:
    """What `candidatures/instruction/archive.html` prints."""

    dossier: Any
    depot: Depot
    avis: tuple[Saisine, ...]
    corrections: tuple[CorrectionLue, ...]
    historique: tuple[Evenement, ...]
    le: datetime


def fichiers_pour(personne: Utilisateur, maintenant: datetime) -> Any:
    """What gives, from the key of a file, what `personne` takes away of it."""
    return partial(_fichiers, personne=personne, maintenant=maintenant)


def _fichiers(cle: int, *, personne: Utilisateur, maintenant: datetime) -> Iterator[Fichier]:
    """Raises Http404 for one that they do not read whole, or do not any more."""
    lus = avec_ce_qu_en_fait(avec_irrecevabilite(entiers_de(personne, maintenant).pour_lecture()), personne)
    dossier = (
        lus.select_related("examen_de_recevabilite", "recevabilite__auteur", "proposition__auteur", "decision")
        .filter(pk=cle)
        .first()
    )
    if dossier is None:
        raise Http404
    depot = depots_de(dossier)[0]
    corrections = [lue for lue in corrections_de(dossier, depot.contenu["sections"]) if lue.demande.rendue_le]
    instruction = Instruction(
        dossier,
        depot,
        tuple(avis_lus_par(personne, dossier)),
        tuple(corrections),
        tuple(historique(dossier)),
        maintenant,
    )
    racine = nom_fait_de(f"{dossier.reference} {dossier.territoire}")
    yield Fichier(f"{racine}/dossier.pdf", en_pdf(du_depot(dossier, depot)))
    yield Fichier(f"{racine}/instruction.pdf", instruction_en_pdf(instruction))
    absentes: list[str] = []
    yield from _pieces(f"{racine}/pièces", depot.pieces.all(), absentes)
    for rang, lue in enumerate(corrections, start=1):
        yield from _pieces(f"{racine}/pièces de la correction {rang}", lue.pieces, absentes)
    yield from _pieces(f"{racine}/fichiers des avis", _des_avis(instruction.avis), absentes)
    if absentes:
        yield Fichier(f"{racine}/{A_LIRE}", _a_lire(absentes, maintenant))


def _des_avis(saisines: Iterable[Saisine]) -> Iterator[FichierDAvis]:
    for saisine in saisines:
        avis: AvisRendu | None = getattr(saisine, "avis", None)
        if avis is not None and avis.document is not None:
            yield FichierDAvis(avis.document, avis.nom, f"Avis de {saisine.organisme}")


def instruction_en_pdf(instruction: Instruction) -> bytes:
    identifiant = f"instruction/{instruction.dossier.reference}/{instruction.le.isoformat()}"
    return html_en_pdf(instruction_en_html(instruction), identifiant=identifiant)


def instruction_en_html(instruction: Instruction) -> str:
    contexte = {
        "instruction": instruction,
        "dossier": instruction.dossier,
        "irrecevabilite": irrecevabilite_de(instruction.dossier),
        "conditions": conditions_lues(instruction.dossier),
        "avis": instruction.avis,
        "mention": MENTION,
    }
    return rendre_html("candidatures/instruction/archive.html", contexte)


def _pieces(racine: str, pieces: Iterable[Piece], absentes: list[str]) -> Iterator[Fichier]:
    """Those that may be given; the others are told in `absentes`."""
    for rang, piece in enumerate(pieces, start=1):
        connu = etat(piece.document)
        if connu is not EtatAnalyse.SERVIE:
            absentes.append(f"{piece.intitule}, «\u00a0{piece.nom}\u00a0»\u00a0: {ABSENTES[connu]}.")
            continue
        nom = nom_propre(piece.nom, type_de(piece.document))
        yield Fichier(f"{racine}/{rang:02d} {nom}", piece.document)


def _a_lire(absentes: Sequence[str], maintenant: datetime) -> bytes:
    entete = f"Ces pièces ne sont pas dans l’archive, faite le {instant_fr(maintenant)} (heure de Paris)\u00a0:"
    return "\r\n".join([entete, "", *(f"- {dite}" for dite in absentes), ""]).encode("utf-8-sig")
