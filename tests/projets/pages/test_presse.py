"""The press office's pages: for the role alone, the rows behind each figure, what contradicts a frozen one."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from projets.chiffres import PREFIXE_ENSEMBLE
from projets.models import Communique, Enveloppe, FeuilleDeRoute, Industriel
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from territoires.etats import Role
from tests.fabriques import un_agent, un_utilisateur
from tests.projets import decor

pytestmark = pytest.mark.django_db

AU = decor.RESTITUTION
PROJET = "/presse/2023-08-28/"


@pytest.fixture
def presse(client: Client) -> Client:
    decor.une_annonce()
    client.force_login(un_agent(Role.PRESSE))
    return client


def relecture(presse: Client) -> dict[str, str]:
    """What the page sends once the draft that it shows has been read."""
    return {"relu": "on", "empreinte": presse.get(PROJET).context["communique"].sceau}


@pytest.mark.parametrize("suite", ["", "2023-08-28/", "2023-08-28/texte/", "communiques/1/", "communiques/1/pdf/"])
def test_sans_le_role_la_page_n_existe_pas(client: Client, suite: str) -> None:
    assert client.get(f"/presse/{suite}").status_code == 302
    client.force_login(un_agent(Role.VALIDEUR))
    assert client.get(f"/presse/{suite}").status_code == 404


def test_on_choisit_la_date(presse: Client) -> None:
    assert presse.get("/presse/").status_code == 200
    assert presse.get("/presse/", {"au": "2023-08-28"}).headers["Location"] == PROJET
    demain = jour_de_paris(horloge_base()) + timedelta(days=1)
    assert "dans l’avenir" in presse.get("/presse/", {"au": demain.isoformat()}).content.decode()
    assert presse.get(f"/presse/{demain:%Y-%m-%d}/").status_code == 404
    assert presse.get("/presse/2023-02-30/").status_code == 404


def test_la_page_montre_chiffres_definitions_et_lignes_sans_nommer_d_entreprise(presse: Client) -> None:
    assert presse.post(PROJET, relecture(presse)).status_code == 302
    industriel = Industriel.objects.earliest("pk").pk
    for adresse in (PROJET, reverse("presse:communique", args=[Communique.objects.get().pk])):
        lue = presse.get(adresse)
        page = lue.content.decode()
        assert "Projets recensés (dernière restitution)\u00a0: 6\u00a0projets" in page
        assert "Projets industriels entrés au portefeuille" in page
        assert "6\u00a0lignes comptées. " in page
        assert "Usine" not in page
        # The rows of each figure are one link away; those of all missions would only repeat them.
        for cle, chiffre in lue.context["chiffres"].items():
            lignes = tuple(chiffre.lignes)
            a_lire = lignes and not cle.startswith(PREFIXE_ENSEMBLE)
            assert (f'<a class="fr-link" href="{adresse}lignes/{cle}/">' in page) == bool(a_lire), cle
            if a_lire:
                ouverte = presse.get(f"{adresse}lignes/{cle}/").content.decode()
                assert [ligne for ligne in lignes if f">{escape(ligne.libelle)}" not in ouverte] == [], cle
                assert "Usine" not in ouverte
                assert chiffre.definition in ouverte
        rencontres = presse.get(f"{adresse}lignes/industriels_rencontres/").content.decode()
        assert f">Industriel n° {industriel} – " in rencontres


@pytest.mark.parametrize(
    ("format_", "debut"),
    [("texte", b"Communiqu"), ("csv", b"\xef\xbb\xbfCl"), ("xlsx", b"PK"), ("svg", b"<svg"), ("png", b"\x89PNG")],
)
def test_chaque_fichier_se_telecharge(presse: Client, format_: str, debut: bytes) -> None:
    reponse = presse.get(f"{PROJET}{format_}/")
    assert reponse.content.startswith(debut)
    assert reponse.headers["Content-Disposition"].startswith('attachment; filename="communique-2023-08-28-projet.')
    assert presse.get(f"{PROJET}zip/").status_code == 404


def test_le_tableau_des_chiffres_se_relit_des_sa_premiere_ligne(presse: Client) -> None:
    enveloppe = Enveloppe.objects.get()
    decor.un_projet(Industriel.objects.earliest("pk"), un_utilisateur(), enveloppe=enveloppe)
    contenu = presse.get(f"{PROJET}csv/").content.decode("utf-8-sig")
    lignes = {ligne["Clé"]: ligne for ligne in csv.DictReader(io.StringIO(contenu), delimiter=";")}
    assert len(lignes) == len(presse.get(PROJET).context["chiffres"])
    assert lignes["investissements"]["Valeur"] == "11840000"
    assert lignes["investissements"]["Réserve"] == ""
    partiel = lignes["creations_previsionnelles"]
    assert [partiel[nom] for nom in ("Valeur", "Lignes comptées", "Lignes renseignées", "Réserve")] == [
        "304",
        "3",
        "2",
        "renseigné pour 2\u00a0projets sur 3",
    ]


def test_figer_puis_rectifier(presse: Client) -> None:
    relu = relecture(presse)
    assert presse.post(PROJET, relu).status_code == 302
    fige = Communique.objects.get()
    assert "Rien n’a changé depuis la version 1" in presse.get(PROJET).content.decode()
    # A double click: nothing is frozen again, and nothing is refused.
    assert presse.post(PROJET, relu).status_code == 302
    assert Communique.objects.count() == 1
    decor.un_projet(Industriel.objects.earliest("pk"), un_utilisateur(), investissement=0, potentiels=0)
    page = presse.get(reverse("presse:communique", args=[fige.pk])).content.decode()
    assert "Les données ne disent plus la même chose" in page
    ecart = r"Projets recensés \(dernière restitution\)</th><td[^>]*>6\u00a0projets</td><td[^>]*>7\u00a0projets</td>"
    assert re.search(ecart, page)
    assert "Préparer un rectificatif" in page
    assert "6\u00a0projets industriels" in page
    for motif in ("", "x"):
        refusee = presse.post(PROJET, relecture(presse) | {"motif": motif})
        assert (refusee.status_code, Communique.objects.count()) == (200, 1)
    assert "dites en une phrase ce qui a changé" in refusee.content.decode()
    assert presse.post(PROJET, relecture(presse) | {"motif": "Un projet oublié."}).status_code == 302
    assert "Un rectificatif a suivi" in presse.get(reverse("presse:communique", args=[fige.pk])).content.decode()


def test_on_ne_fige_pas_sans_avoir_relu(presse: Client) -> None:
    assert "Relisez le texte et les chiffres" in presse.post(PROJET, {}).content.decode()
    assert not Communique.objects.exists()


def test_un_chiffre_change_pendant_la_relecture_se_relit(presse: Client) -> None:
    relu = relecture(presse)
    decor.un_projet(Industriel.objects.earliest("pk"), un_utilisateur())
    page = presse.post(PROJET, relu).content.decode()
    assert "ont changé depuis que vous les avez relus" in page
    assert " checked" not in page
    assert relecture(presse)["empreinte"] in page
    assert not Communique.objects.exists()


def test_tout_ce_qui_manque_se_lit_d_un_coup_avant_et_apres_le_clic(presse: Client) -> None:
    """Day not over, placeholder, loopback address, empty roadmap: the page says the four, and the act too."""
    aujourd_hui = jour_de_paris(horloge_base())
    adresse = f"/presse/{aujourd_hui:%Y-%m-%d}/"
    decor.une_releve(9, aujourd_hui + timedelta(days=30), ouverture=aujourd_hui - timedelta(days=30))
    FeuilleDeRoute.objects.all().delete()
    with override_settings(PRESSE_CONTACTS=[], PRESSE_ADRESSE="http://localhost:8000"):
        avant = presse.get(adresse)
        relu = {"relu": "on", "empreinte": avant.context["communique"].sceau}
        apres = presse.post(adresse, relu)
    raisons = ("n’est pas finie", "ne permet de joindre personne", "http://localhost:8000, imprimée", "est vide")
    for page in (avant.content.decode(), apres.content.decode()):
        assert [raison for raison in raisons if raison not in page] == []
    assert "J’ai relu le texte" not in avant.content.decode()
    assert not Communique.objects.exists()


@pytest.mark.parametrize("figes", [1, 3])
def test_la_liste_se_lit_en_un_nombre_constant_de_requetes(
    presse: Client, figes: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for version in range(figes):
        decor.un_communique(maintenant=horloge_base(), empreinte=f"{version}")
    # Session, account, clock, count, releases; the navigation reads the roles.
    with django_assert_num_queries(5):
        presse.get("/presse/")
