"""Who holds a file: taken, entrusted in a batch, handed over with a word, given back.

Files are held one after the other, in the order of their keys, so that two batches never wait for each other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import hors_interets_de
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.affectation.etats import FinDAffectation
from candidatures.instruction.affectation.models import Affectation
from candidatures.instruction.affectation.regles import (
    EN_CONFLIT,
    HORS_PERIMETRE,
    SANS_MOT,
    Refus,
    deja_suivi,
    empechement_d_affecter,
    empechement_de_donner_a,
)
from candidatures.instruction.affectation.requetes import candidats_a
from candidatures.instruction.affectation.verite import REPRENDRE
from candidatures.instruction.correction.actions import PAS_DU_SERVICE
from candidatures.instruction.regles import PLUS_EN_INSTRUCTION
from rebond.comptes.habilitations import perimetre_tenu
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner, consigner_lot
from rebond.socle.texte.typographie import compte
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Territoire

REFUS = {
    "affectation_par_un_tiers": PAS_DU_SERVICE,
    **phrases_de(Affectation, "affectation_une_seule_en_cours"),
    "affectation_d_un_dossier_en_instruction": PLUS_EN_INSTRUCTION,
    "affectation_dans_le_perimetre": HORS_PERIMETRE,
    "auteur_sans_conflit": EN_CONFLIT,
    "auteur_etranger_au_dossier": EN_CONFLIT,
}
CHANGE_DEPUIS = "Ce dossier a changé de mains depuis que vous avez ouvert cette page\u00a0: relisez qui le suit."
DOSSIERS_CITES = 20


@dataclass(frozen=True)
class Bilan:
    """What became of a batch: the files that were entrusted, and the others, each with its reason."""

    faites: tuple[Affectation, ...]
    refus: tuple[Refus, ...]


class Passage(NamedTuple):
    """A file from the hands of `tenue` (nobody's when None) to those of `nouvelle`."""

    tenue: Affectation | None
    nouvelle: Affectation


def affecter(
    *,
    choix: Mapping[int, int],
    acteur: Utilisateur,
    maintenant: datetime,
    vues: Mapping[int, int] | None = None,
    mot: str = "",
    prevenir: bool = True,
) -> Bilan:
    """Entrust files (key of a file → key of its instructeur), all that can be, and say why the others cannot. Each new
    owner gets one letter, and so does each of those who held some, but `acteur`; nobody yet without `prevenir`
    (`prevenir_ensemble`).

    `vues`, by file, is the key of the assignment that the page showed: nothing for a file to be taken. What changed
    hands since, and what `acteur` does not instruct, is refused, whatever the page showed; so is a hand-over without
    a word (`mot`).
    """
    with traduire(REFUS), transaction.atomic():
        tenus = _tenir(choix, acteur)
        candidats, deja = candidats_a(tenus), _suivis(tenus)
        lot: list[Passage] = []
        refus: list[Refus] = []
        for cle, personne in sorted(choix.items()):
            dossier, tenue = tenus.get(cle), deja.get(cle)
            raison: str | None = PAS_DU_SERVICE
            if dossier is not None:
                raison = _empechement(dossier, tenue, (vues or {}).get(cle, 0), mot) or empechement_de_donner_a(
                    personne, candidats[cle]
                )
            if dossier is None or raison:
                refus.append(Refus(cle, raison or PAS_DU_SERVICE))
                continue
            lot.append(Passage(tenue, _nouvelle(dossier, personne, mot, acteur, maintenant)))
        noms = _confier(lot, acteur, maintenant)
        if prevenir:
            _prevenir(lot, acteur, noms)
    return Bilan(tuple(passage.nouvelle for passage in lot), tuple(refus))


def prendre(*, candidature: Candidature, acteur: Utilisateur, maintenant: datetime) -> None:
    """« Je prends »: `acteur` holds a file that nobody held. Raises `RegleEnfreinte` with what keeps them from it;
    nothing when they hold it already."""
    bilan = affecter(choix={candidature.pk: acteur.pk}, acteur=acteur, maintenant=maintenant)
    if bilan.refus and not _tient(candidature, acteur):
        raise RegleEnfreinte(bilan.refus[0].raison)


def confier(
    *,
    candidature: Candidature,
    instructeur: Utilisateur,
    mot: str,
    vue: int,
    acteur: Utilisateur,
    maintenant: datetime,
) -> None:
    """One file, as `affecter` does it: `vue` is the key of the assignment that the page showed, 0 when the file was to
    be taken. Raises `RegleEnfreinte` with what keeps it from being done."""
    bilan = affecter(
        choix={candidature.pk: instructeur.pk},
        vues={candidature.pk: vue},
        mot=mot,
        acteur=acteur,
        maintenant=maintenant,
    )
    if bilan.refus:
        raise RegleEnfreinte(bilan.refus[0].raison)


def prevenir_ensemble(*, affectations: Collection[Affectation], acteur: Utilisateur, cle: str) -> None:
    """One letter to each person whom `acteur` entrusted some of these files to, one after the other; `cle` names them
    together for ever."""
    recues: defaultdict[Utilisateur, list[Affectation]] = defaultdict(list)
    for affectation in affectations:
        if affectation.instructeur != acteur:
            recues[affectation.instructeur].append(affectation)
    noms = {personne.pk: personne for personne in recues}
    mettre_en_file_lot(
        _lettre("instruction/dossiers_confies", personne, siennes, acteur, noms, cle)
        for personne, siennes in recues.items()
    )


def rendre(*, candidature: Candidature, mot: str, vue: int, acteur: Utilisateur, maintenant: datetime) -> None:
    """Give back a file that `acteur` holds: it is to be taken. Raises `RegleEnfreinte` without a word."""
    with traduire(REFUS), transaction.atomic():
        dossier = _tenir_un(candidature, acteur)
        tenue = _suivis([dossier.pk]).get(dossier.pk)
        if tenue is None or tenue.pk != vue or tenue.instructeur != acteur:
            raise RegleEnfreinte(CHANGE_DEPUIS)
        if not mot.strip():
            raise RegleEnfreinte(SANS_MOT)
        _clore([tenue], FinDAffectation.RENDUE, acteur, maintenant)
        consigner(ActeDInstruction.RENDRE_A_PRENDRE, dossier, acteur=acteur, fait_le=maintenant, mot=mot.strip())


def rendre_ce_que_personne_ne_tient_plus() -> int:
    """Give back the files of whoever has no role on their territory any more, by the clock or because a territory
    changed: what no trigger sees. How many; harmless when run twice."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(REPRENDRE)
        return int(curseur.rowcount)


def _tenir(cles: Iterable[int], acteur: Utilisateur) -> dict[int, Candidature]:
    """Those of these files that `acteur` instructs, held; the role of `acteur` is held first.

    Held, then read: an interest declared meanwhile is seen.
    """
    la = Territoire.objects.dans(perimetre_tenu(acteur, Role.INSTRUCTEUR)).values("pk")
    a_tenir = Candidature.objects.filter(pk__in=list(cles)).order_by("pk").select_for_update(no_key=True)
    tenues = list(a_tenir.values_list("pk", flat=True))
    siens = hors_interets_de(Candidature.objects.filter(pk__in=tenues, territoire__in=la), acteur)
    return {dossier.pk: dossier for dossier in siens.pour_liste().order_by("pk")}


def _tenir_un(candidature: Candidature, acteur: Utilisateur) -> Candidature:
    tenus = _tenir([candidature.pk], acteur)
    if candidature.pk not in tenus:
        raise RegleEnfreinte(PAS_DU_SERVICE)
    return tenus[candidature.pk]


def _suivis(dossiers: Collection[int]) -> dict[int, Affectation]:
    en_cours = Affectation.objects.en_cours().filter(candidature__in=list(dossiers)).select_related("instructeur")
    return {affectation.candidature_id: affectation for affectation in en_cours}


def _tient(candidature: Candidature, personne: Utilisateur) -> bool:
    return Affectation.objects.en_cours().filter(candidature=candidature, instructeur=personne).exists()


def _empechement(dossier: Candidature, tenue: Affectation | None, vue: int, mot: str) -> str | None:
    """Why this file does not change hands, whoever it goes to; None when it does."""
    if refus := empechement_d_affecter(dossier.etat):
        return refus
    if tenue is None:
        return CHANGE_DEPUIS if vue else None
    if tenue.pk != vue:
        return deja_suivi(tenue.instructeur)
    return None if mot.strip() else SANS_MOT


def _nouvelle(dossier: Candidature, personne: int, mot: str, acteur: Utilisateur, maintenant: datetime) -> Affectation:
    return Affectation(candidature=dossier, instructeur_id=personne, par=acteur, mot=mot.strip(), faite_le=maintenant)


def _clore(tenues: Collection[Affectation], fin: FinDAffectation, acteur: Utilisateur, maintenant: datetime) -> None:
    closes = Affectation.objects.filter(pk__in=[tenue.pk for tenue in tenues])
    closes.update(close_le=maintenant, close_par=acteur, fin=fin)


def _confier(lot: list[Passage], acteur: Utilisateur, maintenant: datetime) -> dict[int, Utilisateur]:
    """Close the rows of before, write the new ones, one entry of the journal a file. The new owners, by key."""
    _clore([p.tenue for p in lot if p.tenue is not None], FinDAffectation.CONFIEE, acteur, maintenant)
    faites = Affectation.objects.bulk_create([passage.nouvelle for passage in lot])
    noms = Utilisateur.objects.in_bulk({affectation.instructeur_id for affectation in faites})
    for acte, siennes in (
        (ActeDInstruction.PRENDRE, [f for f in faites if f.instructeur_id == acteur.pk]),
        (ActeDInstruction.AFFECTER, [f for f in faites if f.instructeur_id != acteur.pk]),
    ):
        dits = [(f.candidature, {"instructeur": str(noms[f.instructeur_id])}) for f in siennes]
        consigner_lot(acte, dits, acteur=acteur, fait_le=maintenant)
    return noms


def _prevenir(lot: list[Passage], acteur: Utilisateur, noms: Mapping[int, Utilisateur]) -> None:
    """One letter a person."""
    recues: defaultdict[Utilisateur, list[Affectation]] = defaultdict(list)
    perdues: defaultdict[Utilisateur, list[Affectation]] = defaultdict(list)
    for passage in lot:
        recues[noms[passage.nouvelle.instructeur_id]].append(passage.nouvelle)
        if passage.tenue is not None:
            perdues[passage.tenue.instructeur].append(passage.nouvelle)
    mettre_en_file_lot(
        _lettre(gabarit, personne, siennes, acteur, noms)
        for gabarit, par_personne in (
            ("instruction/dossiers_confies", recues),
            ("instruction/dossiers_repris", perdues),
        )
        for personne, siennes in par_personne.items()
        if personne != acteur
    )


def _lettre(
    gabarit: str,
    personne: Utilisateur,
    siennes: list[Affectation],
    par: Utilisateur,
    noms: Mapping[int, Utilisateur],
    cle: str = "",
) -> Lettre:
    autres = len(siennes) - DOSSIERS_CITES
    return Lettre(
        gabarit=gabarit,
        valeurs={
            "combien": compte(len(siennes), "dossier"),
            "par": par,
            "mot": siennes[0].mot,
            "dossiers": [
                {
                    "reference": affectation.candidature.reference,
                    "territoire": affectation.candidature.territoire.nom,
                    "instructeur": noms[affectation.instructeur_id],
                }
                for affectation in siennes[:DOSSIERS_CITES]
            ],
            "autres": compte(autres, "autre") if autres > 0 else "",
            "numero": siennes[0].candidature.vague.numero,
        },
        cle=f"{gabarit.removeprefix('instruction/')}-{cle or siennes[0].pk}-{personne.pk}",
        destinataire=personne.email,
        demonstration=any(affectation.candidature.demonstration for affectation in siennes),
    )
