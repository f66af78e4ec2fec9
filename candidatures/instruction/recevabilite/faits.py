"""What the portal knows by itself of a deposited file, told beside a condition: it decides nothing of it."""

from collections.abc import Iterator, Sequence
from typing import Any

from candidatures.cahier import Fait
from candidatures.cahier.eligibilite import QUESTION, SECTION
from candidatures.depot.models import Depot
from candidatures.depot.requetes import chef_depose
from candidatures.dossier.lecture import lire_reponse
from candidatures.instruction.correction.requetes import CorrectionLue
from candidatures.instruction.fiche.fiche import pieces_obligatoires_absentes
from rebond.socle.texte.typographie import compte, instant_fr, limite_fr, siren_fr

DATE_DU_CHOC = "date_choc"
Faits = dict[str, list[str]]


def faits_connus(dossier: Any, depot: Depot, corrections: Sequence[CorrectionLue]) -> Faits:
    """By condition of the file that asks for one, in sentences. `dossier` comes with its `cahier`; asks the database
    for nothing."""
    conditions = dossier.cahier.cahier.recevabilite
    dire = {
        Fait.DEPOSANT: lambda: list(_deposant(dossier, depot)),
        Fait.DELAI: lambda: list(_delai(dossier, depot)),
        Fait.CHOC: lambda: list(_choc(dossier, depot, corrections)),
        Fait.PIECES: lambda: list(_pieces(dossier, depot, corrections)),
    }
    return {une.cle: dire[une.fait]() for une in conditions if une.fait is not None}


def _deposant(dossier: Any, depot: Depot) -> Iterator[str]:
    siren, nom = chef_depose(depot)
    yield f"Chef de file\u00a0: {nom} (SIREN {siren_fr(siren)})." if nom else f"Chef de file\u00a0: {siren_fr(siren)}."
    membres = len(depot.contenu.get("membres") or depot.contenu["territoire"]["epcis"])
    if membres > 1:
        yield f"Le groupement compte {compte(membres, 'collectivité')}."
    if dossier.sous_reserve:
        yield "Ce dossier est reçu sous réserve\u00a0: le lien de son responsable avec le chef de file est à prouver."


def _delai(dossier: Any, depot: Depot) -> Iterator[str]:
    yield (
        f"Reçu le {instant_fr(depot.recu_le, secondes=True)}\u00a0; la date limite était le "
        f"{limite_fr(dossier.echeance)} (heure de Paris)."
    )


def _choc(dossier: Any, depot: Depot, corrections: Sequence[CorrectionLue]) -> Iterator[str]:
    """As it was deposited, then as it was last corrected."""
    cahier = dossier.cahier.cahier
    if SECTION not in cahier:
        return
    reponses = dict(depot.contenu["sections"].get(SECTION, {}))
    for corrigee in corrections:
        if corrigee.demande.rendue_le:
            reponses |= corrigee.demande.reponses.get(SECTION, {})
    for question in cahier.section(SECTION).questions:
        if question.cle in {QUESTION, DATE_DU_CHOC}:
            lue = lire_reponse(question, reponses.get(question.cle))
            yield f"{lue.libelle}\u00a0: {lue.texte or 'non renseigné'}."


def _pieces(dossier: Any, depot: Depot, corrections: Sequence[CorrectionLue]) -> Iterator[str]:
    absentes = pieces_obligatoires_absentes(dossier, depot, corrections)
    if not absentes:
        yield "Les pièces obligatoires sont toutes jointes."
    for libelle in absentes:
        yield f"Pièce obligatoire absente\u00a0: {libelle}."
