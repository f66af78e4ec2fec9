"""What pages cost the database: as many statements for one file, opinion or decision as for several."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.candidatures.pages.instruction.outils import connecter, demander

pytestmark = pytest.mark.django_db


def instructions(client, adresse: str) -> int:
    """How many statements the page costs once it has been shown."""
    assert client.get(adresse).status_code == 200
    with CaptureQueriesContext(connection) as captees:
        client.get(adresse)
    return len(captees)


def test_un_dossier_se_lit_en_douze_instructions():
    """Whether its reader reads it whole, and whether they instruct it, is asked with the file itself."""
    _, (dossier,) = une_vague_close(None)
    agent = f.un_agent(Role.INSTRUCTEUR)
    client, adresse = connecter(agent), reverse("instruction:dossier", args=[dossier.pk])
    lues = [instructions(client, adresse)]
    for _ in range(3):
        demander(dossier, f.un_agent(Role.EXPERT), agent)
    f.un_depot(dossier, recu_le=dossier.vague.cloture - f.timedelta(milliseconds=1))
    lues.append(instructions(client, adresse))
    assert (lues[0] == lues[1], lues[1] <= 12) == (True, True), lues


def test_les_decisions_coutent_autant_pour_un_dossier_que_pour_trois():
    lues = []
    for nombre in (1, 3):
        cloture = f.midi_a_paris(f.date(2023, 2 * nombre, 1))
        vague, dossiers = une_vague_close(*[None] * nombre, cloture=cloture)
        for dossier in dossiers:
            instruire(dossier)
        client = connecter(f.un_agent(Role.VALIDEUR))
        lues.append(instructions(client, reverse("instruction:decisions", args=[vague.numero])))
    assert lues == [10, 10]


def test_l_accueil_d_un_porteur_coute_autant_pour_un_dossier_que_pour_trois():
    vague, porteur = f.une_vague(), f.un_utilisateur()
    lues = []
    for nombre in (1, 2):
        for _ in range(nombre):
            f.une_candidature(vague=vague, porteur=porteur, complete=False)
        client = connecter(porteur)
        lues.append([instructions(client, reverse(nom)) for nom in ("tableau_de_bord", "candidatures:liste")])
    assert (lues[0] == lues[1], max(lues[1]) <= 8) == (True, True), lues
