"""What a page says of itself before it is read: its title, and what its form wants."""

import re

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import Client

from rebond.socle.texte.typographie import INSECABLE


def titre(**contexte: object) -> str:
    gabarit = Template("{% load tete %}{% titre %}{{ nom }}{% fintitre %}")
    return gabarit.render(Context({"nom": "Mes <dossiers>"} | contexte))


def test_un_titre_nomme_la_page_de_la_liste_et_reste_seul_quand_il_n_y_en_a_qu_une() -> None:
    assert titre(page=Paginator(range(30), 10).page(2)) == (
        "<title>Mes &lt;dossiers&gt; – page 2 sur 3 – Rebond industriel</title>"
    )
    assert titre(page=Paginator(range(3), 10).page(1)) == "<title>Mes &lt;dossiers&gt; – Rebond industriel</title>"


def test_une_page_pour_tous_redit_son_titre_a_qui_partage_son_adresse() -> None:
    assert '<meta property="og:title" content="Mes &lt;dossiers&gt; – Rebond industriel">' in titre(pour_tous=True)
    assert "og:title" not in titre()


@pytest.mark.django_db
def test_une_page_refusee_le_dit_des_son_titre(client: Client) -> None:
    assert "<title>Créer un compte – Rebond industriel</title>" in client.get("/compte/signup/").content.decode()
    refusee = client.post("/compte/signup/", {"prenom": "Camille", "nom": "", "email": "a"}).content.decode()
    assert re.findall("<title>(.*)</title>", refusee) == [f"Erreur{INSECABLE}: Créer un compte – Rebond industriel"]


@pytest.mark.django_db
def test_l_inscription_dit_que_tout_est_obligatoire(client: Client) -> None:
    assert client.get("/compte/signup/").content.decode().count("Tous les champs sont obligatoires.") == 1
    # A search asks for nothing.
    assert "obligatoires" not in client.get("/calendrier/").content.decode()
