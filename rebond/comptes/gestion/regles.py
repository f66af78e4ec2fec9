"""What keeps an account open or closed: a sentence, or None."""

from rebond.comptes.habilitations import habilitations_tenues
from rebond.comptes.securite.signaux import ce_qui_empeche_de_fermer
from rebond.socle.bdd.contraintes import phrases_de
from rebond.socle.utilisateur import Utilisateur

SOI_MEME = "Vous ne pouvez pas faire cela sur votre propre compte\u00a0: demandez-le à un autre administrateur."


def empechement_de_fermer_le_sien(utilisateur: Utilisateur) -> str | None:
    """A role of the State is given back first; so is the file that one answers for."""
    if habilitations_tenues(utilisateur):
        return "Vous tenez un rôle de l’État\u00a0: demandez d’abord à un administrateur de vous le retirer."
    return ce_qui_empeche_de_fermer(utilisateur)


def empechement_de_desactiver(utilisateur: Utilisateur, acteur: Utilisateur) -> str | None:
    if utilisateur.pk == acteur.pk:
        return SOI_MEME
    return None if utilisateur.is_active else "Ce compte est déjà désactivé."


def empechement_de_reactiver(utilisateur: Utilisateur) -> str | None:
    if utilisateur.est_anonyme:
        return phrases_de(Utilisateur, "utilisateur_anonyme_reste_ferme")["utilisateur_anonyme_reste_ferme"]
    return "Ce compte est déjà ouvert." if utilisateur.is_active else None


def empechement_de_reinitialiser(utilisateur: Utilisateur, acteur: Utilisateur, nombre: int) -> str | None:
    """`nombre`: of second factors that the account has."""
    if utilisateur.pk == acteur.pk:
        return SOI_MEME
    return None if nombre else "Ce compte n’a aucun second facteur."
