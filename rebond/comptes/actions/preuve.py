"""A role comes to whoever proves the address that it was given to, and is suspended when that address changes."""

from datetime import datetime

from django.db import transaction

from rebond.comptes import lettres
from rebond.comptes.actions.verrou import REFUS, un_acte_a_la_fois
from rebond.comptes.habilitations import oublier_habilitations
from rebond.comptes.regles import empechement_d_activer
from rebond.comptes.requetes import invitations_de, offerte_le
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.utilisateur import Utilisateur
from territoires.actes import ActeDHabilitation
from territoires.etats import ETATS_TENUS, EtatHabilitation, RaisonDeSuspension
from territoires.models import Habilitation
from territoires.regles import UN_AN


def activer_les_invitations(*, utilisateur: Utilisateur, maintenant: datetime) -> list[Habilitation]:
    """The roles offered to the address that `utilisateur` has proven are theirs from now on; each is told by letter.

    Nothing happens without an invitation, nor while the address is not confirmed. One that they may not take (they
    gave it, or it goes with another role of theirs) stays where it is: nobody is kept from signing in by it.
    """
    if not invitations_de(utilisateur).exists():
        return []
    with un_acte_a_la_fois():
        offertes = [
            offre
            for offre in invitations_de(utilisateur).order_by("pk")
            if not empechement_d_activer(offerte_le(offre), maintenant)
        ]
        return [prise for offre in offertes if (prise := _prendre(offre, utilisateur, maintenant))]


def _prendre(offre: Habilitation, utilisateur: Utilisateur, maintenant: datetime) -> Habilitation | None:
    try:
        with traduire(REFUS), transaction.atomic():
            return activer(offre, utilisateur, maintenant=maintenant)
    except RegleEnfreinte:
        return None


def activer(offre: Habilitation, utilisateur: Utilisateur, *, maintenant: datetime) -> Habilitation:
    """In force from now on, instead of the same role that they may have held until then."""
    for ancienne in _la_meme(offre, utilisateur):
        appliquer(
            ancienne,
            ActeDHabilitation.RETIRER,
            acteur=None,
            maintenant=maintenant,
            champs={"finie_le": maintenant},
            personne=ancienne.adresse,
            remplacee_par=offre.pk,
        )
    activee = appliquer(
        offre,
        ActeDHabilitation.ACTIVER,
        acteur=utilisateur,
        maintenant=maintenant,
        champs={"utilisateur": utilisateur, "activee_le": maintenant, "a_confirmer_avant": maintenant + UN_AN},
        personne=offre.adresse,
    )
    mettre_en_file_lot(lettres.role_actif(activee))
    oublier_habilitations(utilisateur)
    return activee


def _la_meme(offre: Habilitation, utilisateur: Utilisateur) -> list[Habilitation]:
    """At most one: Postgres holds it."""
    return list(
        Habilitation.objects.filter(
            etat__in=ETATS_TENUS,
            utilisateur=utilisateur,
            role=offre.role,
            organisme=offre.organisme_id,
            region=offre.region_id,
            departement=offre.departement_id,
            territoire=offre.territoire_id,
        )
    )


def suspendre_pour_adresse(*, utilisateur: Utilisateur, nouvelle: str, maintenant: datetime) -> int:
    """Before the address of `utilisateur` becomes `nouvelle`: the roles given to another are suspended until an
    administrateur confirms them. Both addresses and the administrateurs are told. How many were.
    """
    tenues = Habilitation.objects.filter(utilisateur_id=utilisateur.pk, etat=EtatHabilitation.ACTIVE)
    if not tenues.exclude(adresse=nouvelle.lower()).exists():
        return 0
    with un_acte_a_la_fois():
        suspendues = [
            suspendre(tenue, RaisonDeSuspension.ADRESSE, acteur=utilisateur, maintenant=maintenant)
            for tenue in tenues.exclude(adresse=nouvelle.lower()).order_by("pk")
        ]
        if suspendues:
            mettre_en_file_lot(lettres.adresse_changee(utilisateur, suspendues, nouvelle, maintenant))
    oublier_habilitations(utilisateur)
    return len(suspendues)


def suspendre(
    habilitation: Habilitation, raison: RaisonDeSuspension, *, acteur: Utilisateur | None, maintenant: datetime
) -> Habilitation:
    return appliquer(
        habilitation,
        ActeDHabilitation.SUSPENDRE,
        acteur=acteur,
        maintenant=maintenant,
        champs={"suspension": raison, "suspendue_le": maintenant},
        personne=habilitation.adresse,
        raison=raison.label,
    )
