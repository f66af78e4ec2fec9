"""Giving a role to an address, signing it, confirming it each year, suspending it, taking it back."""

from datetime import datetime
from typing import Any

from rebond.comptes import lettres
from rebond.comptes.actions.preuve import activer
from rebond.comptes.actions.preuve import suspendre as _suspendre
from rebond.comptes.actions.verrou import un_acte_a_la_fois
from rebond.comptes.habilitations import oublier_habilitations, tient_le_role
from rebond.comptes.regles import (
    SEUL_UN_ADMINISTRATEUR,
    a_deux_signatures,
    empechement_de_confirmer,
    empechement_de_finir,
    empechement_de_proposer,
    empechement_de_retirer,
    empechement_de_signer,
    empechement_de_suspendre,
)
from rebond.comptes.requetes import titulaire_de
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.caracteres import identifiant
from rebond.socle.utilisateur import Utilisateur
from territoires.actes import ActeDHabilitation
from territoires.etats import EtatHabilitation, RaisonDeSuspension, Role
from territoires.models import Departement, Habilitation, Organisme, Region, Territoire
from territoires.regles import UN_AN


def proposer(
    *,
    adresse: str,
    role: Role,
    organisme: Organisme,
    jusqu_au: datetime | None,
    acteur: Utilisateur,
    maintenant: datetime,
    region: Region | None = None,
    departement: Departement | None = None,
    territoire: Territoire | None = None,
) -> Habilitation:
    """Give a role to whoever holds `adresse`, until `jusqu_au` excluded; one that chooses, signs or audits waits for
    the signature of another administrateur.

    Nothing here depends on whether the address has an account. Raises `RegleEnfreinte` for one's own address, for a
    role that has no end and must, and for what two roles of one person may not be.
    """
    with un_acte_a_la_fois():
        _exiger_administrateur(acteur)
        adresse = identifiant(adresse).lower()
        _exiger(empechement_de_proposer(adresse=adresse, adresse_de_l_acteur=acteur.email))
        _exiger(empechement_de_finir(role, jusqu_au, maintenant))
        a_deux = a_deux_signatures(role)
        habilitation = Habilitation.objects.create(
            adresse=adresse,
            role=role,
            organisme=organisme,
            region=region,
            departement=departement,
            territoire=territoire,
            etat=EtatHabilitation.PROPOSEE if a_deux else EtatHabilitation.INVITEE,
            jusqu_au=jusqu_au,
            proposee_par=acteur,
            proposee_le=maintenant,
        )
        acte = ActeDHabilitation.PROPOSER if a_deux else ActeDHabilitation.DONNER
        consigner(acte, habilitation, acteur=acteur, fait_le=maintenant, personne=adresse)
        if a_deux:
            mettre_en_file_lot(lettres.role_a_signer(habilitation))
            return habilitation
        return _offrir(habilitation, maintenant)


def signer(*, habilitation: Habilitation, acteur: Utilisateur, maintenant: datetime) -> Habilitation:
    """The second signature, of another administrateur: the role is offered to its address."""
    with un_acte_a_la_fois():
        _exiger_administrateur(acteur)
        relue = _relue(habilitation)
        _exiger(
            empechement_de_signer(
                relue.etat,
                proposee_par=relue.proposee_par_id,
                acteur=acteur.pk,
                adresse=relue.adresse,
                adresse_de_l_acteur=acteur.email,
            )
        )
        signee = _appliquer(
            relue, ActeDHabilitation.SIGNER, acteur, maintenant, signee_par=acteur, signee_le=maintenant
        )
        return _offrir(signee, maintenant)


def ecarter(*, habilitation: Habilitation, acteur: Utilisateur, maintenant: datetime) -> Habilitation:
    """Set a proposed role aside: by whoever proposed it, or by whoever might sign it."""
    with un_acte_a_la_fois():
        _exiger_administrateur(acteur)
        return _appliquer(_relue(habilitation), ActeDHabilitation.ECARTER, acteur, maintenant, finie_le=maintenant)


def confirmer(*, habilitation: Habilitation, acteur: Utilisateur, maintenant: datetime) -> Habilitation:
    """The role is in force for another year, at the address that its holder has proven now.

    Raises `RegleEnfreinte` for one's own role, and when the present address is not proven.
    """
    with un_acte_a_la_fois():
        _exiger_administrateur(acteur)
        relue = _relue(habilitation)
        _exiger(empechement_de_confirmer(relue.etat, titulaire=relue.utilisateur_id, acteur=acteur.pk))
        champs: dict[str, Any] = {
            "confirmee_par": acteur,
            "confirmee_le": maintenant,
            "a_confirmer_avant": maintenant + UN_AN,
        }
        if relue.etat == EtatHabilitation.SUSPENDUE and relue.utilisateur is not None:
            champs |= {"adresse": relue.utilisateur.email.lower(), "suspension": "", "suspendue_le": None}
        confirmee = _appliquer(relue, ActeDHabilitation.CONFIRMER, acteur, maintenant, **champs)
        mettre_en_file_lot(lettres.role_confirme(confirmee))
        return confirmee


def suspendre(*, habilitation: Habilitation, acteur: Utilisateur, maintenant: datetime) -> Habilitation:
    """The role allows nothing until an administrateur confirms it."""
    with un_acte_a_la_fois():
        _exiger_administrateur(acteur)
        relue = _relue(habilitation)
        _exiger(
            empechement_de_suspendre(relue.etat, role=relue.role, titulaire=relue.utilisateur_id, acteur=acteur.pk)
        )
        suspendue = _suspendre(relue, RaisonDeSuspension.ADMINISTRATEUR, acteur=acteur, maintenant=maintenant)
        mettre_en_file_lot(lettres.role_suspendu(suspendue))
        return suspendue


def retirer(*, habilitation: Habilitation, acteur: Utilisateur, maintenant: datetime) -> Habilitation:
    """Withdraws a role; its row and the journal keep who held it and who withdrew it.

    Waits for an act that is being done with it. Raises `RegleEnfreinte` when an administrateur would withdraw their
    own: the portal would be left without one.
    """
    with un_acte_a_la_fois():
        _exiger_administrateur(acteur)
        relue = _relue(habilitation)
        _exiger(empechement_de_retirer(relue.etat, role=relue.role, titulaire=relue.utilisateur_id, acteur=acteur.pk))
        retiree = _appliquer(relue, ActeDHabilitation.RETIRER, acteur, maintenant, finie_le=maintenant)
        mettre_en_file_lot(lettres.role_retire(retiree))
        return retiree


def _offrir(habilitation: Habilitation, maintenant: datetime) -> Habilitation:
    """To whoever has proven the address already, at once; to the others by an invitation."""
    titulaire = titulaire_de(habilitation.adresse)
    if titulaire is not None:
        return activer(habilitation, titulaire, maintenant=maintenant)
    mettre_en_file_lot(lettres.invitation(habilitation))
    return habilitation


def _relue(habilitation: Habilitation) -> Habilitation:
    return Habilitation.objects.select_related("utilisateur").get(pk=habilitation.pk)


def _exiger_administrateur(acteur: Utilisateur) -> None:
    if not tient_le_role(acteur, Role.ADMINISTRATEUR):
        raise RegleEnfreinte(SEUL_UN_ADMINISTRATEUR)


def _exiger(refus: str | None) -> None:
    if refus is not None:
        raise RegleEnfreinte(refus)


def _appliquer(
    habilitation: Habilitation, acte: ActeDHabilitation, acteur: Utilisateur, maintenant: datetime, **champs: Any
) -> Habilitation:
    personne = champs.get("adresse", habilitation.adresse)
    appliquee = appliquer(habilitation, acte, acteur=acteur, maintenant=maintenant, champs=champs, personne=personne)
    if habilitation.utilisateur is not None:
        oublier_habilitations(habilitation.utilisateur)
    return appliquee
