"""Extensions: proposed by an administrateur with a reason, signed by a second person, told to everyone concerned."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from candidatures.cloture.actes import ActeDeCloture
from candidatures.cloture.models.prolongations import Prolongation
from candidatures.cloture.regles import DE_SON_DOSSIER, DECISIONS_PRISES, SECONDE_SIGNATURE
from candidatures.dossier.etats import ETATS_MODIFIABLES
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.vagues.actes import ActeDeProlongation
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import a_le_role, tient_le_role, titulaires
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

SIGNATAIRES = (Role.ADMINISTRATEUR, Role.VALIDEUR)
REFUS = {
    "prolongation_avant_les_decisions": DECISIONS_PRISES,
    "prolongation_a_venir": "La nouvelle échéance doit être à venir, et postérieure à celle qui est en vigueur.",
    "prolongation_d_un_dossier_ouvert": "Ce dossier ne se dépose plus\u00a0: il est en instruction, ou retiré. "
    "Une correction peut lui être demandée.",
    "prolongation_par_un_tiers": DE_SON_DOSSIER,
    "prolongation_signee_par_une_autre_personne": SECONDE_SIGNATURE,
    "prolongation_d_un_an_au_plus": "Une prolongation dure un an au plus à partir du jour où elle est proposée\u00a0: "
    "vérifiez l’année.",
    "prolongation_motivee": "Une prolongation se motive\u00a0: écrivez pourquoi.",
}


def proposer(
    *,
    vague: Vague,
    candidature: Candidature | None,
    jusqu_au: datetime,
    motif: str,
    acteur: Utilisateur,
    maintenant: datetime,
) -> Prolongation:
    """Propose more time for `candidature`, or for every file of `vague` when it is None. Nothing changes yet.

    Raises `RegleEnfreinte` unless `acteur` is an administrateur, the reason is written, the new deadline lies ahead of
    the one in force, and the decisions of the wave are not taken.
    """
    if not a_le_role(acteur, Role.ADMINISTRATEUR):
        raise RegleEnfreinte("Seul un administrateur propose une prolongation.")
    with traduire(REFUS), transaction.atomic():
        prolongation = Prolongation.objects.create(
            vague=vague,
            candidature=candidature,
            jusqu_au=jusqu_au,
            motif=motif.strip(),
            demandee_par=acteur,
            demandee_le=maintenant,
        )
        consigner(
            ActeDeProlongation.PROPOSER_PROLONGATION,
            prolongation,
            acteur=acteur,
            fait_le=maintenant,
            **_details(prolongation),
        )
    return prolongation


def signer(*, prolongation: Prolongation, acteur: Utilisateur, maintenant: datetime) -> Prolongation:
    """Sign a proposed extension: it holds from now on, and everyone concerned is told.

    Before the deadline or after it, and even once the closing is recorded: a file that was a draft may then be
    deposited again. Raises `RegleEnfreinte` when `acteur` proposed it, may not sign, or for what `proposer` refuses.
    """
    with traduire(REFUS), transaction.atomic():
        if not tient_le_role(acteur, *SIGNATAIRES):
            raise RegleEnfreinte("Seul un administrateur ou un valideur signe une prolongation.")
        # The closing takes this row first too.
        vague = Vague.objects.select_for_update().get(pk=prolongation.vague_id)
        concernees = _concernees(prolongation)
        list(concernees.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        signature = {"signee_par": acteur, "signee_le": maintenant}
        signee = appliquer(
            prolongation,
            ActeDeProlongation.ACCORDER,
            acteur=acteur,
            maintenant=maintenant,
            champs=signature,
            **_details(prolongation),
        )
        Candidature.objects.filter(pk__in=concernees.values("pk")).update(prolongation_close_le=None)
        if signee.candidature_id is None:
            accordees = Prolongation.objects.accordees().filter(vague=vague, candidature=None)
            # Agents who were told of the closing will be told of the next one.
            Vague.objects.filter(pk=vague.pk).update(
                cloture_annoncee_le=None, **accordees.aggregate(prolongee_au=Max("jusqu_au"))
            )
        else:
            accordees = Prolongation.objects.accordees().filter(candidature=signee.candidature_id)
            Candidature.objects.filter(pk=signee.candidature_id).update(
                **accordees.aggregate(prolongee_au=Max("jusqu_au"))
            )
            consigner(
                ActeDeCloture.PROLONGER,
                _dossier(signee),
                acteur=acteur,
                fait_le=maintenant,
                jusqu_au=signee.jusqu_au.isoformat(),
            )
        mettre_en_file_lot(_lettres(signee))
    return signee


def ecarter(*, prolongation: Prolongation, acteur: Utilisateur, maintenant: datetime) -> Prolongation:
    """Set a proposal aside: by whoever might sign it, or by whoever made it."""
    if not a_le_role(acteur, *SIGNATAIRES):
        raise RegleEnfreinte("Seul un administrateur ou un valideur écarte une prolongation.")
    return appliquer(
        prolongation,
        ActeDeProlongation.ECARTER,
        acteur=acteur,
        maintenant=maintenant,
        champs={"signee_le": maintenant},
    )


def _concernees(prolongation: Prolongation) -> QuerySet[Candidature]:
    dossiers = Candidature.objects.filter(vague=prolongation.vague_id, etat__in=ETATS_MODIFIABLES)
    return dossiers.filter(pk=prolongation.candidature_id) if prolongation.candidature_id else dossiers


def _dossier(prolongation: Prolongation) -> Candidature:
    return Candidature.objects.pour_liste().get(prolongations=prolongation)


def _details(prolongation: Prolongation) -> dict[str, str]:
    return {"jusqu_au": prolongation.jusqu_au.isoformat(), "motif": prolongation.motif}


def _lettres(prolongation: Prolongation) -> Iterable[Lettre]:
    """To whoever takes part in a file concerned, then to the agents who wait for the files."""
    communes = {"jusqu_au": instant_fr(prolongation.jusqu_au, secondes=True), "motif": prolongation.motif}
    participations = (
        Participation.objects.filter(
            candidature__in=_concernees(prolongation).values("pk"), utilisateur__is_active=True
        )
        .avec_dossier()
        .order_by("pk")
    )
    for participation in participations.iterator(chunk_size=1000):
        dossier = participation.candidature
        yield Lettre(
            gabarit="cloture/prolongation_territoire",
            valeurs={
                **communes,
                "pk": dossier.pk,
                "reference": dossier.reference,
                "territoire": dossier.territoire.nom,
            },
            cle=f"prolongation-{prolongation.pk}-{dossier.pk}-{participation.utilisateur_id}",
            destinataire=participation.utilisateur.email,
            demonstration=dossier.demonstration,
        )
    agents = titulaires(Role.ADMINISTRATEUR, Role.INSTRUCTEUR).order_by("pk").values_list("pk", "email")
    aux_agents = {
        **communes,
        "numero": prolongation.vague.numero,
        "reference": _dossier(prolongation).reference if prolongation.candidature_id else "",
        "demandee_par": prolongation.demandee_par,
        "signee_par": prolongation.signee_par,
    }
    for agent, adresse in agents:
        yield Lettre(
            gabarit="cloture/prolongation_agents",
            valeurs=aux_agents,
            cle=f"prolongation-{prolongation.pk}-agent-{agent}",
            destinataire=adresse,
        )
