"""The pages of missions and of the press office with 88 projects and with thousands: as many statements, as light."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projets.chiffres import PREFIXE_ENSEMBLE, calculer, calculer_un
from projets.models import Communique, EquipeMission, Mission
from projets.pages.presse.lignes import PAR_PAGE
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests.fabriques import un_agent
from tests.projets import decor, masse

pytestmark = pytest.mark.django_db

# The figures of a release with all of their rows: sixteen megabytes for 20,000 projects.
LOURDE = re.compile(r"\bchiffres\b.*\bFROM\b.*\bprojets_communique\b", re.DOTALL)
AU = decor.RESTITUTION
DE_LA_PRESSE = ("", "{au}/", "{au}/lignes/projets_recenses/", "communiques/{pk}/", "communiques/{pk}/lignes/regions/")
DE_LA_MISSION = (
    "",
    "projets/",
    "projets/?tri=-investissement&page=3",
    "projets/{projet}/",
    "industriels/",
    "enveloppe/",
    "feuille-de-route/",
    "equipe/",
)


def lire(client: Client, adresse: str, *, lignes: bool = False) -> tuple[int, str]:
    """How many statements the page asks for, and what it says. Without `lignes`, no row of a frozen figure is read."""
    client.get(adresse)
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(adresse)
    assert reponse.status_code == 200, adresse
    lourdes = [r["sql"] for r in requetes if LOURDE.search(r["sql"])]
    assert [sql for sql in lourdes if not lignes or "jsonb_path_query_array" not in sql] == [], adresse
    return len(requetes), reponse.content.decode()


def test_les_pages_de_la_presse_ne_grandissent_pas_avec_le_portefeuille(client: Client) -> None:
    mission = decor.une_annonce()
    client.force_login(un_agent(Role.PRESSE))
    comptes: dict[str, set[int]] = {}
    for projets in (82, 4_000):
        masse.grossir(mission, projets)
        Communique.objects.exists() or decor.un_communique(maintenant=horloge_base())
        fige = Communique.objects.latest("pk")
        if projets > PAR_PAGE:
            fige = decor.un_communique(maintenant=horloge_base())
        for modele in DE_LA_PRESSE:
            requetes, page = lire(client, f"/presse/{modele.format(au=AU, pk=fige.pk)}", lignes="/lignes/" in modele)
            comptes.setdefault(modele, set()).add(requetes)
            # The first page lists the two releases.
            assert page.count("<tr ") <= (PAR_PAGE + 1 if "/lignes/" in modele else 3), modele
    assert {modele: lus for modele, lus in comptes.items() if len(lus) > 1} == {}


def test_les_pages_d_une_mission_ne_demandent_pas_plus_pour_des_milliers_de_projets(client: Client) -> None:
    mission = decor.une_annonce()
    charge = un_agent(Role.CHARGE_MISSION)
    EquipeMission.objects.create(mission=mission, utilisateur=charge)
    client.force_login(charge)
    projet = mission.projets.earliest("pk")
    comptes: dict[str, set[int]] = {}
    for projets in (82, 4_000):
        masse.grossir(mission, projets)
        adresses = {modele: f"/missions/{mission.pk}/{modele.format(projet=projet.pk)}" for modele in DE_LA_MISSION}
        for modele, adresse in (adresses | {"missions": "/missions/"}).items():
            requetes, page = lire(client, adresse)
            comptes.setdefault(modele, set()).add(requetes)
            if modele.startswith(("projets/?", "industriels")):
                assert page.count('<th scope="row"') <= 25 + 1, modele
    assert {modele: lus for modele, lus in comptes.items() if len(lus) > 1} == {}


def test_la_page_d_un_chiffre_ne_recompte_que_lui(client: Client) -> None:
    """What it says is what all of them counted together say; nothing else is read than what makes it."""
    mission = decor.une_annonce()
    masse.grossir(mission, 250)
    ensemble = calculer(au=AU)
    vers: dict[str, int] = {}
    for cle, chiffre in ensemble.items():
        with CaptureQueriesContext(connection) as requetes:
            seul = calculer_un(cle, au=AU)
        if cle.startswith(PREFIXE_ENSEMBLE):
            assert (dict(seul), cle) == ({}, cle)
            continue
        assert replace(seul[cle], lignes=()) == replace(chiffre, lignes=()), cle
        assert replace(seul[cle].compte, sceau="") == replace(chiffre.compte, sceau=""), cle
        assert (seul[cle].lignes[:60], seul.publique_a) == (tuple(chiffre.lignes)[:60], ensemble.publique_a), cle
        vers[cle] = len(requetes)
    assert max(vers.values()) == 3
    assert dict(calculer_un("inconnu", au=AU)) == {}
    client.force_login(un_agent(Role.PRESSE))
    autres = re.compile("projets_industriel|projets_concours|projets_communique|territoires_programme")
    adresse = f"/presse/{AU}/lignes/investissements/"
    client.get(adresse)
    with CaptureQueriesContext(connection) as lues:
        client.get(adresse)
    assert [r["sql"] for r in lues if autres.search(r["sql"])] == []


def test_avant_toute_restitution_un_chiffre_seul_est_nul_aussi() -> None:
    decor.une_annonce()
    veille = decor.RESTITUTION - timedelta(days=1)
    for cle in ("projets_recenses", "enveloppe", "industriels_rencontres"):
        seul, ensemble = calculer_un(cle, au=veille)[cle], calculer(au=veille)[cle]
        assert (seul.valeur, len(seul.lignes)) == (ensemble.valeur, len(ensemble.lignes)) == (0, 0), cle


def test_toutes_les_lignes_d_un_chiffre_se_lisent_page_par_page(client: Client) -> None:
    mission = decor.une_annonce()
    masse.grossir(mission, 250)
    fige = decor.un_communique(maintenant=horloge_base())
    client.force_login(un_agent(Role.PRESSE))
    attendues = [
        f"Projet n° {pk} – " for pk in mission.projets.recenses(AU).order_by("pk").values_list("pk", flat=True)
    ]
    for debut in (f"/presse/{AU}/", f"/presse/communiques/{fige.pk}/"):
        adresse = f"{debut}lignes/projets_recenses/"
        assert f'href="{adresse}"' in client.get(debut).content.decode()
        lues = [
            ligne
            for page in range(1, len(attendues) // PAR_PAGE + 2)
            for ligne in re.findall(r">(Projet n° \d+ – )", client.get(adresse, {"page": page}).content.decode())
        ]
        assert lues == attendues
        assert client.get(f"{debut}lignes/inconnu/").status_code == 404
        assert client.get(f"{debut}lignes/ensemble_projets_recenses/").status_code == 404


def test_ce_qui_se_contredit_se_voit_sans_que_rien_d_autre_ne_se_lise(client: Client) -> None:
    """One estimate more: the rows of one figure are read, on both sides, and named."""
    mission = decor.une_annonce()
    masse.grossir(mission, 300)
    fige = decor.un_communique(maintenant=horloge_base())
    client.force_login(un_agent(Role.PRESSE))
    adresse = f"/presse/communiques/{fige.pk}/"
    avant, page = lire(client, adresse)
    assert "ne disent plus la même chose" not in page
    projet = Mission.objects.get(pk=mission.pk).projets.earliest("pk")
    derniere = projet.estimations.latest("pk")
    decor.estimer(projet, derniere.auteur, AU, derniere.investissement + 1, derniere.emplois_potentiels, None)
    apres, page = lire(client, adresse, lignes=True)
    assert f"modifiée\u00a0: Projet n° {projet.pk} – " in page or f"modifiée : Projet n° {projet.pk} – " in page
    assert apres == avant + 2
    # However many figures differ, all of their rows are read at once on each side.
    masse.grossir(mission, 50)
    encore, page = lire(client, adresse, lignes=True)
    assert (encore, page.count("ajoutée") > 1) == (apres, True)
