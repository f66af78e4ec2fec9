"""The first roles, given by whoever installs the portal: only as long as it has no two administrateurs in post."""

from datetime import timedelta

from rebond.comptes.actions.preuve import activer
from rebond.comptes.actions.verrou import un_acte_a_la_fois
from rebond.comptes.habilitations import oublier_habilitations
from rebond.comptes.regles import PORTAIL_INSTALLE, a_deux_signatures
from rebond.comptes.requetes import manque_un_administrateur, titulaire_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.actes import ActeDHabilitation
from territoires.etats import EtatHabilitation, OrigineHabilitation, Role
from territoires.models import Departement, Habilitation, Organisme, Region, Territoire
from territoires.regles import UN_AN


def habiliter(
    *,
    utilisateur: Utilisateur,
    role: Role,
    organisme: Organisme,
    region: Region | None = None,
    departement: Departement | None = None,
    territoire: Territoire | None = None,
) -> Habilitation:
    """Gives a role at installation, within an organisation and at most one périmètre; the portal is who gives it.

    In force at once when the address of `utilisateur` is proven, else as soon as it is. Raises `RegleEnfreinte` once
    two administrateurs are in post: they give the roles, with their signatures.
    """
    maintenant = horloge_base()
    with un_acte_a_la_fois():
        if not manque_un_administrateur():
            raise RegleEnfreinte(PORTAIL_INSTALLE)
        habilitation = Habilitation.objects.create(
            adresse=utilisateur.email.lower(),
            role=role,
            organisme=organisme,
            region=region,
            departement=departement,
            territoire=territoire,
            etat=EtatHabilitation.INVITEE,
            origine=OrigineHabilitation.INSTALLATION,
            proposee_le=maintenant,
            jusqu_au=maintenant + UN_AN - timedelta(days=1) if a_deux_signatures(role) else None,
        )
        consigner(
            ActeDHabilitation.DONNER, habilitation, acteur=None, fait_le=maintenant, personne=habilitation.adresse
        )
        if (titulaire := titulaire_de(habilitation.adresse)) is None:
            return habilitation
        oublier_habilitations(utilisateur)
        return activer(habilitation, titulaire, maintenant=maintenant)
