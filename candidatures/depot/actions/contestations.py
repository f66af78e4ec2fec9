"""« Ce dossier n’est pas de nous »: an authority says so in one click, an agent of the State judges."""

from datetime import datetime

from django.db import transaction

from candidatures.depot.actes import ActeDeDepot
from candidatures.depot.actions.depots import tenir_avec_sa_vague
from candidatures.depot.actions.tenue import laisser_la_place, lever_les_reserves
from candidatures.depot.regles import REPONDU_PAR_UN_TIERS, empechement_de_contester, empechement_de_trancher
from candidatures.depot.requetes import agents_a_prevenir_de
from candidatures.dossier.actions.equipe import ecrire
from candidatures.dossier.connaissance import etat_connu_du_territoire
from candidatures.dossier.models.contestations import Contestation
from candidatures.dossier.models.dossiers import Candidature
from rebond.comptes.habilitations import a_le_role
from rebond.comptes.rattachements.requetes import nom_de_la_collectivite, rattachement_de
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

PAS_LES_VOTRES = "Nous ne savons pas que vous travaillez pour cette collectivité, ou elle n’est pas dans ce dossier."
REFUS = {
    **phrases_de(Contestation, "contestation_une_par_collectivite", "contestation_tranchee_par_autrui"),
    "contestation_par_un_agent_prouve": PAS_LES_VOTRES,
    "contestation_d_un_membre": PAS_LES_VOTRES,
    "contestation_tranchee_par_un_tiers": REPONDU_PAR_UN_TIERS,
}


def contester(*, candidature: Candidature, siren: str, auteur: Utilisateur, maintenant: datetime) -> Contestation:
    """Say, for the authority `siren`, that the file is not its own. The file then holds no territory any more, so that
    another may; who instructs and the administrateurs are told.

    Raises `RegleEnfreinte` unless `auteur` is known to work for that authority, which the file names; once the file is
    out of its wave; and for whoever takes part in it.
    """
    with traduire(REFUS), transaction.atomic():
        tenue = tenir_avec_sa_vague(candidature)
        participe = tenue.participations.filter(utilisateur=auteur).exists()
        etat = etat_connu_du_territoire(tenue, maintenant)
        if refus := empechement_de_contester(etat, participe=participe):
            raise RegleEnfreinte(refus)
        rattachement = rattachement_de(auteur, siren)
        nom = nom_de_la_collectivite(siren, petr=rattachement.nom if rattachement else "")
        contestation = Contestation.objects.create(
            candidature=tenue, siren=siren, nom=nom, par=auteur, faite_le=maintenant
        )
        consigner(ActeDeDepot.CONTESTER, tenue, acteur=auteur, fait_le=maintenant, siren=siren, collectivite=nom)
        laisser_la_place(candidature=tenue, acteur=auteur, maintenant=maintenant)
        for agent in agents_a_prevenir_de(tenue):
            mettre_en_file(
                Lettre(
                    gabarit="depot/contestation",
                    valeurs={"reference": tenue.reference, "collectivite": nom, "auteur": str(auteur)},
                    cle=f"contestation-{contestation.pk}-{agent.pk}",
                    destinataire=agent.email,
                    demonstration=tenue.demonstration,
                )
            )
    return contestation


def trancher(
    *, contestation: Contestation, fondee: bool, reponse: str, acteur: Utilisateur, maintenant: datetime
) -> Contestation:
    """Say whether the authority is right, and why. Found wrong, the file holds its territory again when it can.

    Raises `RegleEnfreinte` without a `reponse`, once it is judged, unless `acteur` is an administrateur, and for
    whoever contested, or takes part in the file, or did.
    """
    if not a_le_role(acteur, Role.ADMINISTRATEUR):
        raise RegleEnfreinte("Seul un administrateur répond à une collectivité qui signale un dossier.")
    with traduire(REFUS), transaction.atomic():
        dossier = tenir_avec_sa_vague(contestation.candidature)
        tenue = Contestation.objects.select_for_update(of=("self",)).select_related("par").get(pk=contestation.pk)
        participe = Candidature.objects.de_son_territoire(acteur).filter(pk=dossier.pk).exists()
        if refus := empechement_de_trancher(reponse, tranchee=tenue.tranchee_le is not None, participe=participe):
            raise RegleEnfreinte(refus)
        tenue.tranchee_le, tenue.tranchee_par = maintenant, acteur
        tenue.fondee, tenue.reponse = fondee, reponse.strip()
        tenue.save(update_fields=["tranchee_le", "tranchee_par", "fondee", "reponse"])
        entree = consigner(
            ActeDeDepot.TRANCHER, dossier, acteur=acteur, fait_le=maintenant, fondee=fondee, reponse=tenue.reponse
        )
        valeurs = {"collectivite": tenue.nom, "fondee": fondee, "reponse": tenue.reponse}
        for participant in dossier.participants.order_by("pk"):
            ecrire(dossier, participant, entree, "depot/contestation_tranchee", **valeurs)
        mettre_en_file(
            Lettre(
                gabarit="depot/contestation_repondue",
                valeurs={"reference": dossier.reference, **valeurs},
                cle=f"contestation-repondue-{tenue.pk}",
                destinataire=tenue.par.email,
                demonstration=dossier.demonstration,
            )
        )
        if not fondee:
            lever_les_reserves(candidatures=[dossier.pk], acteur=acteur, maintenant=maintenant)
    return tenue
