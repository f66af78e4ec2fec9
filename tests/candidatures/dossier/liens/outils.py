"""What the tests of the secret links share: a grouping, a link of each kind, its secret."""

from typing import Any

from django.urls import reverse

from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.groupement.actions import ajouter_membre
from candidatures.dossier.jetons import tirer
from candidatures.dossier.liens import actions
from candidatures.dossier.models.liens import Lien
from candidatures.models import Candidature, Membre
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.scelle import ouvrir
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f

ADRESSE = "mairie@autre.example.fr"


def un_groupement(**arguments: Any) -> tuple[Candidature, Membre]:
    """A file of two authorities, which lacks the second one's deliberation; and that second one."""
    candidature = f.une_candidature(**arguments)
    epci, auteur = f.un_epci(), f.porteur_de(candidature)
    ajouter_membre(candidature=candidature, collectivite=epci, auteur=auteur, maintenant=horloge_base())
    candidature.refresh_from_db()
    return candidature, candidature.membres.get(epci=epci)


def un_lien(genre: GenreDeLien, candidature: Candidature, membre: Membre) -> tuple[Lien, str]:
    """A link of that kind and its secret, by the acts that make one."""
    le = {"candidature": candidature, "auteur": f.porteur_de(candidature), "maintenant": horloge_base()}
    if genre == GenreDeLien.LECTURE:
        return actions.creer_lien_de_lecture(pour="Mme la maire", jours=30, **le)
    lien = actions.envoyer_lien_a_un_membre(membre=membre, genre=genre, email=ADRESSE, **le)
    return lien, secret_de(lien)


def secret_de(lien: Lien) -> str:
    """As its letter says it."""
    texte = ouvrir(Courrier.objects.get(cle=f"lien-{lien.pk}").scelle)
    return texte.partition("/liens/")[2].partition("/")[0]


def adresse(jeton: str, nom: str = "lien", *arguments: object) -> str:
    return reverse(f"liens:{nom}", args=[jeton, *arguments])


def jamais_donne() -> str:
    return tirer()[0]
