"""The texts of the portal: shipped, rewritten by an administrateur, read by everyone, kept for ever."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from rebond.portail.models import VersionDeTexte
from rebond.portail.textes.actions import DEPASSE, publier
from rebond.portail.textes.pages import PageDeTexte, texte_par_defaut
from rebond.portail.textes.rendu import en_html
from rebond.portail.textes.requetes import texte_courant
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests.fabriques import un_agent, un_utilisateur

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrateur() -> Utilisateur:
    return un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def client_admin(administrateur: Utilisateur) -> Client:
    client = Client()
    client.force_login(administrateur)
    return client


def ecrire(auteur: Utilisateur, texte: str, version: int = 0, page: PageDeTexte = PageDeTexte.MENTIONS) -> None:
    publier(page=page, version=version, texte=texte, commentaire="", auteur=auteur, maintenant=horloge_base())


@pytest.mark.parametrize("page", PageDeTexte)
def test_chaque_page_se_lit_sans_rien_ecrire_et_ses_liens_menent_quelque_part(page: PageDeTexte) -> None:
    lue = Client().get(reverse(page.nom)).content.decode()
    assert f"<h1>{page.label}</h1>" in lue
    assert "Modifier cette page" not in lue
    for adresse in re.findall(r"\]\((/[^)]*)\)", texte_par_defaut(page)):
        resolve(adresse)


def test_ce_qu_un_administrateur_publie_se_lit_aussitot(client_admin: Client, administrateur: Utilisateur) -> None:
    adresse = reverse("modifier_texte", args=[PageDeTexte.MENTIONS.value])
    saisie = {"texte": "## Hébergeur\n\nUn **vrai** hébergeur", "version": 0, "commentaire": "Hébergeur"}
    reponse = client_admin.post(adresse, saisie)
    assert (reponse.status_code, reponse.headers["Location"]) == (302, reverse("mentions_legales"))
    lue = Client().get(reverse("mentions_legales")).content.decode()
    assert "<h2>Hébergeur</h2>\n<p>Un <strong>vrai</strong> hébergeur</p>" in lue
    assert "Page mise à jour le" in lue
    entree = EntreeJournal.objects.get(acte="texte publié")
    assert (entree.acteur_id_copie, entree.objet) == (administrateur.pk, "Mentions légales, version 1")


def test_l_apercu_montre_et_ne_publie_rien(client_admin: Client) -> None:
    adresse = reverse("modifier_texte", args=[PageDeTexte.CONTACT.value])
    lue = client_admin.post(adresse, {"texte": "Pas *encore*", "version": 0, "apercu": "1"}).content.decode()
    assert "<p>Pas <em>encore</em></p>" in lue
    assert ">Pas *encore*</textarea>" in lue.replace("\n", "")
    assert not VersionDeTexte.objects.exists()


def test_le_second_garde_sa_saisie_et_rien_n_est_ecrase(client_admin: Client, administrateur: Utilisateur) -> None:
    ecrire(administrateur, "Du premier")
    adresse = reverse("modifier_texte", args=[PageDeTexte.MENTIONS.value])
    reponse = client_admin.post(adresse, {"texte": "Du second", "version": 0})
    assert reponse.status_code == 409
    assert reponse.context["formulaire"].non_field_errors() == [DEPASSE]
    assert "Du second</textarea>" in reponse.content.decode()
    assert texte_courant(PageDeTexte.MENTIONS).texte == "Du premier"


def test_de_deux_publications_ensemble_la_base_n_en_garde_qu_une(administrateur: Utilisateur) -> None:
    ecrire(administrateur, "Du premier")
    with pytest.raises(IntegrityError, match="texte_version_unique"):
        VersionDeTexte.objects.create(page=PageDeTexte.MENTIONS, version=1, texte="Du second", auteur=administrateur)


def test_publier_ce_qui_est_deja_dit_n_ajoute_rien(administrateur: Utilisateur) -> None:
    ecrire(administrateur, texte_par_defaut(PageDeTexte.MENTIONS))
    assert not VersionDeTexte.objects.exists()
    with pytest.raises(RegleEnfreinte):
        ecrire(administrateur, "Autre", version=3)


@pytest.mark.parametrize("changer", [lambda v: v.update(texte="x"), lambda v: v.delete()])
def test_une_version_ne_change_pas_et_ne_part_pas(administrateur: Utilisateur, changer: Any) -> None:
    ecrire(administrateur, "Une fois")
    with pytest.raises(Exception, match="permission denied"):
        changer(VersionDeTexte.objects.all())


def test_une_ancienne_version_se_relit_et_se_reprend(client_admin: Client, administrateur: Utilisateur) -> None:
    ecrire(administrateur, "La première")
    ecrire(administrateur, "La seconde", version=1)
    page = PageDeTexte.MENTIONS.value
    assert "La première" in client_admin.get(reverse("version_de_texte", args=[page, 1])).content.decode()
    adresse = reverse("modifier_texte", args=[page])
    assert client_admin.get(f"{adresse}?reprendre=1").context["formulaire"]["texte"].value() == "La première"
    for autre in ("", "?reprendre=9", "?reprendre=x", f"?reprendre={'9' * 5000}"):
        assert client_admin.get(adresse + autre).context["formulaire"]["texte"].value() == "La seconde"


def test_la_liste_des_versions_coute_autant_pour_une_que_pour_dix(
    client_admin: Client, administrateur: Utilisateur
) -> None:
    adresse = reverse("versions_de_texte", args=[PageDeTexte.MENTIONS.value])
    couts = []
    for fin in (1, 10):
        for version in range(texte_courant(PageDeTexte.MENTIONS).version, fin):
            ecrire(administrateur, f"Texte {version}", version=version)
        with CaptureQueriesContext(connection) as captees:
            assert len(client_admin.get(adresse).context["page"]) == fin
        couts.append(len(captees))
    assert couts[0] == couts[1]


@pytest.mark.parametrize("nom", ["modifier_texte", "versions_de_texte"])
def test_pour_les_autres_ces_pages_n_existent_pas(nom: str, client_admin: Client) -> None:
    passant = Client()
    passant.force_login(un_utilisateur())
    assert passant.get(reverse(nom, args=["mentions-legales"])).status_code == 404
    assert client_admin.get(reverse(nom, args=["inconnue"])).status_code == 404


@pytest.mark.parametrize(
    ("saisie", "rendue"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("![x](https://a.fr/x.png)", '<p>!<a href="https://a.fr/x.png" rel="noopener external">x</a></p>\n'),
        ('[x](/contact/ "t")', '<p><a href="/contact/">x</a></p>\n'),
        ("# Un\n### Trois\n###### Six", "<h2>Un</h2>\n<h3>Trois</h3>\n<h4>Six</h4>\n"),
        ("[x](//a.fr/y)", '<p><a href="//a.fr/y" rel="noopener external">x</a></p>\n'),
        ('[x](https://a.fr/"onclick=)', '<p><a href="https://a.fr/%22onclick=" rel="noopener external">x</a></p>\n'),
    ],
)
def test_ni_html_ni_script_ni_image_ne_passent(saisie: str, rendue: str) -> None:
    assert en_html(saisie, titre="T") == rendue


def test_un_tableau_est_celui_du_systeme_de_design() -> None:
    rendu = en_html("| A | B |\n| --- | --- |\n| 1 | 2 |\n", titre='Titre "x"')
    assert 'aria-label="Titre &quot;x&quot;"' in rendu
    assert rendu.count('<th scope="col">') == 2
    assert rendu.rstrip().endswith("</tbody>\n</table></div></div></div></div>")
