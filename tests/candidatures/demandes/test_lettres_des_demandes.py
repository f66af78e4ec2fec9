"""What is written of an authority that nobody finds, word for word."""

import pytest
from django.urls import reverse

from candidatures.demandes.actions import demander, repondre
from candidatures.demandes.models import DemandeDEpci
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db
NOM = "CC des Deux Caps"


def une_demande() -> DemandeDEpci:
    return demander(
        maintenant=horloge_base(),
        collectivite=NOM,
        situation="nouvelle",
        commune="Audinghen",
        siren="",
        nom="A. Mairesse",
        email="mairie@audinghen.example",
        telephone="",
        message="",
    )


def courrier(demande: DemandeDEpci, suite: str = "") -> Courrier:
    return Courrier.objects.get(cle=f"demande-epci-{demande.pk}{suite}")


def recue_le(demande: DemandeDEpci) -> str:
    return instant_fr(demande.recue_le, secondes=True)


@pytest.mark.parametrize("ouverte", [True, False])
def test_qui_demande_en_a_la_preuve(ouverte):
    vague = f.une_vague() if ouverte else None
    demande = une_demande()
    suite = (
        f" La période de dépôt se termine le {instant_fr(vague.cloture)} (heure de Paris). Si notre réponse vient "
        "trop tard pour déposer, dites-le-nous : un délai pourra être proposé pour votre dossier. Il n’est pas "
        "automatique."
        if vague
        else ""
    )
    lue(
        "demandes/recue",
        courrier(demande),
        "Votre demande est enregistrée",
        BONJOUR,
        f"Vous n’avez pas trouvé « {NOM} » sur le portail. Votre demande est arrivée le {recue_le(demande)} (heure de "
        "Paris) : gardez ce message, il en est la preuve.",
        f"Une personne va vous répondre à cette adresse.{suite}",
        "Si vous n’avez rien demandé, ne tenez pas compte de ce message.",
        "Vos coordonnées ne servent qu’à vous répondre. Vous pouvez nous demander de les effacer : "
        f"{PORTAIL}/donnees-personnelles/",
        SIGNATURE,
    )


def test_une_personne_est_prevenue():
    vague, agent = f.une_vague(), f.un_agent(Role.ADMINISTRATEUR)
    demande = une_demande()
    lettre = courrier(demande, "-agent-0")
    assert lettre.destinataire == agent.email
    lue(
        "demandes/a_traiter",
        lettre,
        "Une intercommunalité introuvable est signalée",
        BONJOUR,
        f"Une personne n’a pas trouvé « {NOM} » sur le portail, et l’a signalé le {recue_le(demande)} (heure de "
        f"Paris). La période de dépôt se termine le {instant_fr(vague.cloture)}.",
        f"Lire la demande et y répondre : {PORTAIL}{reverse('administration:demande', args=[demande.pk])}",
        SIGNATURE,
    )


@pytest.mark.parametrize("trouvee", [True, False])
def test_la_reponse_mene_au_dossier(trouvee):
    demande, epci = une_demande(), f.un_epci() if trouvee else None
    repondre(
        demande=demande,
        reponse="Votre intercommunalité existe sous un autre nom.",
        epci=epci,
        a_saisir=None,
        acteur=f.un_agent(Role.ADMINISTRATEUR),
        maintenant=horloge_base(),
    )
    mene = (
        [f"Vous pouvez commencer le dossier de « {epci.nom} » : {PORTAIL}/commencer/?epci={epci.siren}"]
        if epci
        else []
    )
    lue(
        "demandes/reponse",
        courrier(demande, "-reponse"),
        "Réponse à votre demande : une intercommunalité introuvable",
        BONJOUR,
        f"Vous avez signalé le {recue_le(demande)} (heure de Paris) que vous ne trouviez pas « {NOM} » sur le "
        "portail.",
        "Notre réponse :",
        "Votre intercommunalité existe sous un autre nom.",
        *mene,
        SIGNATURE,
    )
