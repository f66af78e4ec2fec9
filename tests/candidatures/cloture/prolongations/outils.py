"""What the tests of extensions have in common."""

from datetime import timedelta
from uuid import uuid4

from django.db import connection

from candidatures.cloture.actions import cloture
from candidatures.depot.actions import depots
from candidatures.models import Candidature, Prolongation, Vague
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f

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
    with connection.cursor() as curseur:
        # A table with deferred checks still to be made cannot be altered.
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        curseur.execute("ALTER TABLE candidatures_prolongation DISABLE TRIGGER USER")
        curseur.execute("ALTER TABLE candidatures_candidature DISABLE TRIGGER USER")
        curseur.execute("ALTER TABLE candidatures_vague DISABLE TRIGGER USER")
    Prolongation.objects.filter(pk=prolongation.pk).update(jusqu_au=fin)
    Vague.objects.filter(pk=prolongation.vague_id, prolongee_au__isnull=False).update(
        cloture=fin - HEURE, prolongee_au=fin
    )
    Vague.objects.filter(pk=prolongation.vague_id, prolongee_au=None).update(cloture=fin - HEURE)
    Candidature.objects.filter(vague=prolongation.vague_id, prolongee_au__isnull=False).update(prolongee_au=fin)
    with connection.cursor() as curseur:
        curseur.execute("ALTER TABLE candidatures_prolongation ENABLE TRIGGER USER")
        curseur.execute("ALTER TABLE candidatures_candidature ENABLE TRIGGER USER")
        curseur.execute("ALTER TABLE candidatures_vague ENABLE TRIGGER USER")
        curseur.execute("SET CONSTRAINTS ALL DEFERRED")
