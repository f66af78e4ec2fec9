"""Sealing the journal while others write in it."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection

from candidatures.vagues.actes import ActeDeVague
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal import scelles
from rebond.socle.journal.actions import consigner
from rebond.socle.journal.models import EntreeJournal, ScelleDuJournal
from rebond.socle.journal.verification import verifier
from tests import fabriques as f
from tests.concurrence.attente import attendre
from tests.outils.ouvrier import url_de_la_base_de_test

ECRIRE = """
INSERT INTO socle_entreejournal (acte, acteur, objet_type, objet_id, objet, details)
VALUES ('programmer', '', 'candidatures.vague', '1', 'Vague 1', '{}') RETURNING id
"""


def sceller_ailleurs() -> int:
    try:
        return scelles.sceller()
    finally:
        connection.close()


def un_scelle_attend() -> bool:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            " AND datname = current_database())"
        )
        attend: bool = curseur.fetchone()[0]
    return attend


@pytest.mark.django_db(transaction=True)
def test_un_scelle_attend_qui_ecrivait_et_personne_n_attend_le_scelle() -> None:
    """Numbers are taken before they are committed: the lowest comes last."""
    personne = f.un_utilisateur()
    with psycopg.connect(url_de_la_base_de_test()) as lente, ThreadPoolExecutor(1) as fil:
        premiere = lente.execute(ECRIRE).fetchone()
        seconde = consigner(ActeDeVague.PROGRAMMER, personne, acteur=personne)
        scelle = fil.submit(sceller_ailleurs)
        attendre(un_scelle_attend)
        troisieme = consigner(ActeDeVague.PROGRAMMER, personne, acteur=personne)
        assert (EntreeJournal.objects.count(), scelle.done()) == (2, False)
        lente.commit()
        assert scelle.result(30) == 2
    un, deux = ScelleDuJournal.objects.order_by("numero")
    assert premiere is not None
    assert premiere[0] < seconde.pk == un.fin < troisieme.pk == deux.fin
    assert (un.nombre, deux.nombre) == (2, 1)
    assert verifier(horloge_base()).alterations == []


@pytest.mark.django_db(transaction=True)
def test_deux_scelles_au_meme_instant_se_suivent() -> None:
    personne = f.un_utilisateur()
    for _ in range(3):
        consigner(ActeDeVague.PROGRAMMER, personne, acteur=personne)
    with ThreadPoolExecutor(2) as fils:
        faits = [fils.submit(sceller_ailleurs) for _ in range(2)]
        assert sum(fait.result(30) for fait in faits) == 1
    assert ScelleDuJournal.objects.get().nombre == 3
    assert verifier(horloge_base()).alterations == []
