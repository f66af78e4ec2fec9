"""Whatever an address or a header says, an answer is given: never a server error, never a connection that is cut."""

import ast
from pathlib import Path

import pytest
from django.urls import reverse

from rebond.socle.requete.pages import page_demandee
from rebond.socle.texte.nombres import entier_de_machine
from territoires.etats import Role
from tests import fabriques as f
from tests.socle.test_lecteur_unique import modules

RACINE = Path(__file__).resolve().parents[3]
CHIFFRES = "9" * 4400
MONSTRES = [
    *("9999-12-31", "0001-01-01", "31/12/9999", CHIFFRES, f"-{CHIFFRES}", "1e999", "٣", "²", "\x00", "%00", "9" * 19),
    *("nan", "inf", "' OR 1=1 --", "é" * 3000, "[]", "-1", "0", "../../etc/passwd", "\U0001f600"),
]
# What a program wrote, and Postgres or a file gave back: nobody types it in an address.
DATES_DE_MACHINE = {
    "candidatures/cahier/forms/champs.py",
    "candidatures/cloture/proces_verbal/document.py",
    "candidatures/cloture/proces_verbal/mentions.py",
    "candidatures/dossier/lecture.py",
    "candidatures/dossier/papier/formulaire.py",
    "candidatures/instruction/annotations/requetes.py",
    "candidatures/instruction/avis/requetes.py",
    "candidatures/instruction/recevabilite/requetes.py",
    "candidatures/reprise/actions.py",
    "candidatures/reprise/brut.py",
    "candidatures/templatetags/etats.py",
    "candidatures/vagues/recherche.py",
    "projets/chiffres/valeurs.py",
    "projets/communique/contenu.py",
    "projets/communique/publies.py",
    "projets/publication/recherche.py",
    "rebond/socle/horloge/horloges.py",
    "rebond/socle/journal/details.py",
    "rebond/socle/texte/jours.py",
}
LECTEURS_DE_DATES = {"fromisoformat", "strptime", "fromtimestamp", "utcfromtimestamp", "fromordinal", "parse_date"}
LECTEURS_DE_DATES |= {"parse_datetime"}
PAGINATION = {"Paginator", "get_page"}


def appels(source: str) -> set[str]:
    noms = (noeud.func for noeud in ast.walk(ast.parse(source)) if isinstance(noeud, ast.Call))
    return {nom.attr if isinstance(nom, ast.Attribute) else getattr(nom, "id", "") for nom in noms}


def test_aucune_date_ne_se_lit_hors_du_lecteur():
    assert {fichier for fichier, source in modules() if appels(source) & LECTEURS_DE_DATES} == DATES_DE_MACHINE
    assert appels("d = datetime.date.fromisoformat(request.GET['au'])") & LECTEURS_DE_DATES


def test_une_page_ne_se_demande_que_par_son_lecteur():
    assert {fichier for fichier, source in modules() if appels(source) & PAGINATION} == {
        "rebond/socle/requete/pages.py"
    }
    assert appels("Paginator(x, 3).get_page(n)") & PAGINATION


@pytest.mark.parametrize(
    ("texte", "lu"),
    [("0", 0), ("007", 7), ("200", 200), ("201", None), ("٣", None), ("²", None), ("-1", None), ("+1", None)]
    + [(texte, None) for texte in ("", " 1", "1.0", "1_0", "1e2", CHIFFRES)],
)
def test_un_entier_de_machine_est_borne(texte, lu):
    assert entier_de_machine(texte, maximum=200) == lu


@pytest.mark.parametrize(("demandee", "rang"), [(None, 1), ("2", 2), ("99", 3), (CHIFFRES, 3), ("-1", 1), ("x", 1)])
def test_une_page_demandee_est_toujours_une_page(demandee, rang):
    assert page_demandee(range(5), demandee, par_page=2).number == rang


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "chemin", "noms"),
    [
        (Role.AUDITEUR, "/journal/", ("du", "au", "acte", "objet", "acteur", "page", "tri")),
        (Role.ADMINISTRATEUR, "/administration/roles/", ("q", "role", "page", "tri")),
        (Role.ADMINISTRATEUR, "/courriers/", ("q", "situation", "page")),
        (Role.ADMINISTRATEUR, "/administration/vagues/", ("page", "tri", "annee")),
        (Role.PRESSE, "/presse/", ("au", "page")),
        (Role.CHARGE_MISSION, "/missions/", ("q", "page", "tri", "region")),
        (Role.INSTRUCTEUR, "/instruction/", ("page", "tri")),
        (None, "/calendrier/", ("page", "tri")),
        (None, "/verifier/", ("numero", "empreinte")),
        (Role.EXPERT, "/territoires/epci/", ("q",)),
    ],
)
def test_aucune_valeur_ne_fait_tomber_une_page(client, role, chemin, noms):
    if role is not None:
        client.force_login(f.un_agent(role))
    for monstre in MONSTRES:
        reponse = client.get(chemin, dict.fromkeys(noms, monstre))
        assert reponse.status_code in {200, 302}, (chemin, monstre[:20])


@pytest.mark.django_db
def test_le_dernier_jour_du_monde_est_refuse_par_une_phrase(client):
    client.force_login(f.un_agent(Role.AUDITEUR))
    page = client.get(reverse("journal"), {"au": "9999-12-31"})
    assert (page.status_code, "Vérifiez l’année de cette date." in page.text) == (200, True)
