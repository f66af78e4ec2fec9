"""The acts of the journal: each has its words and its readers, and is done somewhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from candidatures.depot.actes import ActeDeDepot
from candidatures.dossier.actes import ActeDuDossier
from candidatures.instruction.actes import ActeDInstruction
from rebond.socle.etats.table import Table
from rebond.socle.journal.actes import SUR, Acte, Lecteurs, actes_lus_par, libelle_acte

RACINE = Path(__file__).resolve().parents[3]
DOSSIER = "candidatures.candidature"


def enumerations() -> list[type[Acte]]:
    return list(dict.fromkeys(enumeration for celles in SUR.values() for enumeration in celles))


def faits() -> Iterator[str]:
    """Every act that the product names outside its enumerations: « ActeDuDossier.OUVRIR »."""
    for paquet in ("candidatures", "projets", "territoires", "rebond"):
        for fichier in (RACINE / paquet).rglob("*.py"):
            if fichier.name == "actes.py" or "migrations" in fichier.parts:
                continue
            for noeud in ast.walk(ast.parse(fichier.read_text())):
                if isinstance(noeud, ast.Attribute) and isinstance(noeud.value, ast.Name):
                    yield f"{noeud.value.id}.{noeud.attr}"


def tables() -> Iterator[tuple[type[models.Model], Table]]:
    for modele in apps.get_models():
        if table := getattr(modele, "TRANSITIONS", None):
            yield modele, table


def test_chaque_acte_se_fait_quelque_part() -> None:
    nommes = set(faits())
    passages = {(type(t.acte), t.acte) for _, table in tables() for t in table.values()}
    jamais = [
        f"{enumeration.__name__}.{acte.name}"
        for enumeration in enumerations()
        for acte in enumeration
        if f"{enumeration.__name__}.{acte.name}" not in nommes and (enumeration, acte) not in passages
    ]
    assert jamais == []


def test_chaque_passage_est_un_acte_de_son_objet() -> None:
    """What a table names, the journal tells in words."""
    for modele, table in tables():
        propres = set(SUR[modele._meta.label_lower])
        assert {type(transition.acte) for transition in table.values()} <= propres


@pytest.mark.parametrize("objet_type", sorted(SUR))
def test_sur_un_objet_un_acte_n_a_qu_un_sens(objet_type: str) -> None:
    """Two rooms may not give the same name to two acts on the same thing, nor leave one without words."""
    apps.get_model(objet_type)
    actes = [acte for enumeration in SUR[objet_type] for acte in enumeration]
    assert len({acte.value for acte in actes}) == len(actes)
    assert all(acte.libelle.strip() and len(acte.value) <= 80 for acte in actes)


def test_un_acte_d_une_version_passee_garde_ses_mots() -> None:
    assert libelle_acte("ecrire_au_prefet", DOSSIER) == "Ecrire au prefet"
    assert libelle_acte("ouvrir", DOSSIER) == "Dossier ouvert"
    # The same word on something else is another act.
    assert libelle_acte("ouvrir", "projets.mission") == "Mission lancée"


def test_le_territoire_ne_lit_aucun_acte_qui_dirait_une_decision() -> None:
    lus = set(actes_lus_par(Lecteurs.TERRITOIRE, DOSSIER))
    assert {ActeDuDossier.DEPOSER, ActeDeDepot.RECTIFIER_ACCUSE, ActeDInstruction.ENVOYER_MESSAGE} <= lus
    assert not lus & {
        ActeDuDossier.OUVRIR_INSTRUCTION,
        ActeDuDossier.DECLARER_IRRECEVABLE,
        ActeDuDossier.SIGNER_IRRECEVABILITE,
        ActeDInstruction.PROPOSER_IRRECEVABILITE,
        ActeDInstruction.RENVOYER_IRRECEVABILITE,
        ActeDuDossier.PROPOSER,
        ActeDuDossier.LABELLISER,
        ActeDuDossier.NE_PAS_RETENIR,
        ActeDuDossier.AJOURNER,
        ActeDInstruction.CONSTATER_RECEVABILITE,
        ActeDInstruction.DEMANDER_AVIS,
        ActeDInstruction.RENDRE_AVIS,
        ActeDInstruction.DECLARER_INTERET,
    }
