"""One act on roles at a time: signatures and withdrawals that cross each other wait, and read what the first did."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from rebond.comptes.regles import SEUL_UN_ADMINISTRATEUR
from rebond.socle.bdd import verrous
from rebond.socle.bdd.contraintes import phrases_de, traduire
from territoires.models import Habilitation

REFUS = {
    **phrases_de(
        Habilitation,
        "habilitation_un_seul_perimetre",
        "habilitation_proposee_une_fois",
        "habilitation_unique",
        "habilitation_deux_signatures",
        "habilitation_signee_par_un_autre",
        "habilitation_jamais_a_soi_meme",
        "habilitation_qui_finit",
        "habilitation_roles_incompatibles",
        "habilitation_roles_incompatibles_tenus",
    ),
    "habilitation_par_un_administrateur": SEUL_UN_ADMINISTRATEUR,
    "habilitation_adresse_prouvee": "La personne n’a pas encore confirmé cette adresse électronique.",
}


@contextmanager
def un_acte_a_la_fois() -> Iterator[None]:
    """One transaction, while no other act on roles is under way. Raises `RegleEnfreinte` for what Postgres holds."""
    with traduire(REFUS), transaction.atomic():
        verrous.attendre("rôles")
        yield
