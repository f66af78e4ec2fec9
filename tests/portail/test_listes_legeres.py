"""What a row holds and a list does not show stays in the database: answers, specifications, frozen releases.

A file's answers weigh some ten kilobytes, a release of twenty thousand projects sixteen megabytes: a page that reads
them for each of its rows costs a web process gigabytes.
"""

import re
import tracemalloc
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import BinaryField, JSONField
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidatures.models import Incident, Prolongation, VersionDeSection
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.listes import tableaux
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.outils.listes import PAQUETS
from tests.projets import decor

pytestmark = pytest.mark.django_db

# The documents of every table of the product; no page below shows one.
LOURDES = {
    f'"{champ.model._meta.db_table}"."{champ.column}"'
    for modele in apps.get_models()
    if modele.__module__.startswith(PAQUETS)
    for champ in modele._meta.local_fields
    if isinstance(champ, JSONField | BinaryField)
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
    ("instruction:export_ods", Role.INSTRUCTEUR),
    ("instruction:avis", Role.EXPERT),
    ("instruction:decisions", Role.VALIDEUR),
    ("administration:calendrier", Role.ADMINISTRATEUR),
    ("administration:prolongations", Role.ADMINISTRATEUR),
    ("administration:clotures", Role.ADMINISTRATEUR),
    ("administration:incidents", Role.ADMINISTRATEUR),
    ("administration:roles", Role.ADMINISTRATEUR),
    ("courriers", Role.ADMINISTRATEUR),
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
    *("administration:roles", "courriers", "tableau_de_bord", "presse:accueil", "accueil", "calendrier", "laureats"),
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


def test_les_listes_d_une_vague_coutent_autant_de_requetes_pour_une_ligne_que_pour_trois():
    vague = f.une_vague()
    dossier = f.une_candidature(vague=vague, complete=False)
    administrateur, maintenant = f.un_agent(Role.ADMINISTRATEUR), horloge_base()
    client, porteur = Client(), Client()
    client.force_login(administrateur)
    porteur.force_login(f.porteur_de(dossier))
    adresses = {
        reverse("administration:incidents", args=[vague.numero]): client,
        reverse("administration:prolongations", args=[vague.numero]): client,
        reverse("candidatures:versions", args=[dossier.pk, "choc"]): porteur,
    }
    mesures, lignes = [], []
    for nombre in (1, 2):
        for rang in range(nombre):
            debut = vague.ouverture + timedelta(hours=nombre + rang)
            actes = {"vague": vague, "auteur": f.un_agent(Role.ADMINISTRATEUR)}
            Incident.objects.create(nature="coupure", debut=debut, description="Plus de réseau.", **actes)
            Prolongation.objects.create(
                vague=vague,
                candidature=dossier,
                jusqu_au=vague.cloture + timedelta(days=nombre + rang),
                motif="Coupure.",
                demandee_par=actes["auteur"],
                demandee_le=maintenant,
            )
            VersionDeSection.objects.create(
                candidature=dossier, section="choc", revision=1 + nombre + rang, reponses={}, auteur=f.un_utilisateur()
            )
        mesures.append([])
        for adresse, qui in adresses.items():
            qui.get(adresse)
            with CaptureQueriesContext(connection) as captees:
                page = qui.get(adresse).context["page"]
            mesures[-1].append((adresse, len(captees)))
            lignes.append(len(page))
    assert lignes == [1, 1, 1, 3, 3, 3]
    assert mesures[0] == mesures[1]


HOSTILES = (
    "R1-" + "9" * 60,
    "%_\\\\'\"(",
    "\x00\ud7ff\u200b",
    "９٣" * 40,
    "9" * 99,
    "a" * 5000,
    "0000-00-00",
    "31/02/2023",
)


@pytest.mark.parametrize(
    ("nom", "role"),
    [
        ("instruction:vague", Role.INSTRUCTEUR),
        ("instruction:export_csv", Role.INSTRUCTEUR),
        ("projets:liste", Role.VALIDEUR),
        ("projets:industriels", Role.VALIDEUR),
        ("projets:projets", Role.VALIDEUR),
        ("projets:exporter_ods", Role.VALIDEUR),
        ("administration:roles", Role.ADMINISTRATEUR),
        ("courriers", Role.ADMINISTRATEUR),
        ("journal", Role.AUDITEUR),
    ],
)
def test_aucune_recherche_n_est_une_erreur(nom, role):
    """Whatever is asked of every filter, of the sort and of the page at once: an answer, and a text still there."""
    vague, _ = une_vague_close(None)
    mission = decor.une_annonce()
    client = Client()
    client.force_login(f.un_agent(role))
    objets = {"instruction:vague": vague.numero, "instruction:export_csv": vague.numero}
    objets |= dict.fromkeys(("projets:industriels", "projets:projets", "projets:exporter_ods"), mission.pk)
    adresse = reverse(nom, args=[objets[nom]] if nom in objets else [])
    lue = client.get(adresse)
    filtres = lue.context["filtres"].fields if lue.context else ["q", "etat", "region", "epci"]
    for saisi in HOSTILES:
        reponse = client.get(adresse, dict.fromkeys([*filtres, "tri", "page"], saisi))
        assert (reponse.status_code, bool(reponse.getvalue())) == (200, True)


def test_la_liste_de_ses_dossiers_ne_lit_pas_leurs_reponses():
    porteur = f.porteur_de(f.une_candidature(vague=f.une_vague()))
    client = Client()
    client.force_login(porteur)
    with CaptureQueriesContext(connection) as captees:
        assert client.get(reverse("candidatures:liste")).status_code == 200
    assert lues(captees) == set()


@pytest.mark.parametrize("nombre", [1, 3, 5])
def test_l_accueil_ne_lit_que_les_reponses_des_trois_dossiers_dont_il_dit_ce_qui_manque(nombre):
    vague, porteur = f.une_vague(), f.un_utilisateur()
    for _ in range(nombre):
        f.une_candidature(vague=vague, porteur=porteur)
    client = Client()
    client.force_login(porteur)
    with CaptureQueriesContext(connection) as captees:
        page = client.get(reverse("tableau_de_bord")).content.decode()
    contenu = '"candidatures_candidature"."contenu"'
    assert lues(captees) == {contenu}
    (lecture,) = (requete["sql"] for requete in captees if contenu in requete["sql"].partition(" FROM ")[0])
    cles = re.search(r"= ANY\(\('\{([\d,]+)\}'", lecture)
    assert cles
    assert len(cles[1].split(",")) == min(nombre, 3)
    assert (page.count("Ouvrir le dossier<"), page.count("Relire et déposer<")) == (max(nombre - 3, 0), min(nombre, 3))


@pytest.mark.parametrize("format_", tableaux.TYPES_MIME)
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
