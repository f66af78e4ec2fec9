"""Decisions of a wave, then their announcement: one act each for the whole wave, all or nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.instruction.acces import etat_de_vague_connu_de
from candidatures.instruction.models import Proposition
from candidatures.labellisation.actes import ActeDeLabel
from candidatures.labellisation.models import Decision, Labellisation
from candidatures.labellisation.regles import A_INSTRUIT, INTERET, LABEL_SOUS_RESERVE, empechement_d_embargo
from candidatures.labellisation.requetes import empechement_d_annoncer, empechement_de_decider
from candidatures.labellisation.signaux import vague_annoncee
from candidatures.vagues.actes import ActeDeVague
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import tient_le_role
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer, appliquer_a_tous
from rebond.socle.journal.actions import consigner_lot
from rebond.socle.utilisateur import Utilisateur
from territoires.actions import rendre_public
from territoires.etats import Role

REFUS = {
    "valideur_n_a_pas_instruit": A_INSTRUIT,
    "auteur_sans_conflit": INTERET,
    "auteur_etranger_au_dossier": INTERET,
    "labellisation_une_par_territoire": "Un des territoires choisis est déjà lauréat.",
}


def labelliser(
    *,
    vague: Vague,
    decisions: Mapping[int, SensDecision],
    valideur: Utilisateur,
    maintenant: datetime,
    lues: Mapping[int, int] | None = None,
) -> list[Labellisation]:
    """Take the decisions of a wave, on exactly its `instruite` files (keys: their primary keys); return its laureates.

    `lues` tells the revision of each proposal that `valideur` has read: one that was revised since stops everything.
    Nothing is announced yet. Of two valideurs at once, the first wins and the second reads when and by whom it was
    done. Raises `RegleEnfreinte` as well for whatever `empechement_de_decider` says, and when the list is not
    the wave's own.
    """
    with traduire(REFUS), transaction.atomic():
        vague = _tenir(vague, valideur)
        dossiers = _tenir_dossiers(vague)
        if refus := empechement_de_decider(vague, valideur):
            raise RegleEnfreinte(refus)
        instruites = [dossier for dossier in dossiers if dossier.etat == EtatCandidature.INSTRUITE]
        _exiger_tous_les_dossiers(vague, instruites, decisions)
        _exiger_propositions_lues(instruites, lues)
        _exiger_territoires_nouveaux(instruites, decisions)
        Decision.objects.bulk_create(
            Decision(candidature=dossier, sens=decisions[dossier.pk], valideur=valideur, prise_le=maintenant)
            for dossier in instruites
        )
        for sens in SensDecision:
            choisies = [dossier.pk for dossier in instruites if decisions[dossier.pk] == sens]
            if choisies:
                lot = Candidature.objects.filter(pk__in=choisies).sans_contenu().select_related("vague", "territoire")
                appliquer_a_tous(lot, ActeDuDossier.de(sens), acteur=valideur, maintenant=maintenant)
        choisis = [dossier for dossier in instruites if decisions[dossier.pk] == SensDecision.LABELLISER]
        labellisations = Labellisation.objects.bulk_create(_label(dossier, maintenant) for dossier in choisis)
        signature = {"labellisee_le": maintenant, "labellisee_par": valideur}
        appliquer(
            vague,
            ActeDeVague.LABELLISER,
            acteur=valideur,
            maintenant=maintenant,
            champs=signature,
            laureats=len(labellisations),
        )
    return labellisations


def annoncer(
    *, vague: Vague, valideur: Utilisateur, publique_a: datetime, maintenant: datetime
) -> list[Labellisation]:
    """Announce every result of a wave at once, public from `publique_a` on (now, or later: the embargo).

    One letter for each participant of each decided file is queued, none before `publique_a`. `vague_annoncee` is sent.
    Raises `RegleEnfreinte` when the wave is not decided, is already announced, or the embargo would end in the past.
    """
    with transaction.atomic():
        vague = _tenir(vague, valideur)
        etat_connu = etat_de_vague_connu_de(valideur, vague, maintenant)
        refus = empechement_d_annoncer(vague, etat_connu, maintenant) or empechement_d_embargo(publique_a, maintenant)
        if refus:
            raise RegleEnfreinte(refus)
        dates = {"annoncee_le": maintenant, "publique_a": publique_a}
        signature = {**dates, "annoncee_par": valideur}
        vague = appliquer(vague, ActeDeVague.ANNONCER, acteur=valideur, maintenant=maintenant, champs=signature)
        Labellisation.objects.filter(vague=vague).update(**dates)
        labellisations = list(Labellisation.objects.filter(vague=vague).pour_liste())
        consigner_lot(
            ActeDeLabel.ANNONCER, [(label, {}) for label in labellisations], acteur=valideur, fait_le=maintenant
        )
        mettre_en_file_lot(_lettres(vague, publique_a))
        vague_annoncee.send(
            sender=Vague, vague=vague, labellisations=labellisations, acteur=valideur, maintenant=maintenant
        )
    return labellisations


def _label(dossier: Candidature, maintenant: datetime) -> Labellisation:
    territoire = rendre_public(dossier.territoire)
    return Labellisation(candidature=dossier, territoire=territoire, vague=dossier.vague, decidee_le=maintenant)


def _tenir(vague: Vague, valideur: Utilisateur) -> Vague:
    if not tient_le_role(valideur, Role.VALIDEUR):
        raise RegleEnfreinte("Seul un valideur prend et annonce les décisions d’une vague.")
    # Without a join: after waiting for the lock, Postgres re-reads this row but not those that it was joined to.
    return Vague.objects.select_for_update().get(pk=vague.pk)


def _tenir_dossiers(vague: Vague) -> list[Candidature]:
    """Every file of the wave, locked: nobody instructs any, or declares a conflict, while the decisions are taken."""
    return list(
        Candidature.objects.filter(vague=vague)
        .select_for_update(of=("self",))
        .sans_contenu()
        .select_related("vague", "territoire")
        .order_by("pk")
    )


def _exiger_tous_les_dossiers(
    vague: Vague, instruites: list[Candidature], decisions: Mapping[int, SensDecision]
) -> None:
    if {dossier.pk for dossier in instruites} != set(decisions):
        raise RegleEnfreinte(
            f"La liste des dossiers instruits de la vague {vague.numero} a changé. Rouvrez la page des décisions."
        )


def _exiger_propositions_lues(instruites: list[Candidature], lues: Mapping[int, int] | None) -> None:
    if lues is None:
        return
    revisees = [
        proposition.candidature.reference
        for proposition in Proposition.objects.filter(candidature__in=instruites)
        .select_related("candidature__vague")
        .order_by("pk")
        if lues.get(proposition.candidature_id) != proposition.revision
    ]
    if revisees:
        raise RegleEnfreinte(
            f"La proposition a changé depuis que vous avez ouvert cette page\u00a0: {', '.join(revisees)}. Aucune "
            "décision n’est prise\u00a0: relisez, puis confirmez de nouveau."
        )


def _exiger_territoires_nouveaux(instruites: list[Candidature], decisions: Mapping[int, SensDecision]) -> None:
    choisis = [dossier for dossier in instruites if decisions[dossier.pk] == SensDecision.LABELLISER]
    sous_reserve = [dossier.reference for dossier in choisis if dossier.sous_reserve]
    if sous_reserve:
        raise RegleEnfreinte(f"{LABEL_SOUS_RESERVE} ({', '.join(sous_reserve)})")
    cles = [dossier.territoire.cle for dossier in choisis]
    deja = Labellisation.objects.filter(territoire__cle__in=cles).select_related("territoire").order_by("pk").first()
    if deja is not None:
        raise RegleEnfreinte(f"Le territoire «\u00a0{deja.territoire}\u00a0» est déjà lauréat.")


def _lettres(vague: Vague, publique_a: datetime) -> Iterable[Lettre]:
    participations = (
        Participation.objects.filter(candidature__vague=vague, candidature__etat__in=RESULTATS)
        .avec_dossier()
        .select_related("candidature__recevabilite__irrecevabilite")
        .order_by("pk")
    )
    for participation in participations:
        dossier = participation.candidature
        yield Lettre(
            gabarit=RESULTATS[EtatCandidature(dossier.etat)],
            valeurs={
                "numero": vague.numero,
                "reference": dossier.reference,
                "territoire": dossier.territoire.nom,
                **_irrecevabilite(dossier),
            },
            cle=f"resultat-{dossier.pk}-{participation.utilisateur_id}",
            destinataire=participation.utilisateur.email,
            demonstration=dossier.demonstration,
            pas_avant=publique_a,
        )


def _irrecevabilite(dossier: Candidature) -> dict[str, str]:
    if dossier.etat != EtatCandidature.IRRECEVABLE:
        return {"motif": "", "signature": ""}
    signee = dossier.recevabilite.irrecevabilite
    return {"motif": dossier.recevabilite.motif, "signature": signee.signature if signee else ""}


RESULTATS = {
    EtatCandidature.LAUREATE: "labellisation/laureate",
    EtatCandidature.NON_RETENUE: "labellisation/non_retenue",
    EtatCandidature.AJOURNEE: "labellisation/ajournee",
    EtatCandidature.IRRECEVABLE: "labellisation/irrecevable",
}
