"""The form of a first proposal in the page of its file: there when nothing more is awaited, and what it sends."""

import pytest
from django.urls import reverse

from candidatures.evaluation.actions import evaluateurs
from candidatures.instruction.etats import SensAvis
from candidatures.models import Proposition
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, rendre_avis, une_vague_close
from tests.candidatures.pages.instruction.lecture.outils import adresse, constater
from tests.candidatures.pages.instruction.outils import connecter, demander
from tests.outils.pages import Page

pytestmark = pytest.mark.django_db
BOUTON = "Proposer une décision"
MOTIF = "Le territoire est prêt."


@pytest.fixture
def moi() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


@pytest.fixture
def dossiers(moi):
    siens = une_vague_close(None, None, noms=["Alès", "Blois"])[1]
    for dossier in siens:
        constater(dossier, moi)
    return siens


def lire(client, dossier, **recherche):
    return client.get(adresse(dossier), recherche)


def envoi(page):
    """Where the form of the page is sent, and what it sends before anything is typed."""
    vers = reverse("instruction:proposer", args=[page.context["dossier"].pk])
    lus = Page(page.wsgi_request.get_full_path(), page.content.decode()).formulaires
    formulaire = next(un for un in lus if un.adresse.startswith(vers))
    return formulaire.adresse, {
        nom: valeurs[0] for nom, (genre, valeurs) in formulaire.champs.items() if genre == "hidden"
    }


def test_on_propose_dans_la_page_du_dossier_et_l_on_passe_au_suivant(dossiers, moi):
    client = connecter(moi)
    page = lire(client, dossiers[0], liste="")
    assert BOUTON in page.content.decode()
    vers, caches = envoi(page)
    saisie = {**caches, "sens": "labelliser", "motif": MOTIF, "suivant": "oui"}
    reponse = client.post(vers, saisie, follow=True)
    assert reponse.redirect_chain == [(f"{adresse(dossiers[1])}?liste=", 302)]
    dit = f"Dossier {dossiers[0].reference}\xa0: la proposition est enregistrée"
    assert dit in reponse.content.decode()
    assert Proposition.objects.get().motif == MOTIF


def test_ce_qui_est_refuse_revient_sur_la_page_de_l_acte_avec_ce_qui_est_ecrit(dossiers, moi):
    client = connecter(moi)
    vers, caches = envoi(lire(client, dossiers[0], liste=""))
    reponse = client.post(vers, {**caches, "motif": MOTIF, "suivant": "oui"})
    assert reponse.status_code == 200
    assert MOTIF in reponse.content.decode()
    assert "Enregistrer et passer au dossier suivant" in reponse.content.decode()
    assert not Proposition.objects.exists()


def test_ce_qu_un_collegue_a_fait_depuis_l_arrete(dossiers, moi):
    vers, caches = envoi(lire(connecter(moi), dossiers[0], liste=""))
    demander(dossiers[0], f.un_agent(Role.EXPERT), f.un_agent(Role.INSTRUCTEUR))
    reponse = connecter(moi).post(vers, {**caches, "sens": "labelliser", "motif": MOTIF})
    assert reponse.status_code == 409
    assert "Avis demandé" in reponse.content.decode()


def test_tant_qu_un_avis_est_attendu_la_proposition_a_sa_page_qui_en_avertit(dossiers, moi):
    client, expert = connecter(moi), f.un_agent(Role.EXPERT)
    demander(dossiers[0], expert, moi)
    page = lire(client, dossiers[0])
    assert page.context["propose_ici"] is None
    assert f"{BOUTON}</a>" in page.content.decode()
    rendre_avis(
        candidature=dossiers[0], expert=expert, sens=SensAvis.FAVORABLE, texte="Oui.", maintenant=horloge_base()
    )
    assert lire(client, dossiers[0]).context["propose_ici"] is not None


def test_une_proposition_faite_se_revoit_sur_sa_page(moi):
    _, (dossier,) = une_vague_close(None)
    instruire(dossier, instructeur=moi)
    page = lire(connecter(moi), dossier)
    assert page.context["propose_ici"] is None
    assert "Revoir la proposition" in page.content.decode()


@pytest.mark.parametrize("role", [Role.VALIDEUR, Role.COMITE])
def test_qui_n_instruit_pas_ne_la_voit_pas(role, dossiers):
    page = lire(connecter(f.un_agent(role)), dossiers[0])
    assert page.context["propose_ici"] is None
    assert BOUTON not in page.content.decode()


def test_qui_evalue_le_dossier_ne_la_voit_pas(dossiers, moi):
    evaluateurs.confier(
        candidature=dossiers[0], personnes=[moi], auteur=f.un_agent(Role.INSTRUCTEUR), maintenant=horloge_base()
    )
    page = lire(connecter(moi), dossiers[0])
    assert page.context["propose_ici"] is None
    assert BOUTON not in page.content.decode()


def test_avant_la_recevabilite_elle_n_est_pas_la(moi):
    _, (dossier,) = une_vague_close(None)
    assert BOUTON not in lire(connecter(moi), dossier).content.decode()
