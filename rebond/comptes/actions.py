"""Giving a role, taking it back, naming an organisme."""

from django.db import transaction

from rebond.comptes.actes import ActeDeCompte
from rebond.comptes.habilitations import oublier_habilitations
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role, TypeOrganisme
from territoires.models import Departement, Habilitation, Organisme, Region, Territoire


@transaction.atomic
def habiliter(
    *,
    utilisateur: Utilisateur,
    role: Role,
    organisme: Organisme,
    acteur: Utilisateur | None = None,
    region: Region | None = None,
    departement: Departement | None = None,
    territoire: Territoire | None = None,
) -> Habilitation:
    """Gives a role, within an organisation and at most one périmètre; giving it twice changes nothing.

    `acteur` is who gives it; None when the portal itself does, at installation.
    """
    if sum(lieu is not None for lieu in (region, departement, territoire)) > 1:
        raise RegleEnfreinte(*phrases_de(Habilitation, "habilitation_un_seul_perimetre").values())
    habilitation, cree = Habilitation.objects.get_or_create(
        utilisateur=utilisateur,
        role=role,
        organisme=organisme,
        region=region,
        departement=departement,
        territoire=territoire,
    )
    if cree:
        consigner(ActeDeCompte.HABILITATION_DONNEE, habilitation, acteur=acteur, utilisateur=str(utilisateur))
        oublier_habilitations(utilisateur)
    return habilitation


@transaction.atomic
def retirer_habilitation(*, habilitation: Habilitation, acteur: Utilisateur) -> None:
    """Withdraws a role; the journal keeps who held it and who withdrew it.

    Raises RegleEnfreinte when an administrateur would withdraw their own: the portal would be left without one.
    """
    if habilitation.role == Role.ADMINISTRATEUR and habilitation.utilisateur_id == acteur.pk:
        raise RegleEnfreinte("Vous ne pouvez pas vous retirer le rôle d’administrateur : demandez-le à un collègue.")
    consigner(
        ActeDeCompte.HABILITATION_RETIREE, habilitation, acteur=acteur, utilisateur=str(habilitation.utilisateur)
    )
    habilitation.delete()


def creer_organisme(*, nom: str, type: TypeOrganisme, siren: str, acteur: Utilisateur) -> Organisme:  # noqa: A002
    """An organisation that roles may be held in. Raises RegleEnfreinte when it is already there."""
    with traduire(phrases_de(Organisme, "organisme_unique")), transaction.atomic():
        organisme = Organisme.objects.create(nom=nom, type=type, siren=siren)
        consigner(ActeDeCompte.ORGANISME_CREE, organisme, acteur=acteur)
    return organisme
