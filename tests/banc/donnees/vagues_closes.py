"""Waves full of files to be closed, written by Postgres itself: the product's own acts would take an hour."""

from datetime import timedelta

from django.db import connection

from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.models import Candidature, Depot, Vague
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.outils.roles import en_administrateur

PIECES = 5


def une_vague_close(dossiers: int) -> Vague:
    """A wave past its deadline and its grace, with so many deposited files of `PIECES` attachments each.

    Each has its own territory, porteur and deposit; their content is that of a file filled in by the product.
    """
    modele = Depot.objects.order_by("pk").first() or f.un_depot(f.une_candidature(vague=la_vague_ouverte()))
    ouverture = horloge_base() - timedelta(days=2500 - Vague.objects.count())
    vague = f.une_vague(ouverture=ouverture, cloture=ouverture + timedelta(days=1))
    parametres = {"vague": vague.pk, "modele": modele.candidature_id, "depot": modele.pk, "n": dossiers}
    parametres["cahier"] = cahier_en_vigueur(vague=vague).pk
    with en_administrateur(), connection.cursor() as curseur:
        curseur.execute("SET session_replication_role = replica")
        for instruction in SEMIS:
            curseur.execute(instruction, parametres | {"pieces": PIECES})
        curseur.execute("SET session_replication_role = origin")
        curseur.execute("ANALYZE")
    return vague


def la_vague_ouverte() -> Vague:
    maintenant = horloge_base()
    return Vague.objects.ouvertes(maintenant).first() or f.une_vague(ouverture=maintenant - timedelta(days=1))


def des_brouillons_complets(nombre: int) -> list[Candidature]:
    """Files of the open wave, ready to be deposited."""
    return [f.une_candidature(vague=la_vague_ouverte()) for _ in range(nombre)]


SEMIS = (
    """
    CREATE TEMPORARY TABLE IF NOT EXISTS semis (n int, territoire bigint, utilisateur bigint, candidature bigint,
                                                depot bigint);
    TRUNCATE semis;
    INSERT INTO semis SELECT n, nextval('territoires_territoire_id_seq'), nextval('socle_utilisateur_id_seq'),
                             nextval('candidatures_candidature_id_seq'), nextval('candidatures_depot_id_seq')
      FROM generate_series(1, %(n)s) n
    """,
    """
    INSERT INTO territoires_territoire
    SELECT (jsonb_populate_record(t, jsonb_build_object('id', s.territoire, 'nom', 'Territoire ' || s.territoire,
                                                        'cle', lpad(s.territoire::text, 9, '0')))).*
      FROM semis s, territoires_territoire t JOIN candidatures_candidature c ON c.territoire_id = t.id
     WHERE c.id = %(modele)s
    """,
    """
    INSERT INTO socle_utilisateur
    SELECT (jsonb_populate_record(u, jsonb_build_object('id', s.utilisateur,
                                                        'email', 'banc-' || s.utilisateur || '@example.org'))).*
      FROM semis s, socle_utilisateur u JOIN candidatures_participation p ON p.utilisateur_id = u.id
     WHERE p.candidature_id = %(modele)s
    """,
    """
    INSERT INTO candidatures_candidature
    SELECT (jsonb_populate_record(c, jsonb_build_object('id', s.candidature, 'vague_id', %(vague)s,
                                                        'cahier_id', %(cahier)s::bigint, 'territoire_id', s.territoire,
                                                        'territoire_tenu', lpad(s.territoire::text, 9, '0')))).*
      FROM semis s, candidatures_candidature c WHERE c.id = %(modele)s
    """,
    """
    INSERT INTO candidatures_participation (candidature_id, utilisateur_id, qualite)
    SELECT candidature, utilisateur, 'porteur' FROM semis
    """,
    """
    INSERT INTO candidatures_depot
    SELECT (jsonb_populate_record(d, jsonb_build_object('id', s.depot, 'candidature_id', s.candidature,
            'numero', 'B-' || s.depot, 'cle', gen_random_uuid(), 'auteur_id', s.utilisateur,
            'recu_le', v.cloture - interval '1 minute', 'enregistre_le', v.cloture - interval '59 seconds'))).*
      FROM semis s, candidatures_depot d, candidatures_vague v WHERE d.id = %(depot)s AND v.id = %(vague)s
    """,
    """
    INSERT INTO candidatures_piecedeposee (depot_id, document_id, nature, intitule, nom)
    SELECT s.depot, p.document_id, p.nature, p.intitule || ' ' || i, p.nom
      FROM semis s, generate_series(1, %(pieces)s) i,
           (SELECT * FROM candidatures_piecedeposee WHERE depot_id = %(depot)s LIMIT 1) p
    """,
)
