"""Who opens which page of the agents and of the experts, and how many queries it takes."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidatures.instruction.etats import SensAvis
from candidatures.models import Candidature, Vague
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, rendre_avis, une_vague_close
from tests.candidatures.pages.instruction.outils import connecter, demander

pytestmark = pytest.mark.django_db
AUTRE_AVIS = "Le montage financier tient."


@pytest.fixture
def nord():
    return f.un_departement()


@pytest.fixture
def jura():
    return f.un_departement("39", "27")


def requetes(client, adresse):
    client.get(adresse)
    with CaptureQueriesContext(connection) as captees:
        reponse = client.get(adresse)
    assert reponse.status_code == 200
    return len(captees)


@pytest.mark.parametrize(
    ("nom", "role"),
    [
        ("instruction:vagues", Role.INSTRUCTEUR),
        ("instruction:vague", Role.INSTRUCTEUR),
        ("instruction:avis", Role.EXPERT),
        ("instruction:decisions", Role.VALIDEUR),
        ("tableau_de_bord", Role.INSTRUCTEUR),
    ],
)
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(nom, role):
    agent = f.un_agent(role)
    client = connecter(agent)
    mesures = []
    for nombre in (1, 3):
        vague, dossiers = une_vague_close_avant(*[None] * nombre)
        for dossier in dossiers:
            if role == Role.EXPERT:
                demander(dossier, agent, f.un_agent(Role.INSTRUCTEUR))
            else:
                instruire(dossier)
        arguments = [] if nom in {"instruction:vagues", "instruction:avis", "tableau_de_bord"} else [vague.numero]
        mesures.append(requetes(client, reverse(nom, args=arguments)))
    assert mesures[0] == mesures[1]


def une_vague_close_avant(*departements):
    """A closed wave that does not overlap those that exist."""
    premiere = Vague.objects.order_by("ouverture").first()
    cloture = premiere.ouverture if premiere else horloge_base() - timedelta(minutes=5)
    return une_vague_close(*departements, cloture=cloture)


def adresses(dossier):
    numero = dossier.vague.numero
    depot = dossier.depots.get()
    return {
        "vagues": "/instruction/",
        "avis": "/instruction/avis/",
        "vague": f"/instruction/vagues/{numero}/",
        "csv": f"/instruction/vagues/{numero}/dossiers.csv",
        "xlsx": f"/instruction/vagues/{numero}/dossiers.xlsx",
        "pv": f"/instruction/vagues/{numero}/proces-verbal/",
        "json": f"/instruction/vagues/{numero}/proces-verbal/1/complet.json",
        "decisions": f"/instruction/vagues/{numero}/decisions/",
        "dossier": f"/instruction/dossiers/{dossier.pk}/",
        "piece": f"/instruction/dossiers/{dossier.pk}/pieces/{depot.pieces.get().pk}/",
        "recevabilite": f"/instruction/dossiers/{dossier.pk}/recevabilite/",
        "demander": f"/instruction/dossiers/{dossier.pk}/avis/demander/",
        "rendre": f"/instruction/dossiers/{dossier.pk}/avis/rendre/",
        "interets": f"/instruction/dossiers/{dossier.pk}/interets/",
        "calendrier": "/administration/vagues/",
        "roles": "/administration/roles/",
        "donner": "/administration/roles/donner/",
        "organisme": "/administration/organismes/ajouter/",
        "journal": "/journal/",
        "courriers": "/courriers/",
    }


LECTURE = {"vagues", "vague", "csv", "xlsx", "dossier", "piece", "interets"}
OUVERTES = {
    Role.INSTRUCTEUR: LECTURE | {"pv", "json", "recevabilite", "demander", "rendre"},
    Role.COMITE: LECTURE | {"pv", "json"},
    Role.VALIDEUR: LECTURE | {"pv", "json", "decisions"},
    Role.EXPERT: {"avis"},
    Role.ADMINISTRATEUR: {"pv", "json", "calendrier", "roles", "donner", "organisme", "courriers"},
    Role.AUDITEUR: {"journal", "roles"},
    Role.CHARGE_MISSION: set(),
    Role.GESTIONNAIRE: set(),
    Role.PRESSE: set(),
}


@pytest.mark.parametrize("role", OUVERTES)
def test_chacun_n_ouvre_que_ses_pages_et_le_reste_n_existe_pas(role):
    _, (dossier,) = une_vague_close(None)
    client = connecter(f.un_agent(role))
    ouvertes = set()
    for nom, adresse in adresses(dossier).items():
        reponse = client.get(adresse)
        if nom == "piece" and reponse.streaming:
            assert b"".join(reponse.streaming_content) == f.PDF
        assert reponse.status_code in {200, 404}, (nom, reponse.status_code)
        if reponse.status_code == 200:
            ouvertes.add(nom)
    assert ouvertes == OUVERTES[role]


def test_le_porteur_n_ouvre_aucune_page_des_agents_et_le_visiteur_se_connecte():
    _, (dossier,) = une_vague_close(None)
    porteur, visiteur = connecter(f.porteur_de(dossier)), Client()
    for adresse in adresses(dossier).values():
        assert porteur.get(adresse).status_code == 404
        assert visiteur.get(adresse).status_code == 302


def test_l_instructeur_d_une_region_ne_voit_que_la_sienne(nord, jura):
    vague, (ici, la_bas) = une_vague_close(nord, jura)
    client = connecter(f.un_agent(Role.INSTRUCTEUR, region=nord.region))
    page = client.get(f"/instruction/vagues/{vague.numero}/")
    assert [dossier.pk for dossier in page.context["page"]] == [ici.pk]
    exporte = client.get(f"/instruction/vagues/{vague.numero}/dossiers.csv").getvalue().decode("utf-8-sig")
    (ligne,) = csv.DictReader(io.StringIO(exporte), delimiter=";")
    assert ligne["Référence"] == ici.reference
    assert f"Vague {vague.numero} – dossiers en instruction au" in ligne["Source"]
    assert la_bas.reference not in exporte
    refusees = {adresse for nom, adresse in adresses(la_bas).items() if nom in {"dossier", "piece", "recevabilite"}}
    assert {client.get(adresse).status_code for adresse in refusees} == {404}
    # The procès-verbal names every territory of the wave.
    assert client.get(f"/instruction/vagues/{vague.numero}/proces-verbal/").status_code == 404


def un_autre_avis(dossier, instructeur):
    """Given on the same file by somebody else: what an expert does not read."""
    autre = f.un_agent(Role.EXPERT)
    demander(dossier, autre, instructeur)
    rendre_avis(
        candidature=dossier, expert=autre, sens=SensAvis.FAVORABLE, texte=AUTRE_AVIS, maintenant=horloge_base()
    )


def test_un_expert_lit_le_dossier_qui_lui_est_soumis_et_rien_de_l_instruction():
    _, (soumis, autre) = une_vague_close(None, None)
    expert, instructeur = f.un_agent(Role.EXPERT), f.un_agent(Role.INSTRUCTEUR)
    saisine = demander(soumis, expert, instructeur, "Que pensez-vous du calendrier ?")
    un_autre_avis(soumis, instructeur)
    client = connecter(expert)
    page = client.get(f"/instruction/dossiers/{soumis.pk}/").content.decode()
    assert "Que pensez-vous du calendrier" in page
    assert "Une usine ferme." in page
    assert AUTRE_AVIS not in page
    assert "Historique" not in page
    assert AUTRE_AVIS in connecter(instructeur).get(f"/instruction/dossiers/{soumis.pk}/").content.decode()
    assert client.get(f"/instruction/dossiers/{autre.pk}/").status_code == 404
    assert client.get(f"/instruction/dossiers/{soumis.pk}/proposition/").status_code == 404
    # From the proposal on, what was asked of them and nothing else.
    instruire(soumis, instructeur=instructeur)
    assert client.get(f"/instruction/dossiers/{soumis.pk}/").status_code == 404
    page = client.get(f"/instruction/avis/{saisine.pk}/").content.decode()
    assert "Que pensez-vous du calendrier" in page
    assert {dit: dit in page for dit in ("Une usine ferme.", AUTRE_AVIS, "Le territoire est prêt.")} == {
        "Une usine ferme.": False,
        AUTRE_AVIS: False,
        "Le territoire est prêt.": False,
    }


def test_la_page_montre_le_depot_qui_compte_et_non_le_brouillon():
    _, (dossier,) = une_vague_close(None)
    Candidature.objects.filter(pk=dossier.pk).update(contenu={"choc": {"description": "Phrase du brouillon."}})
    page = connecter(f.un_agent(Role.COMITE)).get(f"/instruction/dossiers/{dossier.pk}/").content.decode()
    assert "Une usine ferme." in page
    assert "Phrase du brouillon." not in page


def test_la_piece_telechargee_est_celle_du_dossier_et_de_lui_seul():
    _, (un, autre) = une_vague_close(None, None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    piece = un.depots.get().pieces.get()
    reponse = client.get(f"/instruction/dossiers/{un.pk}/pieces/{piece.pk}/")
    assert b"".join(reponse.streaming_content) == f.PDF
    assert client.get(f"/instruction/dossiers/{autre.pk}/pieces/{piece.pk}/").status_code == 404


def test_un_conflit_declare_cache_le_dossier_partout():
    vague, (dossier, _) = une_vague_close(None, None)
    client = connecter(f.un_agent(Role.INSTRUCTEUR))
    reponse = client.post(f"/instruction/dossiers/{dossier.pk}/interets/", {"motif": "Mandat local."})
    assert (reponse.status_code, reponse.url) == (302, "/tableau-de-bord/")
    refusees = ["dossier", "piece", "recevabilite", "demander", "rendre", "interets"]
    assert {client.get(adresses(dossier)[nom]).status_code for nom in refusees} == {404}
    assert dossier.reference not in client.get(f"/instruction/vagues/{vague.numero}/").content.decode()
    assert dossier.reference not in client.get(f"/instruction/vagues/{vague.numero}/dossiers.csv").getvalue().decode()


def test_un_expert_ailleurs_instructeur_ne_lit_dans_la_liste_que_les_dossiers_de_sa_region(nord, jura):
    """What is put to an expert comes without the instruction: not in a list that shows proposals and opinions."""
    vague, (ici, la_bas) = une_vague_close(nord, jura)
    double = f.un_agent(Role.INSTRUCTEUR, region=nord.region)
    f.un_role(double, Role.EXPERT)
    instructeur = f.un_agent(Role.INSTRUCTEUR)
    demander(la_bas, double, instructeur)
    un_autre_avis(la_bas, instructeur)
    client = connecter(double)
    liste = client.get(f"/instruction/vagues/{vague.numero}/").content.decode()
    assert (ici.reference in liste, la_bas.reference in liste) == (True, False)
    export = client.get(f"/instruction/vagues/{vague.numero}/dossiers.csv")
    assert la_bas.reference not in b"".join(export.streaming_content).decode()
    page = client.get(f"/instruction/dossiers/{la_bas.pk}/").content.decode()
    assert ("Une usine ferme." in page, AUTRE_AVIS in page) == (True, False)
    instruire(la_bas, instructeur=instructeur)
    assert client.get(f"/instruction/dossiers/{la_bas.pk}/").status_code == 404
