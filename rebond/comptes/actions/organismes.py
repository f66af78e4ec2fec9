"""Naming an organisme."""

from django.db import transaction

from rebond.comptes.actes import ActeDeCompte
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import TypeOrganisme
from territoires.models import Organisme


def creer_organisme(*, nom: str, type: TypeOrganisme, siren: str, acteur: Utilisateur) -> Organisme:  # noqa: A002
    """An organisation that roles may be held in. Raises RegleEnfreinte when it is already there."""
    with traduire(phrases_de(Organisme, "organisme_unique")), transaction.atomic():
        organisme = Organisme.objects.create(nom=nom, type=type, siren=siren)
        consigner(ActeDeCompte.ORGANISME_CREE, organisme, acteur=acteur)
    return organisme
