"""What accounts tell, and ask of, those who stand above them."""

from typing import TYPE_CHECKING

from django.dispatch import Signal

if TYPE_CHECKING:
    from rebond.socle.utilisateur import Utilisateur

# sender=Utilisateur, utilisateur, siret, uid: their administration vouches, by ProConnect, that they work for it.
# At each sign-in; the SIRET is a possible one (INSEE's key), which may be nobody's that the portal knows.
siret_prouve = Signal()
# sender=Utilisateur, utilisateur. Receivers answer a sentence that keeps this person from closing their account,
# or None.
fermeture_demandee = Signal()
# sender=Utilisateur, utilisateur, maintenant, in the closing's own transaction: receivers end what this person took
# part in.
compte_ferme = Signal()


def ce_qui_empeche_de_fermer(utilisateur: "Utilisateur") -> str | None:
    """The first sentence that a receiver answers."""
    reponses = fermeture_demandee.send(type(utilisateur), utilisateur=utilisateur)
    return next((phrase for _, phrase in reponses if phrase), None)
