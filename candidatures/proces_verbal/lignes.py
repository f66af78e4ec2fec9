"""The lines of a procès-verbal, which the database writes by itself: as many statements as there are kinds of lines.

`SOURCES` is the one place that says what each kind states. The closing inserts what they select, the check selects it
again and compares.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from candidatures.etats import EtatCandidature, NatureLigne
from candidatures.models import Candidature, Depot, LigneProcesVerbal, Vague
from rebond.socle.merkle import Arbre

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
    selects; `choisir` says which ones a procès-verbal lists.
    """

    nature: NatureLigne
    select: str
    choisir: Callable[[Portee], QuerySet[Any]]


def _depots(portee: Portee) -> QuerySet[Depot]:
    return Depot.objects.filter(candidature__in=portee.candidatures.order_by().values("pk")).qui_comptent()


def _brouillons(portee: Portee) -> QuerySet[Candidature]:
    return portee.candidatures.filter(etat=EtatCandidature.BROUILLON)


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

SOURCES = (
    Source(NatureLigne.DEPOT, DEPOTS, _depots),
    Source(NatureLigne.BROUILLON, BROUILLONS, _brouillons),
)

INSERTION = """
    INSERT INTO candidatures_ligneprocesverbal
           (proces_verbal_id, ordre, nature, objet, depot_id, candidature_id, texte)
    SELECT %s, %s + row_number() OVER (ORDER BY s.candidature_id, s.objet), %s,
           s.objet, s.depot_id, s.candidature_id, s.texte
      FROM ({}) s
"""


def ecrire_lignes(proces_verbal_id: int, portee: Portee) -> dict[str, int]:
    """Write every line but the header, and return how many there are of each kind."""
    comptes: dict[str, int] = {}
    ordre = 0
    with connection.cursor() as curseur:
        for source in SOURCES:
            select, parametres = selection(source, source.choisir(portee))
            curseur.execute(INSERTION.format(select), [proces_verbal_id, ordre, source.nature, *parametres])
            comptes[source.nature] = curseur.rowcount
            ordre += curseur.rowcount
    return comptes


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
