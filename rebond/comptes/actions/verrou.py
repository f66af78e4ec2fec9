"""One act on roles at a time: signatures and withdrawals that cross each other wait, and read what the first did."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from rebond.comptes.regles import (
    FIN_HORS_BORNES,
    INCOMPATIBLES,
    JAMAIS_A_SOI_MEME,
    SEUL_UN_ADMINISTRATEUR,
    UN_AUTRE_SIGNE,
)
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
    ),
    "habilitation_signee_par_un_autre": UN_AUTRE_SIGNE,
    "habilitation_jamais_a_soi_meme": JAMAIS_A_SOI_MEME,
    "habilitation_qui_finit": FIN_HORS_BORNES,
    "habilitation_roles_incompatibles": INCOMPATIBLES,
    "habilitation_roles_incompatibles_tenus": INCOMPATIBLES,
    "habilitation_par_un_administrateur": SEUL_UN_ADMINISTRATEUR,
    "habilitation_adresse_prouvee": "La personne n’a pas encore confirmé cette adresse e-mail.",
}


@contextmanager
def un_acte_a_la_fois() -> Iterator[None]:
    """One transaction, while no other act on roles is under way. Raises `RegleEnfreinte` for what Postgres holds."""
    with traduire(REFUS), transaction.atomic():
        verrous.attendre("rôles")
        yield
