"""The details of the journal are read in words; the entry keeps what was written."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from candidatures.dossier.actes import ActeDuDossier
from rebond.socle.journal.actions import consigner
from rebond.socle.journal.details import DE, MOTS, VERS, details_en_mots
from territoires.etats import Role
from tests import fabriques as f

RACINE = Path(__file__).resolve().parents[3]
DOSSIER = "candidatures.candidature"


def cles_consignees() -> Iterator[str]:
    for paquet in ("candidatures", "projets", "rebond", "territoires"):
        for chemin in (RACINE / paquet).rglob("*.py"):
            if "migrations" not in chemin.parts:
                yield from _cles(ast.parse(chemin.read_text()))


def _cles(arbre: ast.AST) -> Iterator[str]:
    for noeud in ast.walk(arbre):
        nomme = isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Name)
        if nomme and noeud.func.id.lstrip("_") == "consigner":
            yield from (mot.arg for mot in noeud.keywords if mot.arg)


def test_tout_ce_que_les_actes_consignent_a_un_nom() -> None:
    assert {*cles_consignees()} - {"acteur", "fait_le", DE, VERS} - MOTS.keys() == set()


@pytest.mark.parametrize(
    ("details", "dits"),
    [
        ({}, []),
        ({"siren": "", "motif": None, "membres": []}, []),
        ({"jusqu_au": "2026-03-02T13:05:12+00:00"}, [("Jusqu’au", "2\u00a0mars\u00a02026 à 14:05:12")]),
        ({"au": "2026-01-01"}, [("Jusqu’au", "1er\u00a0janvier\u00a02026")]),
        ({"motif": "2026-13-45"}, [("Raison", "2026-13-45")]),
        (
            {"membres": ["200068500", "200030633"]},
            [("Membres (SIREN)", "200\u00a0068\u00a0500 et 200\u00a0030\u00a0633")],
        ),
        ({"fondee": True, "requis": "False"}, [("Signalement fondé", "oui"), ("Exigé", "non")]),
        ({"compte": 12345, "octets": 12345}, [("Compte n°", "12345"), ("Taille en octets", "12\u202f345")]),
        ({"qualite": "co_porteur"}, [("Rôle dans le dossier", "Coresponsable")]),
        ({"de": "brouillon", "vers": "deposee"}, [("Passe", "de «\u00a0Brouillon\u00a0» à «\u00a0Déposée\u00a0»")]),
        ({"de": "ancien_etat", "vers": "deposee"}, [("De", "ancien_etat"), ("Vers", "deposee")]),
        ({"une_cle_d_autrefois": "x"}, [("Une cle d autrefois", "x")]),
        ({"apres": {"cloture": "2026-01-01"}}, [("Après", "clôture\u00a0: 1er\u00a0janvier\u00a02026")]),
    ],
)
def test_les_details_se_lisent_en_mots(details: dict, dits: list) -> None:
    assert details_en_mots(DOSSIER, details) == dits


@pytest.mark.django_db
def test_l_auditeur_lit_des_mots_et_l_entree_garde_ce_qui_fut_ecrit(client: Client) -> None:
    dossier, auditeur = f.une_candidature(), f.un_agent(Role.AUDITEUR)
    details = {"jusqu_au": "2026-03-02T13:05:12+00:00", "motif": "<b>Panne</b>"}
    entree = consigner(ActeDuDossier.INVITER, dossier, acteur=None, **details)
    client.force_login(auditeur)
    page = client.get(reverse("journal"), {"acte": "inviter"}).content.decode()
    assert "<li>Raison&nbsp;: &lt;b&gt;Panne&lt;/b&gt;</li>" in page
    assert "<li>Jusqu’au&nbsp;: 2\u00a0mars\u00a02026 à 14:05:12</li>" in page
    assert "jusqu au" not in page
    assert "T13:05:12" not in page
    entree.refresh_from_db()
    assert entree.details == details
