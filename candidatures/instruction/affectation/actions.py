"""Who holds a file: taken, entrusted in a batch, handed over with a word, given back.

Files are held one after the other, in the order of their keys, so that two batches never wait for each other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from candidatures.dossier.models.dossiers import CONTENUS, Candidature
from candidatures.instruction.acces import interets_de
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
    **phrases_de(Affectation, "affectation_une_seule_en_cours"),
    "affectation_d_un_dossier_en_instruction": PLUS_EN_INSTRUCTION,
    "affectation_dans_le_perimetre": HORS_PERIMETRE,
    "auteur_sans_conflit": EN_CONFLIT,
    "auteur_etranger_au_dossier": EN_CONFLIT,
}
PAS_DU_SERVICE = "Vous n’instruisez pas ce dossier."
CHANGE_DEPUIS = "Ce dossier a changé de mains depuis que vous avez ouvert cette page\u00a0: relisez qui le suit."
DOSSIERS_CITES = 20


@dataclass(frozen=True)
class Bilan:
    """What became of a batch: the files that were entrusted, and the others, each with its reason."""

    faites: tuple[Affectation, ...]
    refus: tuple[Refus, ...]


def affecter(*, choix: Mapping[int, int], acteur: Utilisateur, maintenant: datetime) -> Bilan:
    """Entrust files to be taken (key of a file → key of its instructeur), all that can be, and say why the others
    cannot. Each new owner but `acteur` gets one letter.

    A file that somebody took meanwhile, or that `acteur` does not instruct, is refused, whatever the page showed.
    """
    with traduire(REFUS), transaction.atomic():
        tenus = _tenir(choix, acteur)
        candidats = candidats_a(tenus)
        deja = _suivis(tenus)
        faites, refus = [], []
        for cle, personne in sorted(choix.items()):
            dossier = tenus.get(cle)
            raison = PAS_DU_SERVICE if dossier is None else empechement_d_affecter(dossier.etat)
            if raison is None and cle in deja:
                raison = deja_suivi(deja[cle].instructeur)
            if raison is None:
                raison = empechement_de_donner_a(personne, candidats[cle])
            if raison is None:
                faites.append(
                    Affectation(candidature=dossier, instructeur_id=personne, par=acteur, faite_le=maintenant)
                )
            else:
                refus.append(Refus(cle, raison))
        _confier(faites, acteur, maintenant)
    return Bilan(tuple(faites), tuple(refus))


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
) -> Affectation:
    """Hand the file over to `instructeur`, with a word for them; whoever held it is told, unless they do it.

    `vue` is the key of the assignment that the page showed, 0 when the file was to be taken: what changed hands since
    is not changed again unread. Raises `RegleEnfreinte` then, without a word for a file that somebody held, and for
    whoever may not hold it.
    """
    with traduire(REFUS), transaction.atomic():
        dossier = _tenir_un(candidature, acteur)
        tenue = _suivis([dossier.pk]).get(dossier.pk)
        if (tenue.pk if tenue else 0) != vue:
            raise RegleEnfreinte(CHANGE_DEPUIS)
        if tenue is not None and tenue.instructeur_id == instructeur.pk:
            raise RegleEnfreinte(deja_suivi(tenue.instructeur))
        if refus := empechement_d_affecter(dossier.etat):
            raise RegleEnfreinte(refus)
        if refus := empechement_de_donner_a(instructeur.pk, candidats_a([dossier.pk])[dossier.pk]):
            raise RegleEnfreinte(refus)
        if tenue is not None and not mot.strip():
            raise RegleEnfreinte(SANS_MOT)
        if tenue is not None:
            _clore(tenue, FinDAffectation.CONFIEE, acteur, maintenant)
        nouvelle = Affectation(
            candidature=dossier, instructeur=instructeur, par=acteur, mot=mot.strip(), faite_le=maintenant
        )
        _confier([nouvelle], acteur, maintenant)
        if tenue is not None and tenue.instructeur != acteur:
            mettre_en_file_lot([_lettre_a_qui_le_tenait(tenue, nouvelle)])
    return nouvelle


def rendre(*, candidature: Candidature, mot: str, vue: int, acteur: Utilisateur, maintenant: datetime) -> None:
    """Give back a file that `acteur` holds: it is to be taken. Raises `RegleEnfreinte` without a word."""
    with traduire(REFUS), transaction.atomic():
        dossier = _tenir_un(candidature, acteur)
        tenue = _suivis([dossier.pk]).get(dossier.pk)
        if tenue is None or tenue.pk != vue or tenue.instructeur != acteur:
            raise RegleEnfreinte(CHANGE_DEPUIS)
        if not mot.strip():
            raise RegleEnfreinte(SANS_MOT)
        _clore(tenue, FinDAffectation.RENDUE, acteur, maintenant)
        consigner(ActeDInstruction.RENDRE_A_PRENDRE, dossier, acteur=acteur, fait_le=maintenant, mot=mot.strip())


def rendre_ce_que_personne_ne_tient_plus() -> int:
    """Give back the files of whoever has no role on their territory any more, by the clock or because a territory
    changed: what no trigger sees. How many; harmless when run twice."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(REPRENDRE)
        return int(curseur.rowcount)


def _tenir(cles: Iterable[int], acteur: Utilisateur) -> dict[int, Candidature]:
    """Those of these files that `acteur` instructs, held; the role of `acteur` is held first."""
    la = Territoire.objects.dans(perimetre_tenu(acteur, Role.INSTRUCTEUR)).values("pk")
    tenus = (
        Candidature.objects.filter(pk__in=list(cles), territoire__in=la)
        .exclude(pk__in=interets_de(acteur))
        .select_for_update(of=("self",), no_key=True)
        .select_related("vague", "territoire")
        .defer(*CONTENUS)
        .order_by("pk")
    )
    return {dossier.pk: dossier for dossier in tenus}


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


def _clore(tenue: Affectation, fin: FinDAffectation, acteur: Utilisateur, maintenant: datetime) -> None:
    tenue.close_le, tenue.close_par, tenue.fin = maintenant, acteur, fin
    tenue.save(update_fields=["close_le", "close_par", "fin"])


def _confier(faites: list[Affectation], acteur: Utilisateur, maintenant: datetime) -> None:
    """Write the rows, one entry of the journal a file, one letter a new owner."""
    noms = Utilisateur.objects.in_bulk({affectation.instructeur_id for affectation in faites})
    Affectation.objects.bulk_create(faites)
    for acte, siennes in (
        (ActeDInstruction.PRENDRE, [f for f in faites if f.instructeur_id == acteur.pk]),
        (ActeDInstruction.AFFECTER, [f for f in faites if f.instructeur_id != acteur.pk]),
    ):
        lot = [(f.candidature, {"instructeur": str(noms[f.instructeur_id])}) for f in siennes]
        consigner_lot(acte, lot, acteur=acteur, fait_le=maintenant)
    par_personne: defaultdict[int, list[Affectation]] = defaultdict(list)
    for affectation in faites:
        if affectation.instructeur_id != acteur.pk:
            par_personne[affectation.instructeur_id].append(affectation)
    mettre_en_file_lot(_lettre(noms[cle], siennes, acteur) for cle, siennes in par_personne.items())


def _lettre(personne: Utilisateur, siennes: list[Affectation], par: Utilisateur) -> Lettre:
    dossiers = [affectation.candidature for affectation in siennes]
    autres = len(dossiers) - DOSSIERS_CITES
    return Lettre(
        gabarit="instruction/dossiers_confies",
        valeurs={
            "combien": compte(len(dossiers), "dossier"),
            "par": par,
            "mot": siennes[0].mot,
            "dossiers": [
                {"pk": dossier.pk, "reference": dossier.reference, "territoire": dossier.territoire.nom}
                for dossier in dossiers[:DOSSIERS_CITES]
            ],
            "autres": compte(autres, "autre") if autres > 0 else "",
            "numero": dossiers[0].vague.numero,
        },
        cle=f"confies-{siennes[0].pk}",
        destinataire=personne.email,
        demonstration=any(dossier.demonstration for dossier in dossiers),
    )


def _lettre_a_qui_le_tenait(tenue: Affectation, nouvelle: Affectation) -> Lettre:
    dossier = nouvelle.candidature
    return Lettre(
        gabarit="instruction/dossier_repris",
        valeurs={
            "pk": dossier.pk,
            "reference": dossier.reference,
            "territoire": dossier.territoire.nom,
            "par": nouvelle.par,
            "instructeur": nouvelle.instructeur,
            "a_soi": nouvelle.par == nouvelle.instructeur,
            "mot": nouvelle.mot,
        },
        cle=f"repris-{nouvelle.pk}",
        destinataire=tenue.instructeur.email,
        demonstration=dossier.demonstration,
    )
