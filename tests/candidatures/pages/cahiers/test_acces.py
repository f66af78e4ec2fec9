"""Who reads the editor of the specifications, its history, its preview; and the page that everyone reads."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidatures.cahier import MODELE, Question, Section
from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.models import CahierDesCharges
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.pages.cahiers.outils import CHANGEMENTS, PARTIES, cahier_de, changer, envoyer, lignes, page
from tests.candidatures.pages.pages import client_de, texte

pytestmark = pytest.mark.django_db
LECTURE = ["cahier", "cahier_versions", "cahier_apercu"]


@pytest.mark.parametrize("role", [None, Role.INSTRUCTEUR, Role.AUDITEUR, Role.VALIDEUR])
def test_les_autres_ne_voient_rien(vague, role):
    client = client_de(f.un_agent(role) if role else f.un_utilisateur())
    for nom, *arguments in [*([nom] for nom in LECTURE + CHANGEMENTS), *PARTIES, ("cahier_version", 1)]:
        assert client.get(page(nom, vague, *arguments)).status_code == 404, nom
    assert envoyer(client, vague, "cahier_deplacer", descendre="choc").status_code == 404
    assert envoyer(client, vague, "cahier_texte", texte="Lisez").status_code == 404
    assert cahier_de(vague) == MODELE


def test_un_visiteur_se_connecte_d_abord(vague):
    assert Client().get(page("cahier", vague)).status_code == 302


def test_chaque_page_se_lit(client, vague):
    for nom, *arguments in [*([nom] for nom in LECTURE + CHANGEMENTS), *PARTIES, ("cahier_version", 1)]:
        assert client.get(page(nom, vague, *arguments)).status_code == 200, nom
    for section in MODELE.sections:
        assert client.get(page("cahier_apercu_section", vague, section.cle)).status_code == 200
        for question in section.questions:
            assert client.get(page("cahier_question", vague, section.cle, question.cle)).status_code == 200


@pytest.mark.parametrize(
    ("nom", "arguments"),
    [
        ("cahier_section", ["ailleurs"]),
        ("cahier_question", ["choc", "ailleurs"]),
        ("cahier_question_ajouter", ["ailleurs"]),
        ("cahier_apercu_section", ["ailleurs"]),
        ("cahier_version", [9]),
    ],
)
def test_ce_qui_n_est_pas_dans_le_cahier_n_existe_pas(client, vague, nom, arguments):
    assert client.get(page(nom, vague, *arguments)).status_code == 404


def test_le_calendrier_mene_au_cahier_de_chaque_vague(client, vague):
    assert page("cahier", vague) in texte(client.get(reverse("administration:calendrier")))


def test_l_historique_dit_qui_a_change_quoi(client, vague, administrateur):
    envoyer(client, vague, "cahier_texte", texte="Un texte")
    reponse = client.get(page("cahier_versions", vague))
    assert [(ligne.version, ligne.auteur) for ligne in reponse.context["page"]] == [(2, administrateur), (1, None)]
    assert "Texte de l’appel modifié" in texte(reponse)
    assert "Un texte" not in texte(client.get(page("cahier_version", vague, 1)))
    assert "Un texte" in texte(client.get(page("cahier_version", vague, 2)))


def test_l_apercu_montre_le_formulaire_des_porteurs_et_n_enregistre_rien(client, vague):
    reponse = client.get(page("cahier_apercu_section", vague, "entreprises"))
    saisie = reponse.context["saisie"]
    assert [bloc.question.cle for bloc in saisie.blocs] == ["liste"]
    assert 'name="emplois_concernes"' in texte(reponse)
    donnees = lignes("liste", {"nom": "Filature"}) | {"liste-ajouter": "1", "emplois_concernes": "12"}
    reponse = client.post(page("cahier_apercu_section", vague, "entreprises"), donnees)
    assert len(reponse.context["saisie"].blocs[0].visibles) == 2
    assert "Filature" in texte(reponse)
    assert CahierDesCharges.objects.count() == 1


def un_long_cahier(nombre):
    questions = tuple(Question(f"q{rang}", f"Question {rang}") for rang in range(10 * nombre))
    sections = tuple(Section(f"s{rang}", f"Rubrique {rang}", questions=questions) for rang in range(nombre))
    return replace(MODELE, sections=(*MODELE.sections, *sections))


@pytest.mark.parametrize(
    ("nom", "arguments"),
    [
        ("cahier", []),
        ("cahier_versions", []),
        ("cahier_version", [1]),
        ("cahier_restaurer", [1]),
        ("cahier_apercu", []),
        ("cahier_pieces", []),
        ("cahier_conditions", []),
        ("cahier_grille", []),
        ("cahier_critere", ["choc"]),
    ],
)
def test_le_nombre_de_requetes_ne_depend_pas_de_ce_que_dit_le_cahier(client, vague, nom, arguments):
    mesures = []
    for nombre in (1, 3):
        changer(vague, un_long_cahier(nombre))
        with CaptureQueriesContext(connection) as captees:
            assert client.get(page(nom, vague, *arguments)).status_code == 200
        mesures.append(len(captees))
    assert mesures[0] == mesures[1] < 12


def test_chacun_lit_le_cahier_de_la_vague_ouverte():
    vague = f.une_vague()
    cahier_en_vigueur(vague=vague)
    lue = texte(Client().get("/cahier-des-charges/"))
    assert "Que s’est-il passé, et qu’est-ce qui est à craindre" in lue
    assert "Délibération ou mandat" in lue
    assert "Une de chaque collectivité du groupement." in lue


def test_le_cahier_d_une_vague_a_venir_reste_a_l_administration(vague):
    changer(vague, replace(MODELE, texte="Pas encore public"))
    lue = texte(Client().get("/cahier-des-charges/"))
    assert "Aucune période de dépôt n’est ouverte" in lue
    assert "La prochaine ouvre le" in lue
    assert "Pas encore public" not in lue


def test_sans_aucune_vague_la_page_le_dit():
    assert "Aucune période de dépôt n’est ouverte" in texte(Client().get("/cahier-des-charges/"))
