"""The first screen of a file: its figures as they were deposited, or corrected since, and its alerts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from candidatures.depot.models import Depot
from candidatures.dossier.completude import PIECES, Composition, Jointe, manques
from candidatures.dossier.etats import ETATS_DECIDES, EtatCandidature
from candidatures.dossier.instantane import est_sain
from candidatures.instruction.correction.requetes import CorrectionLue
from candidatures.instruction.fiche.requetes import DossierLie
from candidatures.instruction.saisine.models import Saisine
from rebond.socle.texte.accords import enumerer
from rebond.socle.texte.typographie import compte, euros, instant_fr, nombre, pourcentage, siren_fr

# Where the call asks for them; a wave that does not ask shows none.
EMPLOIS = ("entreprises", "emplois_concernes")
EMPLOIS_INDUSTRIELS = ("entreprises", "emplois_industriels")
PROJETS = ("projets", "nombre_projets")
INVESTISSEMENT = ("projets", "investissement")
ABSENT = "Non renseigné"


@dataclass(frozen=True)
class Alerte:
    """`dossier` is the file that it leads to, for whoever may open it."""

    texte: str
    dossier: int | None = None


@dataclass(frozen=True)
class Donnee:
    libelle: str
    texte: str
    corrigee: bool = False


@dataclass(frozen=True)
class Fiche:
    membres: tuple[str, ...]
    donnees: tuple[Donnee, ...]
    alertes: tuple[Alerte, ...]


def faire_la_fiche(
    dossier: Any,
    depot: Depot,
    corrections: Sequence[CorrectionLue],
    avis: Iterable[Saisine],
    lies: Iterable[DossierLie],
) -> Fiche:
    """`dossier` comes with its `cahier` and its `collectivites`. Asks the database for nothing."""
    collectivites = dossier.collectivites
    population = sum(membre["population"] for membre in collectivites)
    return Fiche(
        membres=tuple(f"{membre['nom']} ({compte(membre['population'], 'habitant')})" for membre in collectivites),
        donnees=(
            Donnee("Population", compte(population, "habitant") if collectivites else ABSENT),
            *_chiffres(dossier, depot, corrections),
        ),
        alertes=(
            *_autres_dossiers(dossier, lies),
            *_pieces_absentes(dossier, depot, corrections),
            *_corriges_depuis_un_avis(corrections, avis),
        ),
    )


def _chiffres(dossier: Any, depot: Depot, corrections: Sequence[CorrectionLue]) -> list[Donnee]:
    demandes = [lue.demande for lue in corrections if lue.demande.rendue_le]

    def valeur(section: str, question: str) -> tuple[Any, bool]:
        """The last that the territory gave, and whether a correction changed it."""
        deposee = derniere = depot.contenu["sections"].get(section, {}).get(question)
        for demande in demandes:
            if f"{section}.{question}" in demande.questions:
                derniere = demande.reponses.get(section, {}).get(question, derniere)
        return derniere, derniere != deposee

    donnees = []
    if _demandee(dossier, *EMPLOIS):
        emplois, corrige = valeur(*EMPLOIS)
        industriels, aussi = valeur(*EMPLOIS_INDUSTRIELS)
        donnees.append(Donnee("Emplois menacés", _emplois(emplois, industriels), corrige or aussi))
    if _demandee(dossier, *PROJETS):
        projets, corrige = valeur(*PROJETS)
        donnees.append(Donnee("Projets connus", nombre(projets) if isinstance(projets, int) else ABSENT, corrige))
    if _demandee(dossier, *INVESTISSEMENT):
        montant, corrige = valeur(*INVESTISSEMENT)
        donnees.append(
            Donnee("Investissement envisagé", euros(montant) if isinstance(montant, int) else ABSENT, corrige)
        )
    return donnees


def _demandee(dossier: Any, section: str, question: str) -> bool:
    cahier = dossier.cahier.cahier
    return section in cahier and any(posee.cle == question for posee in cahier.section(section).questions)


def _emplois(emplois: Any, industriels: Any) -> str:
    if not isinstance(emplois, int):
        return ABSENT
    if not isinstance(industriels, int) or industriels <= 0:
        return compte(emplois, "emploi")
    return (
        f"{compte(emplois, 'emploi')}, soit {pourcentage(Decimal(emplois) / industriels, 1)} des emplois industriels"
    )


def _autres_dossiers(dossier: Any, lies: Iterable[DossierLie]) -> list[Alerte]:
    return [
        Alerte(phrase, lie.pk if lie.ouvert else None)
        for lie in lies
        for phrase in (_du_territoire(dossier, lie), _des_entreprises(lie))
        if phrase
    ]


def _du_territoire(dossier: Any, lie: DossierLie) -> str:
    if not lie.meme_territoire:
        return ""
    etat = lie.etat_connu.label.lower()
    if lie.etat_connu is EtatCandidature.LAUREATE:
        return f"Ce périmètre recoupe celui d’un lauréat\u00a0: {lie.territoire}, vague {lie.vague}."
    if lie.vague < dossier.vague.numero:
        fin = etat if lie.etat_connu in ETATS_DECIDES else f"toujours ouvert ({etat})"
        return f"Un dossier antérieur du même territoire, {lie.reference}, vague {lie.vague}\u00a0: {fin}."
    qui = f"{lie.reference}, {lie.territoire}, vague {lie.vague}"
    return f"Un autre dossier recoupe ce périmètre\u00a0: {qui}\u00a0: {etat}."


def _des_entreprises(lie: DossierLie) -> str:
    if not lie.entreprises:
        return ""
    citees = enumerer([siren_fr(siren) for siren in lie.entreprises])
    une = "L’entreprise" if len(lie.entreprises) == 1 else "Les entreprises"
    est = "est citée" if len(lie.entreprises) == 1 else "sont citées"
    return f"{une} {citees} {est} aussi par le dossier {lie.reference}, {lie.territoire}."


def pieces_obligatoires_absentes(dossier: Any, depot: Depot, corrections: Sequence[CorrectionLue]) -> list[str]:
    """Each mandatory attachment that was neither deposited nor given since, in words."""
    membres = {int(membre["siren"]): membre["nom"] for membre in depot.contenu.get("membres", ())}
    saines = {piece.document.sha256: est_sain(piece.document) for piece in depot.pieces.all()}
    jointes = [
        Jointe(
            piece["nature"],
            int(piece["membre"]) if piece.get("membre") else None,
            saine=saines.get(piece["sha256"], True),
        )
        for piece in depot.contenu.get("pieces", ())
    ]
    donnees = {piece.nature for lue in corrections if lue.demande.rendue_le for piece in lue.pieces}
    composition = Composition(dossier.cahier.cahier, depot.contenu["sections"], jointes, membres)
    return [
        manque.libelle for manque in manques(composition) if manque.section == PIECES and manque.cle not in donnees
    ]


def _pieces_absentes(dossier: Any, depot: Depot, corrections: Sequence[CorrectionLue]) -> list[Alerte]:
    absentes = pieces_obligatoires_absentes(dossier, depot, corrections)
    return [Alerte(f"Pièce obligatoire absente\u00a0: {libelle}.") for libelle in absentes]


def _corriges_depuis_un_avis(corrections: Sequence[CorrectionLue], avis: Iterable[Saisine]) -> list[Alerte]:
    rendues = [lue.demande.rendue_le for lue in corrections if lue.demande.rendue_le]
    if not rendues:
        return []
    derniere = max(rendues)
    return [
        Alerte(f"Corrigé le {instant_fr(derniere)}, après l’avis de {un.organisme}.")
        for un in avis
        if un.rendu_le and un.rendu_le < derniere
    ]
