"""What the tests of the agents’ pages have in common."""

from django.test import Client

from rebond.socle.horloge.temps import horloge_base
from tests.candidatures.instruction.instruction import demander_avis


def connecter(personne):
    client = Client()
    client.force_login(personne)
    return client


def demander(dossier, expert, auteur, question="Quels projets ?"):
    return demander_avis(
        candidature=dossier, expert=expert, question=question, auteur=auteur, maintenant=horloge_base()
    )
