"""What is written of a frozen release that the data contradict, word for word."""

import pytest

from projets.communique.veille import veiller_sur
from projets.models import Communique
from rebond.socle.courriers.models import Courrier
from territoires.etats import Role
from tests.fabriques import un_agent
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue
from tests.projets.communique.test_veille_communiques import MAINTENANT, communique, un_axe_reecrit

__all__ = ["communique"]
pytestmark = pytest.mark.django_db

FIN = "Cet e-mail n’est envoyé qu’une fois pour ce changement."


def rectifier(communique: Communique) -> str:
    return (
        "Le communiqué reste tel qu’il a été arrêté. Si le changement est justifié, préparez un rectificatif : "
        f"{PORTAIL}/presse/communiques/{communique.pk}/"
    )


def test_ce_qui_differe(communique: Communique) -> None:
    un_agent(Role.PRESSE)
    un_axe_reecrit()
    veiller_sur(communique_id=communique.pk, maintenant=MAINTENANT)
    lue(
        "communique/ecarts",
        Courrier.objects.get(),
        "Communiqué au 28\u00a0août\u00a02023 : les données ont changé",
        BONJOUR,
        "Les données du portail ne disent plus la même chose que le communiqué au 28\u00a0août\u00a02023 "
        "(version 1).\n"
        "Constaté le 29\u00a0août\u00a02023 à 09\u00a0h\u00a000 (heure de Paris) : 1\u00a0élément diffère.",
        "Axe 1 de la feuille de route\n"
        "  Publié : L’emploi et les compétences (tout le territoire)\n"
        "  Aujourd’hui : Le numérique (tout le territoire)",
        rectifier(communique),
        FIN,
        SIGNATURE,
    )
