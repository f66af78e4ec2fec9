"""What changed in a file since its porteur read it: question by question, file by file, by whom and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from candidatures.cahier import Section
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.comparaison import Ligne, comparer
from candidatures.dossier.lecture import Reponse
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.versions import VersionDeSection
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.journal.requetes import entrees_sur

ACTES_DU_GROUPEMENT = (
    ActeDuDossier.COMPOSER,
    ActeDuDossier.AJOUTER_MEMBRE,
    ActeDuDossier.RETIRER_MEMBRE,
    ActeDuDossier.DESIGNER_CHEF_DE_FILE,
    ActeDuDossier.DECLARER_PETR,
)
ACTES_DES_PIECES = (
    ActeDuDossier.JOINDRE,
    ActeDuDossier.REMPLACER,
    ActeDuDossier.ENLEVER,
    ActeDuDossier.ECARTER_INFECTEE,
    ActeDuDossier.EFFACER_PIECE,
)
SOMMES = ("sha256", "sha256_remplace")
PIECES = "Pièces jointes"


@dataclass(frozen=True)
class Changement:
    """One line of the file, then and now. `par` and `le` say who last changed it; empty where nothing tells."""

    rubrique: str
    ligne: Ligne
    par: str = ""
    le: datetime | None = None


def changements(
    candidature: Candidature, lu: Mapping[str, Any], present: Mapping[str, Any], revisions: Mapping[str, int]
) -> list[Changement]:
    """From the snapshot `lu`, whose sections had those `revisions`, to `present`; in the order of the form."""
    trouves = []
    for section in candidature.cahier.cahier.sections:
        avant, apres = (contenu["sections"].get(section.cle, {}) for contenu in (lu, present))
        if avant != apres:
            trouves += _d_une_section(candidature, section, avant, apres, revisions.get(section.cle, 0))
    return trouves + _du_groupement(candidature, lu, present) + _des_pieces(candidature, lu, present)


def _d_une_section(
    candidature: Candidature, section: Section, avant: Mapping[str, Any], apres: Mapping[str, Any], revision: int
) -> list[Changement]:
    versions = VersionDeSection.objects.filter(
        candidature=candidature, section=section.cle, revision__gte=revision
    ).select_related("auteur")
    derniers = _derniers_auteurs(versions.order_by("revision"), depuis=revision)
    changees = (
        (question.cle, ligne)
        for question, ligne in zip(section.saisies, comparer(section, avant, apres), strict=True)
        if ligne.change
    )
    return [Changement(section.titre, ligne, *derniers.get(cle, ("", None))) for cle, ligne in changees]


def _derniers_auteurs(versions: Iterable[VersionDeSection], *, depuis: int) -> dict[str, tuple[str, datetime]]:
    """Who last changed each answer after the revision `depuis`."""
    derniers: dict[str, tuple[str, datetime]] = {}
    avant: Mapping[str, Any] = {}
    for version in versions:
        if version.revision > depuis:
            for cle in avant.keys() | version.reponses.keys():
                if avant.get(cle) != version.reponses.get(cle):
                    derniers[cle] = (str(version.auteur), version.enregistree_le)
        avant = version.reponses
    return derniers


def _du_groupement(candidature: Candidature, lu: Mapping[str, Any], present: Mapping[str, Any]) -> list[Changement]:
    if all(lu[cle] == present[cle] for cle in ("territoire", "membres")):
        return []
    ligne = _ligne("Membres et périmètre", _groupement(lu), _groupement(present))
    return [Changement("Groupement", ligne, *_signature(_acte_du_groupement(candidature)))]


def _acte_du_groupement(candidature: Candidature) -> EntreeJournal | None:
    return entrees_sur(candidature).filter(acte__in=ACTES_DU_GROUPEMENT).first()


def _groupement(contenu: Mapping[str, Any]) -> str:
    territoire = contenu["territoire"]
    noms = [membre["nom"] for membre in contenu["membres"]] or [epci["nom"] for epci in territoire["epcis"]]
    return f"{territoire['nom']}\u00a0: {', '.join(noms)}"


def _des_pieces(candidature: Candidature, lu: Mapping[str, Any], present: Mapping[str, Any]) -> list[Changement]:
    """A file is in a draft once: its SHA-256 names it, on both sides. Changed on both, it moved with its member."""
    avant, apres = ({piece["sha256"]: piece for piece in contenu["pieces"]} for contenu in (lu, present))
    if list(avant.values()) == list(apres.values()):
        return []
    gardees = avant.keys() & apres.keys()
    actes, du_groupement = _actes_des_pieces(candidature), _acte_du_groupement(candidature)
    changees = [
        Changement(PIECES, ligne, *_signature(du_groupement if somme in gardees else actes.get(somme)))
        for somme in avant | apres
        for ligne in [_ligne_de_piece(lu, present, avant.get(somme), apres.get(somme))]
        if ligne.avant != ligne.apres
    ]
    ordres = (", ".join(piece["nom"] for piece in pieces.values()) for pieces in (avant, apres))
    return changees or [Changement(PIECES, _ligne("Ordre des pièces", *ordres))]


def _ligne_de_piece(
    lu: Mapping[str, Any],
    present: Mapping[str, Any],
    avant: Mapping[str, Any] | None,
    apres: Mapping[str, Any] | None,
) -> Ligne:
    libelle = (apres or avant or {})["intitule"]
    return _ligne(libelle, _piece(lu, avant), _piece(present, apres))


def _piece(contenu: Mapping[str, Any], piece: Mapping[str, Any] | None) -> str:
    """The file and the authority that it comes from; empty when it is not there."""
    if piece is None:
        return ""
    noms = {membre["siren"]: membre["nom"] for membre in contenu["membres"]}
    return f"{piece['nom']} ({noms[piece['membre']]})" if piece["membre"] in noms else str(piece["nom"])


def _actes_des_pieces(candidature: Candidature) -> dict[str, EntreeJournal]:
    """The last act on each file, by its SHA-256."""
    actes: dict[str, EntreeJournal] = {}
    for acte in entrees_sur(candidature).filter(acte__in=ACTES_DES_PIECES):
        for champ in SOMMES:
            if somme := acte.details.get(champ):
                actes.setdefault(somme, acte)
    return actes


def _ligne(libelle: str, avant: str, apres: str) -> Ligne:
    return Ligne(libelle, Reponse(libelle, avant), Reponse(libelle, apres), change=True)


def _signature(acte: EntreeJournal | None) -> tuple[str, datetime | None]:
    if acte is None:
        return "", None
    return acte.acteur if acte.acteur_id_copie else "le portail", acte.fait_le or acte.ecrit_le
