"""The lines of a procès-verbal, which the database writes by itself, in one statement.

`SOURCES` is the one place that says what each kind states. The closing inserts what they select, the check selects it
again and compares.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from candidatures.cloture.etats import NatureLigne
from candidatures.cloture.models.incidents import Incident
from candidatures.cloture.models.proces_verbaux import LigneProcesVerbal
from candidatures.cloture.models.prolongations import Prolongation
from candidatures.depot.models import Depot
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import Candidature
from candidatures.vagues.models.vagues import Vague
from rebond.socle.preuve.merkle import Arbre

LOT = 500


@dataclass(frozen=True)
class Portee:
    """What one procès-verbal is about: the files that it decides, in their wave."""

    vague: Vague
    rang: int
    candidatures: QuerySet[Candidature]


@dataclass(frozen=True)
class Source:
    """One kind of lines.

    `select` gives `objet`, `depot_id`, `candidature_id` and `texte` of the objects whose primary keys `{choix}`
    selects; `choisir` says which ones a procès-verbal lists. What goes on being written after it (`ouverte`) is found
    again when all that was stated still is.
    """

    nature: NatureLigne
    select: str
    choisir: Callable[[Portee], QuerySet[Any]]
    ouverte: bool = False


def _depots(portee: Portee) -> QuerySet[Depot]:
    return Depot.objects.filter(candidature__in=portee.candidatures.order_by().values("pk")).qui_comptent()


def _brouillons(portee: Portee) -> QuerySet[Candidature]:
    return portee.candidatures.filter(etat=EtatCandidature.BROUILLON)


def _prolongations(portee: Portee) -> QuerySet[Prolongation]:
    return Prolongation.objects.accordees().filter(vague=portee.vague)


def _incidents(portee: Portee) -> QuerySet[Incident]:
    return Incident.objects.filter(vague=portee.vague)


# The territory is told as it was deposited: its composition may change afterwards.
DEPOTS = """
    SELECT d.id AS objet, d.id AS depot_id, d.candidature_id, jsonb_build_object(
               'nature', 'depot',
               'numero', d.numero,
               'reference', c.reference,
               'territoire', c.territoire ->> 'nom',
               'siren_chef_de_file', c.territoire ->> 'chef_de_file',
               'recu_le', to_char(d.recu_le AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'enregistre_le', to_char(d.enregistre_le AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'source', d.source,
               'empreinte', d.empreinte,
               'pieces', COALESCE(p.pieces, '[]')
           )::text AS texte
      FROM candidatures_depot d
     CROSS JOIN LATERAL jsonb_to_record(d.contenu) AS c (reference text, territoire jsonb)
      LEFT JOIN (
               SELECT piece.depot_id, jsonb_agg(
                          jsonb_build_object(
                              'intitule', piece.intitule,
                              'nom', piece.nom,
                              'sha256', document.sha256,
                              'taille', document.taille
                          ) ORDER BY piece.id
                      ) AS pieces
                 FROM candidatures_piecedeposee piece
                 JOIN socle_document document ON document.id = piece.document_id
                WHERE piece.depot_id IN ({choix})
                GROUP BY piece.depot_id
           ) p ON p.depot_id = d.id
     WHERE d.id IN ({choix})
"""

BROUILLONS = """
    SELECT c.id AS objet, NULL::bigint AS depot_id, c.id AS candidature_id, jsonb_build_object(
               'nature', 'brouillon',
               'reference', 'R' || v.numero || '-' || lpad(c.id::text, greatest(4, length(c.id::text)), '0'),
               'territoire', t.nom
           )::text AS texte
      FROM candidatures_candidature c
      JOIN candidatures_vague v ON v.id = c.vague_id
      JOIN territoires_territoire t ON t.id = c.territoire_id
     WHERE c.id IN ({choix})
"""

PROLONGATIONS = """
    SELECT p.id AS objet, NULL::bigint AS depot_id, p.candidature_id, jsonb_build_object(
               'nature', 'prolongation',
               'reference', 'R' || v.numero || '-' || lpad(c.id::text, greatest(4, length(c.id::text)), '0'),
               'territoire', t.nom,
               'jusqu_au', to_char(p.jusqu_au AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'motif', p.motif,
               'proposee_le', to_char(p.demandee_le AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'signee_le', to_char(p.signee_le AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
           )::text AS texte
      FROM candidatures_prolongation p
      JOIN candidatures_vague v ON v.id = p.vague_id
      LEFT JOIN candidatures_candidature c ON c.id = p.candidature_id
      LEFT JOIN territoires_territoire t ON t.id = c.territoire_id
     WHERE p.id IN ({choix})
"""

INCIDENTS = """
    SELECT i.id AS objet, NULL::bigint AS depot_id, NULL::bigint AS candidature_id, jsonb_strip_nulls(
               jsonb_build_object(
                   'nature', 'incident',
                   'genre', i.nature,
                   'debut', to_char(i.debut AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   'fin', to_char(i.fin AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   'description', i.description,
                   'constate_par', CASE WHEN i.auteur_id IS NULL THEN 'le portail' ELSE 'un administrateur' END
               )
           )::text AS texte
      FROM candidatures_incident i
     WHERE i.id IN ({choix})
"""

SOURCES = (
    Source(NatureLigne.DEPOT, DEPOTS, _depots),
    Source(NatureLigne.BROUILLON, BROUILLONS, _brouillons),
    Source(NatureLigne.PROLONGATION, PROLONGATIONS, _prolongations),
    Source(NatureLigne.INCIDENT, INCIDENTS, _incidents, ouverte=True),
)

MORCEAU = "SELECT {} AS rang, %s AS nature, source.* FROM ({}) source"
INSERTION = """
    WITH ecrites AS (
        INSERT INTO candidatures_ligneprocesverbal
               (proces_verbal_id, ordre, nature, objet, depot_id, candidature_id, texte)
        SELECT %s, row_number() OVER (ORDER BY s.rang, s.candidature_id, s.objet), s.nature,
               s.objet, s.depot_id, s.candidature_id, s.texte
          FROM ({}) s
        RETURNING nature
    )
    SELECT nature, count(*) FROM ecrites GROUP BY nature
"""


def ecrire_lignes(proces_verbal_id: int, portee: Portee) -> dict[str, int]:
    """Write every line but the header, in one statement, and return how many there are of each kind."""
    morceaux, tous = [], []
    for rang, source in enumerate(SOURCES):
        select, parametres = selection(source, source.choisir(portee))
        morceaux.append(MORCEAU.format(rang, select))
        tous += [source.nature, *parametres]
    with connection.cursor() as curseur:
        curseur.execute(INSERTION.format(" UNION ALL ".join(morceaux)), [proces_verbal_id, *tous])
        ecrites = dict(curseur.fetchall())
    return {source.nature: ecrites.get(source.nature, 0) for source in SOURCES}


def selection(source: Source, choix: QuerySet[Any], *, cle: str = "pk") -> tuple[str, tuple[Any, ...]]:
    """The lines of `choix`, whose `cle` is a primary key: SQL and its parameters."""
    try:
        sql, parametres = choix.order_by().values(cle).query.sql_with_params()
    except EmptyResultSet:
        sql, parametres = "SELECT NULL::bigint WHERE FALSE", ()
    return source.select.replace("{choix}", sql), parametres * source.select.count("{choix}")


def arbre_des_lignes(proces_verbal_id: int, *, suivre: int | None = None) -> Arbre:
    """The hash tree of the lines as they are stored, read by batches."""
    lignes = LigneProcesVerbal.objects.filter(proces_verbal=proces_verbal_id).order_by("ordre")
    arbre = Arbre(suivre=suivre)
    for texte in lignes.values_list("texte", flat=True).iterator(chunk_size=LOT):
        arbre.ajouter(texte.encode())
    return arbre
