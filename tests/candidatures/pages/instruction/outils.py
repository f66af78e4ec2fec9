"""What the tests of the agents’ pages have in common."""

from django.test import Client

from candidatures.instruction import actions as instruction
from rebond.socle.horloge.temps import horloge_base


def connecter(personne):
    client = Client()
    client.force_login(personne)
    return client


def demander(dossier, expert, auteur, question="Quels projets ?"):
    return instruction.demander_avis(
        candidature=dossier, expert=expert, question=question, auteur=auteur, maintenant=horloge_base()
    )
