"""Signed out in the meantime: nothing happens in silence, nothing typed is lost, every address leads somewhere."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from candidatures.dossier.etats import Qualite
from candidatures.models import Depot, Participation
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


def test_quelqu_un_d_autre_sur_la_meme_machine_n_en_voit_rien(candidature):
    client = Client()
    adresse = reverse("candidatures:retirer", args=[candidature.pk])
    client.post(adresse, {"motif": "Confidentiel"})
    client.force_login(f.un_utilisateur())
    reponse = client.get(adresse)
    assert reponse.status_code == 404
    assert "Confidentiel" not in reponse.content.decode()


def formulaire_de(client, adresse):
    """What the page at `adresse` carries by itself, as its reader's browser sends it."""
    html = client.get(adresse).content.decode()
    return {nom: re.search(rf'name="{nom}" value="(.+?)"', html)[1] for nom in ("csrfmiddlewaretoken", "cle_d_envoi")}


def test_un_collegue_qui_se_connecte_ensuite_n_en_recoit_rien(candidature):
    """Both take part in the file, on one machine: neither reads nor sends in their name what the other typed."""
    porteur, autre = f.porteur_de(candidature), f.un_utilisateur()
    Participation.objects.create(candidature=candidature, utilisateur=autre, qualite=Qualite.CO_PORTEUR)
    adresse, client = reverse("candidatures:section", args=[candidature.pk, "choc"]), Client()
    client.force_login(porteur)
    envoi = formulaire_de(client, adresse) | {"description": "Entre nous"}
    client.logout()
    client.post(adresse, envoi)
    client.force_login(autre)
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    assert "Entre nous" not in reponse.content.decode()


def test_ce_qu_un_script_envoie_de_lui_meme_ne_prend_la_place_de_rien(candidature):
    client = Client()
    adresse = reverse("candidatures:retirer", args=[candidature.pk])
    client.post(adresse, {"motif": "Le maire y renonce"})
    client.post(
        reverse("candidatures:marquer_lus", args=[candidature.pk]), {"jusqu_a": "1"}, HTTP_SEC_FETCH_MODE="cors"
    )
    assert client.session["saisie_en_attente"]["chemin"] == adresse


def test_aucun_mot_de_passe_n_est_garde():
    client = Client()
    adresse = reverse("account_change_password")
    envoi = {"oldpassword": "Ancien", "password1": "Nouveau", "password2": "Nouveau"}
    assert "Connectez-vous, puis recommencez" in connexion(client, client.post(adresse, envoi))
    assert "saisie_en_attente" not in client.session


def test_se_connecter_pour_revenir_a_la_connexion_ne_garde_pas_le_mot_de_passe():
    personne, client = f.un_utilisateur(), Client()
    personne.set_password("Un mot de passe d'essai")
    personne.save()
    adresse = reverse("account_login")
    envoi = {"login": personne.email, "password": "Un mot de passe d'essai", "next": f"{adresse}?x"}
    assert client.post(adresse, envoi).url == f"{adresse}?x"
    assert "saisie_en_attente" not in client.session
    assert "n’étiez plus connecté" not in client.get("/").content.decode()


def test_un_acte_qui_n_a_pas_de_page_est_propose_a_son_auteur(candidature):
    porteur, client = f.porteur_de(candidature), Client()
    adresse = reverse("candidatures:membre_chef_de_file", args=[candidature.pk, 1])
    client.force_login(porteur)
    envoi = formulaire_de(client, reverse("candidatures:retirer", args=[candidature.pk]))
    client.logout()
    assert "vous sera proposé" in connexion(client, client.post(adresse, envoi))
    client.force_login(porteur)
    assert "Vous êtes de nouveau connecté" in client.get(adresse).content.decode()
    assert client.get(f"{adresse}?oublier").url == reverse("candidatures:groupement", args=[candidature.pk])
    assert client.get(adresse).status_code == 302


def test_la_page_ouverte_avant_de_se_connecter_ailleurs_se_renvoie_d_un_clic(candidature):
    """The token of that page is worth nothing any more, and in the last minute nobody has the time to read again."""
    porteur, client = f.porteur_de(candidature), Client(enforce_csrf_checks=True)
    adresse = reverse("candidatures:deposer", args=[candidature.pk])
    client.force_login(porteur)
    page = client.get(adresse)
    champs = page.context["formulaire"]
    envoi = formulaire_de(client, adresse) | {nom: str(champs[nom].value()) for nom in champs.fields}
    client.logout()
    client.get(reverse("account_login"))
    client.force_login(porteur)
    client.cookies["csrftoken"] = "a" * 32

    refus = client.post(adresse, envoi)
    assert refus.status_code == 403
    attente = refus.content.decode()
    assert "Votre dossier n’est pas déposé." in attente
    jeton = re.search(r'action=".+?/deposer/">.*?name="csrfmiddlewaretoken" value="(.+?)"', attente, re.DOTALL)[1]
    garde = dict(ENVOI.findall(attente)) | {"csrfmiddlewaretoken": jeton}
    assert client.post(adresse, garde).url == reverse("candidatures:depot", args=[candidature.pk, 1])


def test_le_formulaire_ecrit_ailleurs_n_est_pas_propose(candidature):
    """Nobody writes in another's name what they would then send with a click."""
    porteur, client = f.porteur_de(candidature), Client(enforce_csrf_checks=True)
    adresse = reverse("candidatures:retirer", args=[candidature.pk])
    client.force_login(f.un_utilisateur())
    d_un_autre = formulaire_de(client, reverse("account_email"))["cle_d_envoi"]
    client.force_login(porteur)
    for cle in ("", "00000000-0000-4000-8000-000000000000", d_un_autre):
        refus = client.post(adresse, {"motif": "Piège", "cle_d_envoi": cle})
        assert refus.status_code == 403
        assert "Piège" not in refus.content.decode()


def test_le_retour_se_fait_dans_un_nouvel_onglet(candidature):
    reponse = Client().post(reverse("candidatures:automatique", args=[candidature.pk, "projets"]))
    assert reponse.status_code == 401
    assert reponse.json()["connexion"] == f"{reverse('account_login')}?next=%2Fconnecte%2F"
    client = Client()
    assert client.get(reverse("connecte")).status_code == 302
    client.force_login(f.un_utilisateur())
    assert "revenez à celui où vous écriviez" in client.get(reverse("connecte")).content.decode()


ARGUMENTS = {
    "int": "1",
    "slug": "projets",
    "str": "projets",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "jour": "2026-01-01",
}


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
