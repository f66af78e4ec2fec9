"""Taking room for bytes before they are kept, and giving it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.pieces import Televersement
from candidatures.dossier.models.reserves import Reserve
from candidatures.dossier.pieces.requetes import octets_annonces, octets_du_dossier, octets_envoyes_par
from candidatures.dossier.regles import empechement_d_alourdir, empechement_d_envoyer_encore
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.documents.espace import empechement_de_recevoir
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.utilisateur import Utilisateur

UN_JOUR = timedelta(days=1)
# Somebody else has just taken what this reserve was judged upon.
DEPASSEE = "Plusieurs fichiers sont arrivés en même temps, et la place manque pour celui-ci. Réessayez."
CONFLITS = {"reserve_dossier_dans_sa_limite": DEPASSEE, "reserve_compte_dans_sa_limite": DEPASSEE}


def prendre(
    *, candidature: Candidature, utilisateur: Utilisateur, octets: int, televersement: Televersement | None = None
) -> Reserve:
    """Take room for `octets`. Raises `RegleEnfreinte` when the file, the account's day or the disk has none left."""
    refus = (
        empechement_de_recevoir(octets, annonces=octets_annonces())
        or empechement_d_alourdir(octets_du_dossier(candidature), octets)
        or empechement_d_envoyer_encore(octets_envoyes_par(utilisateur), octets)
    )
    if refus:
        raise RegleEnfreinte(refus)
    with traduire(CONFLITS), transaction.atomic():
        return Reserve.objects.create(
            candidature=candidature, utilisateur=utilisateur, octets=octets, televersement=televersement
        )


@contextmanager
def place(*, candidature: Candidature, utilisateur: Utilisateur, octets: int) -> Iterator[None]:
    """Room for bytes that are kept within: given back when they are refused, taken for the day once they are kept."""
    if not octets:
        yield
        return
    reserve = prendre(candidature=candidature, utilisateur=utilisateur, octets=octets)
    try:
        yield
    except RegleEnfreinte:
        reserve.delete()
        raise
    consommer(reserve)


def consommer(reserve: Reserve) -> None:
    Reserve.objects.filter(pk=reserve.pk).update(consommee=True, televersement=None)


def rendre(televersement: Televersement) -> None:
    """Give back what an upload had reserved and not kept."""
    Reserve.objects.filter(televersement=televersement).delete()


def oublier_les_anciennes(*, maintenant: datetime) -> int:
    """Those that weigh on no day any more, but those of uploads on their way; what a crash left is among them."""
    anciennes = Reserve.objects.filter(televersement=None, prise_le__lt=maintenant - UN_JOUR)
    return anciennes.delete()[0]
