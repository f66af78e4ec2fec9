"""What is written of the opening and of the closing of a wave, word for word."""

from datetime import timedelta

import pytest

from candidatures.calendrier.actions import annonces
from candidatures.cloture.actions import cloture
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role
from tests import fabriques as f
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db


def test_l_ouverture_d_une_vague():
    maintenant = horloge_base()
    agent, porteur = f.un_agent(Role.INSTRUCTEUR), f.un_utilisateur()
    passee = f.une_vague(cloture=maintenant - timedelta(days=30))
    dossiers = [
        f.une_candidature(vague=passee, porteur=porteur, complete=False, territoire=f.un_territoire(nom))
        for nom in ("Cambrai", "L’Écluse <b>")
    ]
    cloture.clore(vague_id=passee.pk, maintenant=maintenant)
    Courrier.objects.all().delete()
    vague = f.une_vague(ouverture=maintenant - timedelta(minutes=1), cloture=maintenant + timedelta(days=90))
    annonces.annoncer(vague_id=vague.pk, maintenant=maintenant)
    fin = instant_fr(vague.cloture, secondes=True)
    lue(
        "calendrier/ouverture_agents",
        Courrier.objects.get(destinataire=agent.email),
        f"La vague {vague.numero} est ouverte",
        BONJOUR,
        f"La vague {vague.numero} de l’appel « Rebond industriel » est ouverte depuis le "
        f"{instant_fr(vague.ouverture)}. Les territoires peuvent y déposer leurs dossiers jusqu’au {fin} "
        "(heure de Paris).",
        f"Voir le calendrier : {PORTAIL}/calendrier/",
        SIGNATURE,
    )
    lue(
        "calendrier/ouverture_territoires",
        Courrier.objects.get(destinataire=porteur.email),
        f"La période de dépôt n° {vague.numero} est ouverte : vous pouvez y reprendre un dossier",
        BONJOUR,
        f"La période de dépôt n° {vague.numero} de l’appel « Rebond industriel » est ouverte. Les dossiers s’y "
        "déposent jusqu’au "
        f"{fin} (heure de Paris).",
        "Vous avez participé à un dossier qui n’a pas eu de suite dans une période de dépôt précédente :",
        f"- {dossiers[1].reference}, territoire « L’Écluse <b> »\n- {dossiers[0].reference}, territoire « Cambrai »",
        "Rien n’est à réécrire : depuis la page de ce dossier, son responsable peut en faire une copie dans la "
        "nouvelle période de dépôt. La copie est un brouillon, à relire et à déposer avant la clôture.",
        f"Retrouver vos dossiers : {PORTAIL}/candidatures/",
        SIGNATURE,
    )


def test_la_cloture_d_une_vague():
    maintenant = horloge_base()
    agent = f.un_agent(Role.ADMINISTRATEUR)
    vague = f.une_vague(cloture=maintenant - timedelta(seconds=1))
    annonces.annoncer(vague_id=vague.pk, maintenant=maintenant)
    lue(
        "calendrier/cloture_agents",
        Courrier.objects.get(destinataire=agent.email),
        f"La vague {vague.numero} est close",
        BONJOUR,
        f"La vague {vague.numero} de l’appel « Rebond industriel » s’est close le "
        f"{instant_fr(vague.cloture, secondes=True)} (heure de Paris) : elle n’accepte plus de dossier. Le portail "
        "achève d’enregistrer les demandes parvenues avant cet instant, puis établit le procès-verbal de clôture : "
        "les dossiers déposés passent alors en instruction.",
        f"Voir les vagues : {PORTAIL}/instruction/",
        SIGNATURE,
    )
