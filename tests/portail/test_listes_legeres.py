"""What a row holds and a list does not show stays in the database: answers, specifications, frozen releases.

A file's answers weigh some ten kilobytes, a release of twenty thousand projects sixteen megabytes: a page that reads
them for each of its rows costs a web process gigabytes.
"""

import tracemalloc

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rebond.socle.horloge.temps import horloge_base
from rebond.socle.listes import tableaux
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.projets import decor

pytestmark = pytest.mark.django_db

LOURDES = {
    f'"{table}"."{colonne}"'
    for table, colonne in (
        ("candidatures_candidature", "contenu"),
        ("candidatures_candidature", "reprise"),
        ("candidatures_cahierdescharges", "definition"),
        ("candidatures_depot", "contenu"),
        ("candidatures_versiondesection", "reponses"),
        ("candidatures_versioncomplete", "contenu"),
        ("candidatures_procesverbal", "contenu"),
        ("projets_communique", "chiffres"),
        ("projets_communique", "contenu"),
        ("projets_rapport", "chiffres"),
    )
}


def lues(captees) -> set[str]:
    """The heavy columns that a statement brings here; a condition on one of them brings nothing."""
    choisies = (requete["sql"].partition(" FROM ")[0] for requete in captees if requete["sql"].startswith("SELECT"))
    return {colonne for choix in choisies for colonne in LOURDES if colonne in choix}


LISTES = (
    ("instruction:vagues", Role.INSTRUCTEUR),
    ("instruction:vague", Role.INSTRUCTEUR),
    ("instruction:export_csv", Role.INSTRUCTEUR),
    ("instruction:export_xlsx", Role.INSTRUCTEUR),
    ("instruction:avis", Role.EXPERT),
    ("instruction:decisions", Role.VALIDEUR),
    ("administration:calendrier", Role.ADMINISTRATEUR),
    ("administration:prolongations", Role.ADMINISTRATEUR),
    ("administration:clotures", Role.ADMINISTRATEUR),
    ("tableau_de_bord", Role.INSTRUCTEUR),
    ("tableau_de_bord", Role.VALIDEUR),
    ("tableau_de_bord", Role.ADMINISTRATEUR),
    ("presse:accueil", Role.PRESSE),
    ("accueil", Role.PRESSE),
    ("calendrier", Role.PRESSE),
    ("laureats", Role.PRESSE),
)
SANS_VAGUE = {
    *("instruction:vagues", "instruction:avis", "administration:calendrier", "administration:clotures"),
    *("tableau_de_bord", "presse:accueil", "accueil", "calendrier", "laureats"),
}


@pytest.mark.parametrize(("nom", "role"), LISTES)
def test_une_liste_ne_lit_pas_ce_que_ses_lignes_contiennent(nom, role):
    vague, (dossier, _) = une_vague_close(None, None)
    instruire(dossier)
    decor.une_annonce()
    decor.un_communique(maintenant=horloge_base())
    agent = Client()
    agent.force_login(f.un_agent(role))
    with CaptureQueriesContext(connection) as captees:
        reponse = agent.get(reverse(nom, args=[] if nom in SANS_VAGUE else [vague.numero]))
        assert reponse.getvalue()
    assert reponse.status_code == 200
    assert lues(captees) == set()


@pytest.mark.parametrize("nom", ["candidatures:liste", "tableau_de_bord"])
def test_la_liste_de_ses_dossiers_ne_lit_pas_leurs_reponses(nom):
    porteur = f.porteur_de(f.une_candidature(vague=f.une_vague()))
    client = Client()
    client.force_login(porteur)
    with CaptureQueriesContext(connection) as captees:
        assert client.get(reverse(nom)).status_code == 200
    assert lues(captees) == set()


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_un_tableau_de_toute_longueur_s_ecrit_dans_la_meme_memoire(format_):
    def cout(lignes: int) -> int:
        tableau = tableaux.Tableau("essai", ["Texte"] * 10, (["mot" * 30] * 10 for _ in range(lignes)))
        tracemalloc.start()
        assert sum(len(morceau) for morceau in tableaux.reponse(tableau, format_)) > lignes
        sommet = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return sommet

    cout(10)
    assert cout(4_000) < 1.5 * cout(500)


def test_un_tableau_part_avant_que_ses_lignes_soient_toutes_lues():
    lues = []

    def lignes():
        for rang in range(20_000):
            lues.append(rang)
            yield [rang, "mot"]

    premier = next(iter(tableaux.reponse(tableaux.Tableau("essai", ["Rang", "Texte"], lignes()), "csv")))
    assert premier.startswith("\ufeffRang;Texte\r\n0;mot\r\n".encode())
    assert 0 < len(lues) < 20_000
