"""What the tests of extensions have in common."""

from datetime import timedelta
from uuid import uuid4

from candidatures.cloture.actions import cloture
from candidatures.depot.actions import depots
from candidatures.models import Candidature, Prolongation, Vague
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.outils.roles import sans_declencheurs

MOTIF = "Le portail était injoignable de 10 h 12 à 11 h 40."
HEURE = timedelta(hours=1)


def deposer(candidature):
    return depots.deposer(
        candidature=Candidature.objects.select_related("vague").get(pk=candidature.pk),
        auteur=f.porteur_de(candidature),
        recu_le=horloge_base(),
        cle=uuid4(),
    )


def clore(vague):
    return cloture.clore(vague_id=vague.pk, maintenant=horloge_base())


def finir(prolongation):
    """Its end comes: an hour ago, grace included. Only the database's owner may do that."""
    fin = horloge_base() - HEURE
    with sans_declencheurs():
        Prolongation.objects.filter(pk=prolongation.pk).update(jusqu_au=fin)
        Vague.objects.filter(pk=prolongation.vague_id, prolongee_au__isnull=False).update(
            cloture=fin - HEURE, prolongee_au=fin
        )
        Vague.objects.filter(pk=prolongation.vague_id, prolongee_au=None).update(cloture=fin - HEURE)
        Candidature.objects.filter(vague=prolongation.vague_id, prolongee_au__isnull=False).update(prolongee_au=fin)
