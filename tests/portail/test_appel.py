"""The call as a mayor reads it: home, test of eligibility, example, contacts, questions, and where they lead."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from candidatures.cahier import MODELE
from candidatures.dossier.completude import Composition, Jointe, manques
from projets.communique.publies import publie
from rebond.portail.appel.exemple import POURQUOI, REPONSES, TERRITOIRE
from rebond.portail.appel.rubriques import contact_de, rubriques
from rebond.portail.textes.actions import publier
from rebond.portail.textes.pages import PageDeTexte, texte_par_defaut
from rebond.portail.textes.requetes import texte_courant
from rebond.socle.horloge.temps import horloge_base
from territoires.chargement import charger_referentiel
from territoires.etats import Role
from territoires.models import Region
from tests import fabriques as f
from tests.projets import decor

pytestmark = pytest.mark.django_db

REPONDU = {"choc": "fermeture", "deposant": "seule", "deliberation": "oui"}
# Names that one act no longer bears.
ANCIENS_NOMS = (
    "Préparer ma candidature",
    "Créer un compte pour candidater",
    "Ouvrir un dossier",
    "Ouvrir le dossier</h2>",
)
VERS_L_ACTE = re.compile(
    r"""<(?:a|button)\b[^>]*\{%\ url\ '(?:commencer|candidatures:ouvrir)'\ %\}[^>]*>(?P<libelle>.*?)</(?:a|button)>""",
    re.VERBOSE | re.DOTALL,
)


def lire(client: Client, adresse: str, **reponses: str) -> str:
    corps = client.get(adresse, reponses).content.decode()
    return re.sub(r"\s+", " ", strip_tags(corps[corps.index("<main") :])).replace("\u00a0", " ")


@pytest.fixture
def charge(db: None) -> None:
    charger_referentiel()


def test_l_accueil_dit_ce_que_l_on_y_gagne_et_ce_que_cela_demande(client: Client) -> None:
    f.une_vague()
    page = lire(client, "/")
    for dit in (
        "Ce que votre territoire y gagne",
        "La Banque des Territoires opère la mission.",
        "Bpifrance opère l’aide à l’investissement des entreprises.",
        "Déposer un dossier ne coûte rien.",
        "territoires-industrie@anct.gouv.fr",
        "Une commune peut-elle candidater ?",
    ):
        assert dit in page, dit
    for critere in MODELE.criteres:
        assert critere.libelle in page


def test_le_recit_est_celui_du_dernier_communique_et_ses_nombres_ceux_des_chiffres(client: Client) -> None:
    """The same release, read once: what a project says today changes neither."""
    mission = decor.une_annonce()
    assert publie(horloge_base()).recit is None
    assert "Ce que cela a donné" not in lire(client, "/")
    decor.un_communique(au=decor.RESTITUTION, maintenant=horloge_base())
    lu = publie(horloge_base())
    assert lu.recit is not None
    assert lu.recit.titre == mission.titre
    for chiffre in lu.chiffres:
        assert chiffre.valeur == lu.recit.chiffres[chiffre.cle.removeprefix("ensemble_")].valeur
    page = lire(client, "/")
    assert f"Ce que cela a donné : {mission.titre}" in page.replace("\u202f", " ")
    assert "d’avril à août 2023" in page
    assert str(lu.recit.chiffres["industriels_rencontres"]).replace("\u00a0", " ") in page


def test_le_test_repond_par_commune_sans_compte(client: Client, charge: None) -> None:
    f.une_vague()
    page = lire(client, "/puis-je-candidater/", q="Hirson", **REPONDU)
    assert "À première vue, votre territoire peut candidater" in page
    assert "Hirson fait partie de la CC des Trois Rivières." in page
    assert "seul l’examen du dossier déposé dit s’il est recevable" in page
    assert "Commencer un dossier" in page
    page = lire(client, "/puis-je-candidater/", q="Hirson", **(REPONDU | {"deposant": "commune"}))
    assert "votre territoire ne peut pas candidater ainsi" in page
    assert "Commencer un dossier" not in page


def test_un_territoire_laureat_sous_embargo_n_est_pas_trahi_par_le_test(client: Client) -> None:

    vague, maintenant = f.une_vague(), horloge_base()
    epci = f.un_epci("CC du Secret")
    avant = lire(client, "/puis-je-candidater/", q=epci.siren, **REPONDU)
    decor.un_laureat(
        vague,
        maintenant - timedelta(hours=1),
        territoire=f.un_territoire("Le Secret"),
        publique_a=maintenant + timedelta(hours=1),
    )
    assert lire(client, "/puis-je-candidater/", q=epci.siren, **REPONDU) == avant


def test_un_territoire_deja_laureat_est_a_verifier(client: Client) -> None:
    vague = f.une_vague()
    laureat = decor.un_laureat(vague, horloge_base()).territoire
    page = lire(client, "/puis-je-candidater/", q=laureat.chef_de_file.siren, **REPONDU)
    assert f"fait déjà partie d’un territoire lauréat : « {laureat} »" in page


@pytest.mark.parametrize("manque", ["q", *REPONDU])
def test_une_question_sans_reponse_le_dit_et_garde_les_autres(client: Client, manque: str) -> None:
    f.une_vague()
    reponses = {"q": f.un_epci("CC d’Essai").siren, **REPONDU}
    del reponses[manque]
    page = client.get("/puis-je-candidater/", reponses)
    assert "Un point est à corriger" in page.content.decode()
    assert page.context["avis"] is None
    assert page.content.decode().count(" checked") == len({*reponses} - {"q"})


def test_une_recherche_vaine_le_dit_et_mene_a_quelqu_un(client: Client) -> None:
    """On each page where an intercommunalité is looked for."""
    dossier = f.une_candidature()
    connu = Client()
    connu.force_login(f.porteur_de(dossier))
    vaine = "zzzzqqqq"
    pages = [
        (client, "/commencer/", {"q": vaine}),
        (client, "/puis-je-candidater/", {"q": vaine, **REPONDU}),
        (connu, reverse("candidatures:ouvrir"), {"q": vaine}),
        (connu, reverse("candidatures:membre_ajouter", args=[dossier.pk]), {"q": vaine}),
        (connu, reverse("candidatures:petr_declarer", args=[dossier.pk]), {"q": vaine}),
        (connu, reverse("candidatures:collectivites"), {"collectivite": vaine}),
    ]
    for qui, adresse, demande in pages:
        page = qui.get(adresse, demande).content.decode().replace("\u00a0", " ")
        principal = page[page.index("<main") : page.index("</main>")]
        assert f"ne correspond à « {vaine} »" in principal, adresse
        assert (
            f'Vous ne trouvez pas votre intercommunalité ? <a class="fr-link" href="{reverse("epci_introuvable")}">'
            in principal
        )


def test_l_exemple_est_complet_et_se_dit_invente(client: Client) -> None:
    composition = Composition(
        cahier=MODELE,
        contenu=REPONSES,
        jointes=(Jointe("deliberation", None),),
        membres={},
    )
    assert [manque.libelle for manque in manques(composition) if "mandat" not in manque.libelle] == []
    assert set(POURQUOI) == set(REPONSES) == {section.cle for section in MODELE.sections}
    f.une_vague()
    page = lire(client, "/exemple-de-dossier/")
    assert "Tout est inventé" in page
    assert TERRITOIRE in page
    # What the example counts agrees with itself.
    touches = sum(ligne["emplois"] for ligne in REPONSES["entreprises"]["liste"])
    assert REPONSES["entreprises"]["emplois_concernes"] == touches == 225
    assert REPONSES["projets"]["investissement"] == 900_000 + 2_400_000


def test_un_administrateur_ecrit_le_contact_de_sa_region_et_le_test_le_montre(client: Client) -> None:
    f.une_vague()
    epci = f.un_epci("CC d’Essai")
    national = contact_de(epci.region.nom, texte_par_defaut(PageDeTexte.CONTACTS_EN_REGION))
    assert national is not None
    assert national.titre == "Contact national"
    publier(
        page=PageDeTexte.CONTACTS_EN_REGION,
        version=0,
        texte=f"Voici.\n\n## {epci.region.nom}\n\nUn service d’essai.\n\n## Contact national\n\nUn autre.",
        commentaire="",
        auteur=f.un_agent(Role.ADMINISTRATEUR),
        maintenant=horloge_base(),
    )
    page = lire(client, "/puis-je-candidater/", q=epci.siren, **REPONDU)
    assert f"{epci.region.nom} Un service d’essai." in page
    assert "Un autre." not in page
    assert "Un autre." in lire(client, "/")
    ecrit = texte_courant(PageDeTexte.CONTACTS_EN_REGION).texte
    assert [lue.titre for lue in rubriques(ecrit)] == [
        epci.region.nom,
        "Contact national",
    ]


def test_chaque_region_mene_a_son_contact_ou_a_ce_qu_on_fait_sans(client: Client) -> None:
    f.un_epci("CC d’Essai")
    page = client.get("/contacts-en-region/").content.decode()
    # Nobody named: neither an empty list nor a list that leads nowhere.
    assert "fr-summary" not in page
    assert 'Écrivez au <a href="#contact-1">contact national</a>' in page
    nommee = Region.objects.all()[0]
    publier(
        page=PageDeTexte.CONTACTS_EN_REGION,
        version=0,
        texte=f"Voici.\n\n## {nommee.nom}\n\nUn service d’essai.\n\n## Contact national\n\nUn autre.",
        commentaire="",
        auteur=f.un_agent(Role.ADMINISTRATEUR),
        maintenant=horloge_base(),
    )
    # The copy that is kept of the page goes with a région that is added.
    client.get("/contacts-en-region/")
    Region.objects.create(code="999", nom="Région d’à côté")
    page = client.get("/contacts-en-region/").content.decode()
    menees = dict(re.findall(r'<a class="fr-summary__link" href="#([\w-]+)">([^<]+)</a>', page))
    assert menees["contact-1"] == html.escape(nommee.nom)
    assert "autres-regions" in menees
    ancres = set(re.findall(r'<section id="([\w-]+)"', page))
    assert set(menees) <= ancres
    assert "Région d’à côté" in html.unescape(page.partition('id="autres-regions"')[2])
    lu = lire(client, "/contacts-en-region/")
    places = [lu.index(mots) for mots in ("Voici.", "Un service d’essai.", "Un autre.", "Les autres régions")]
    assert places == sorted(places)


def test_un_seul_nom_pour_commencer_un_dossier() -> None:
    vus = set()
    for chemin in Path(settings.RACINE, "templates").rglob("*.html"):
        texte = chemin.read_text()
        for ancien in ANCIENS_NOMS:
            assert ancien not in texte, (chemin, ancien)
        vus |= {strip_tags(trouve["libelle"]).strip() for trouve in VERS_L_ACTE.finditer(texte)}
    # The dashboard's says either, by what there is; the form of a choice that is taken back leads there too.
    assert {libelle for libelle in vus if "{%" not in libelle and not libelle.startswith("Retirer")} == {
        "Commencer un dossier"
    }


@pytest.mark.parametrize("entree", ["inscription", "connexion"])
def test_la_suite_est_gardee_de_la_premiere_page_a_la_derniere(client: Client, entree: str) -> None:
    f.une_vague()
    epci = f.un_epci("CC d’Essai")
    suite = f"/candidatures/nouvelle/?epci={epci.siren}"
    reponse = client.get("/commencer/", {"epci": epci.siren}, follow=True)
    page = reponse.content.decode()
    assert f'name="next" value="{suite}"' in page
    if entree == "connexion":
        (connexion,) = set(re.findall(r'href="(/compte/login/\?next=[^"]+)"', page))
        page = client.get(connexion.replace("&amp;", "&")).content.decode()
        assert page.count(f'name="next" value="{suite}"') >= 2
        (retour,) = set(re.findall(r'href="(/compte/signup/\?next=[^"]+)"', page))
        assert f'name="next" value="{suite}"' in client.get(retour.replace("&amp;", "&")).content.decode()


def test_une_suite_hors_du_portail_n_est_pas_suivie(client: Client) -> None:
    f.une_vague()
    assert "Pour commencer le dossier" not in lire(
        client, "/compte/signup/", next="https://ailleurs.example/nouvelle/"
    )
    for chemin in ("//ailleurs.example/candidatures/nouvelle/", "/candidatures/", "\x00", "http://[::1"):
        assert client.get("/compte/signup/", {"next": chemin}).status_code in {200, 400}, chemin
