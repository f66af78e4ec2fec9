"""What the tests of the porteur's pages share: people, their browsers, addresses."""

import re
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Participation
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f

UNE_SECONDE = timedelta(seconds=1)


def client_de(personne: Utilisateur) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def page(nom: str, *arguments) -> str:
    return reverse(f"candidatures:{nom}", args=arguments)


def texte(reponse) -> str:
    return reponse.getvalue().decode()


def sans_jeton(reponse) -> str:
    """The page without what is drawn anew each time."""
    return re.sub(r'name="(csrfmiddlewaretoken|cle_d_envoi)" value="[\w-]+"', "", texte(reponse))


def nouveau(candidature: Candidature, qualite: Qualite) -> Client:
    personne = f.un_utilisateur()
    Participation.objects.create(candidature=candidature, utilisateur=personne, qualite=qualite)
    return client_de(personne)


def en_retard(candidature: Candidature) -> Candidature:
    """The same file, its wave past its deadline by one second."""
    vague = candidature.vague
    vague.cloture = horloge_base() - UNE_SECONDE
    vague.save(update_fields=["cloture"])
    return candidature
