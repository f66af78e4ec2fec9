"""The page on which the deposit at the deadline is asked for, and what it says at each step."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from candidatures.cloture.actions import cloture
from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Vague
from candidatures.pages.territoire.acces import DossierOuvert
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, nouveau, page, texte

pytestmark = pytest.mark.django_db
DEMANDE = {"confirmation": "on"}
RENONCIATION = {"renoncer": "True"}


@pytest.fixture
def candidature():
    return f.une_candidature()


@pytest.fixture
def porteur(candidature):
    return client_de(f.porteur_de(candidature))


def adresse(candidature: Candidature) -> str:
    return page("echeance", candidature.pk)


def demande(candidature: Candidature) -> bool:
    candidature.refresh_from_db()
    return candidature.depot_a_l_echeance_le is not None


def test_le_porteur_demande_puis_renonce(candidature, porteur):
    assert "Ce dépôt n’est pas demandé" in texte(porteur.get(adresse(candidature)))
    reponse = porteur.post(adresse(candidature), DEMANDE, follow=True)
    assert "Ce dépôt est demandé" in texte(reponse)
    assert demande(candidature)
    porteur.post(adresse(candidature), RENONCIATION)
    assert not demande(candidature)


def test_une_page_perimee_ne_fait_pas_le_contraire_de_ce_qu_elle_dit(candidature, porteur):
    porteur.post(adresse(candidature), DEMANDE)
    porteur.post(adresse(candidature), DEMANDE)
    assert demande(candidature)


def test_la_case_se_coche(candidature, porteur):
    assert "Cochez cette case" in texte(porteur.post(adresse(candidature), {}))
    assert not demande(candidature)


def test_les_autres_participants_lisent_l_etat_sans_en_decider(candidature):
    lecteur = nouveau(candidature, Qualite.LECTEUR)
    lu = texte(lecteur.get(adresse(candidature)))
    assert "Seul le responsable du dossier décide de ce dépôt" in lu
    assert "J’ai compris" not in lu
    assert lecteur.post(adresse(candidature), DEMANDE).status_code == 409
    assert not demande(candidature)


def test_pour_les_autres_la_page_n_existe_pas(candidature):
    etranger = client_de(f.un_utilisateur())
    assert etranger.get(adresse(candidature)).status_code == 404
    assert etranger.post(adresse(candidature), DEMANDE).status_code == 404
    assert not demande(candidature)


def test_elle_dit_quelle_est_la_derniere_version_complete(candidature, porteur):
    assert "Elle n’est pas déposée." in texte(porteur.get(adresse(candidature)))
    depot = f.un_depot(candidature)
    assert f"Elle est déjà déposée, sous le numéro {depot.numero}." in texte(porteur.get(adresse(candidature)))


def test_apres_la_cloture_elle_mene_a_l_accuse(candidature, porteur):
    porteur.post(adresse(candidature), DEMANDE)
    Vague.objects.filter(pk=candidature.vague_id).update(cloture=horloge_base(), grace=timedelta(0))
    assert "est en cours d’enregistrement" in texte(porteur.get(adresse(candidature)))
    cloture.clore(vague_id=candidature.vague_id, maintenant=horloge_base())
    assert page("depot", candidature.pk, 1) in texte(porteur.get(adresse(candidature)))
    assert "en cours de préparation" in texte(porteur.get(page("depot", candidature.pk, 1)))
    assert porteur.post(adresse(candidature), DEMANDE | f.d_une_autre_page()).status_code == 409


@pytest.mark.parametrize("complete", [True, False])
def test_l_encadre_du_dossier_mene_a_la_page(complete):
    candidature = f.une_candidature(complete=complete)
    ouvert = DossierOuvert(candidature, Qualite.PORTEUR, horloge_base(), f.porteur_de(candidature))
    encadre = render_to_string("candidatures/territoire/depot/_echeance_automatique.html", {"ouvert": ouvert})
    assert adresse(candidature) in encadre
    assert "peut déposer le dossier à l’échéance" in encadre
    client_de(f.porteur_de(candidature)).post(adresse(candidature), DEMANDE)
    candidature.refresh_from_db()
    encadre = render_to_string("candidatures/territoire/depot/_echeance_automatique.html", {"ouvert": ouvert})
    assert ("Le dossier n’est pas complet" in encadre) is not complete
