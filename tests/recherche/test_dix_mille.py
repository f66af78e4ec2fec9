"""Ten thousand files: the same statements as for a hundred, texts found in their index; no time is measured."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Participation
from territoires.etats import Role
from tests import fabriques as f
from tests.outils.roles import administrer, sans_declencheurs
from tests.outils.vagues_pleines import une_vague_pleine
from tests.requetes.plafonds import PLAFOND

pytestmark = pytest.mark.django_db
GRANDE, PETITE = 10_000, 100
#: In all of them, in some, in one, in none, and what is looked for otherwise than in a text.
SAISIES = ("usine", "naval", "mot77", "introuvable", "Abc", "R1-", "200068500", "Cambray", "de la")
LOURDES = {"candidatures_textedudossier", "candidatures_depot"}
TEXTES = """
    INSERT INTO candidatures_textedudossier (candidature_id, origine, vecteur)
    SELECT s.candidature_id, 'reponses',
           recherche_vecteur('Une usine ferme, ' || s.filieres[1] || ', mot' || row_number() OVER (ORDER BY s.cle))
      FROM (SELECT *, candidature_id AS cle FROM candidatures_suivi) s
     WHERE s.cle NOT IN (SELECT candidature_id FROM candidatures_textedudossier)
"""
# An attachment of each, which says what its answers do and more.
PIECES = """
    INSERT INTO candidatures_textedudossier (candidature_id, origine, vecteur)
    SELECT candidature_id, 'piece-' || (1000000 + candidature_id),
           recherche_vecteur('Étude de cette usine qui ferme, annexe' || candidature_id)
      FROM candidatures_suivi ON CONFLICT DO NOTHING
"""


def nombres(clients: list[Client]) -> list[int]:
    comptes = []
    for client in clients:
        # Whatever a process or a session reads once.
        client.get("/recherche/", {"q": SAISIES[0]})
        for saisie in SAISIES:
            with CaptureQueriesContext(connection) as captees:
                assert client.get("/recherche/", {"q": saisie}).status_code == 200
            comptes.append(len(captees))
    return comptes


def test_a_dix_mille_dossiers_une_recherche_coute_ce_qu_elle_coute_a_cent(seances_de_l_instant):
    f.un_epci()
    une_vague_pleine(PETITE, cloture=f.midi_a_paris(f.date(2023, 2, 1)))
    administrer(TEXTES, PIECES)
    moi = {role: f.un_agent(role) for role in (Role.VALIDEUR, Role.EXPERT, Role.ADMINISTRATEUR)}
    moi["partie"] = f.un_agent(Role.COMITE)
    un_sien = Candidature.objects.earliest("pk")
    with sans_declencheurs():
        Participation.objects.create(candidature=un_sien, utilisateur=moi["partie"], qualite=Qualite.LECTEUR)
    clients = []
    for personne in moi.values():
        clients.append(Client())
        clients[-1].force_login(personne)
    peu = nombres(clients)
    une_vague_pleine(GRANDE, cloture=f.midi_a_paris(f.date(2023, 6, 1)))
    administrer(TEXTES, PIECES, "ANALYZE candidatures_textedudossier")
    avant = parcours()
    beaucoup = nombres(clients)
    apres = parcours()
    assert (beaucoup, max(beaucoup) <= PLAFOND) == (peu, True)
    assert {table: apres[table][0] - avant[table][0] for table in LOURDES} == dict.fromkeys(LOURDES, 0)
    assert apres["candidatures_textedudossier"][1] > avant["candidatures_textedudossier"][1]


def parcours() -> dict[str, tuple[int, int]]:
    """How often each of these tables was read from one end to the other, and by an index, in this transaction."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT relname, seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)", [[*LOURDES]]
        )
        return {table: (entiers, par_index) for table, entiers, par_index in curseur.fetchall()}


def ecritures() -> dict[str, int]:
    """How many rows of each table were written. Postgres tells those of earlier transactions too, that it has not yet
    published: what an act writes is a difference."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT relname::text, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(curseur.fetchall())


def test_enregistrer_une_rubrique_n_ecrit_rien_pour_la_recherche():
    """The busiest act of the portal: of the tables that it writes, none is indexed by words nor copied to what is."""
    dossier = f.une_candidature()
    avant = ecritures()
    f.reecrire(dossier, "Une tannerie ferme.")
    ecrites = {table for table, lignes in ecritures().items() if lignes > avant.get(table, 0)}
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT t.tgname FROM pg_trigger t WHERE t.tgrelid = ANY(%(tables)s::regclass[])"
            " AND NOT t.tgisinternal AND pg_get_functiondef(t.tgfoid) LIKE '%%recherche_vecteur%%'"
            " UNION ALL SELECT indexname FROM pg_indexes"
            " WHERE tablename = ANY(%(tables)s) AND indexdef LIKE '%%recherche_vecteur%%'",
            {"tables": sorted(ecrites)},
        )
        assert (curseur.fetchall(), "candidatures_textedudossier" in ecrites) == ([], False)
    assert {"candidatures_candidature", "candidatures_versiondesection"} <= ecrites
