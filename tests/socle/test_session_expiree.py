"""Signed out in the meantime: nothing happens in silence, nothing typed is lost, every address leads somewhere."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from candidatures.models import Depot
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db

ENVOI = re.compile(r'<textarea hidden name="(.+?)">\n(.*?)</textarea>', re.DOTALL)


@pytest.fixture
def candidature():
    return f.une_candidature()


def connexion(client, reponse):
    """What the visitor reads where they are led to."""
    assert reponse.status_code == 302
    assert reponse.url.startswith(reverse("account_login"))
    return client.get(reponse.url).content.decode()


def test_deposer_deconnecte_dit_que_rien_n_est_depose_et_se_reprend_d_un_clic(candidature):
    porteur, client = f.porteur_de(candidature), Client()
    adresse = reverse("candidatures:deposer", args=[candidature.pk])
    client.force_login(porteur)
    formulaire = client.get(adresse).context["formulaire"]
    client.logout()

    donnees = {nom: formulaire[nom].value() for nom in formulaire.fields}
    assert "Votre dossier n’est pas déposé." in connexion(client, client.post(adresse, donnees))
    assert not Depot.objects.exists()

    client.force_login(porteur)
    attente = client.get(adresse).content.decode()
    assert "Votre dossier n’est pas déposé." in attente
    gardes = dict(ENVOI.findall(attente))
    assert gardes == {nom: str(valeur) for nom, valeur in donnees.items()}
    assert client.post(adresse, gardes).url == reverse("candidatures:depot", args=[candidature.pk, 1])
    assert "Vous êtes de nouveau connecté" not in client.get(adresse).content.decode()


def test_tout_autre_envoi_est_garde_et_l_on_peut_y_renoncer(candidature):
    porteur, client = f.porteur_de(candidature), Client()
    adresse = reverse("candidatures:retirer", args=[candidature.pk])
    assert "n’est pas enregistré" in connexion(client, client.post(adresse, {"motif": "Erreur <1>"}))
    client.force_login(porteur)
    assert '<textarea hidden name="motif">\nErreur &lt;1&gt;</textarea>' in client.get(adresse).content.decode()
    assert "Vous êtes de nouveau connecté" not in client.get(f"{adresse}?oublier").content.decode()
    assert "Vous êtes de nouveau connecté" not in client.get(adresse).content.decode()


def test_un_acte_qui_ne_s_ouvre_pas_est_propose_a_la_page_ou_il_mene():
    dossier = f.une_candidature()
    piece = dossier.pieces.earliest("pk")
    page = reverse("candidatures:pieces", args=[dossier.pk])
    adresse = reverse("candidatures:enlever_piece", args=[dossier.pk, piece.pk])
    client = Client()
    assert "vous sera proposé" in connexion(client, client.post(adresse, {"confirmer": "Oui"}))

    client.force_login(f.porteur_de(dossier))
    assert "Vous êtes de nouveau connecté" not in client.get(page).content.decode()
    assert client.get(adresse).url == page
    attente = client.get(page).content.decode()
    assert f'<form method="post" action="{adresse}">' in attente
    assert dict(ENVOI.findall(attente)) == {"confirmer": "Oui"}
    assert client.post(adresse, {"confirmer": "Oui"}).status_code == 302
    assert not dossier.pieces.filter(pk=piece.pk).exists()
    assert "Vous êtes de nouveau connecté" not in client.get(page).content.decode()

    client.logout()
    client.post(adresse, {"confirmer": "Oui"})
    client.force_login(f.porteur_de(dossier))
    client.get(adresse)
    assert "Vous êtes de nouveau connecté" not in client.get(f"{page}?oublier").content.decode()
    assert "Vous êtes de nouveau connecté" not in client.get(page).content.decode()


def test_quelqu_un_d_autre_sur_la_meme_machine_n_en_voit_rien(candidature):
    client = Client()
    adresse = reverse("candidatures:retirer", args=[candidature.pk])
    client.post(adresse, {"motif": "Confidentiel"})
    client.force_login(f.un_utilisateur())
    reponse = client.get(adresse)
    assert reponse.status_code == 404
    assert "Confidentiel" not in reponse.content.decode()


def test_le_retour_se_fait_dans_un_nouvel_onglet(candidature):
    reponse = Client().post(reverse("candidatures:automatique", args=[candidature.pk, "projets"]))
    assert reponse.status_code == 401
    assert reponse.json()["connexion"] == f"{reverse('account_login')}?next=%2Fconnecte%2F"
    client = Client()
    assert client.get(reverse("connecte")).status_code == 302
    client.force_login(f.un_utilisateur())
    assert "revenez à celui où vous écriviez" in client.get(reverse("connecte")).content.decode()


ARGUMENTS = {"int": "1", "slug": "projets", "uuid": "00000000-0000-4000-8000-000000000000", "jour": "2026-01-01"}


def adresses(resolveur=None, prefixe="/"):
    """Every address of the portal, its arguments filled in."""
    for motif in (resolveur or get_resolver()).url_patterns:
        chemin = prefixe + str(motif.pattern)
        if isinstance(motif, URLResolver):
            yield from adresses(motif, chemin)
        elif isinstance(motif, URLPattern) and not chemin.startswith("/compte/"):
            yield re.sub(r"<(\w+):\w+>", lambda motif: ARGUMENTS[motif[1]], chemin)


def test_ouvrir_un_acte_mene_a_sa_page():
    client = Client()
    client.force_login(f.un_agent(Role.ADMINISTRATEUR))
    actes = {
        chemin
        for chemin in adresses()
        if client.get(chemin, headers={"accept": "application/json"}).status_code == 405
    }
    assert len(actes) > 10
    for chemin in actes:
        reponse = client.get(chemin)
        assert reponse.status_code == 302, chemin
        assert chemin.startswith(reponse.url)
        assert chemin != reponse.url


def test_envoyer_a_une_page_qui_se_lit_l_explique_en_francais():
    reponse = Client().post("/calendrier/")
    assert reponse.status_code == 405
    assert reponse["Allow"] == "GET, HEAD"
    assert "Cette adresse ne s’ouvre pas ainsi" in reponse.content.decode()
