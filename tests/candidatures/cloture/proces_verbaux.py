"""What the tests of the procès-verbal read and build."""

import json
from typing import Any

from candidatures.cloture.actions import cloture
from candidatures.models import Depot, ProcesVerbal, Vague
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.preuve.empreintes import empreinte
from tests import fabriques as f
from tests.outils.roles import administrer, sans_declencheurs


def clore(vague: Vague) -> ProcesVerbal:
    proces_verbal = cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
    assert proces_verbal is not None
    return proces_verbal


def lignes(proces_verbal: ProcesVerbal, nature: str = "depot") -> list[dict[str, Any]]:
    """The lines of one kind, in order, as data."""
    textes = proces_verbal.lignes.filter(nature=nature).order_by("ordre").values_list("texte", flat=True)
    return [json.loads(texte) for texte in textes]


def numeros(proces_verbal: ProcesVerbal) -> list[str]:
    return [ligne["numero"] for ligne in lignes(proces_verbal)]


def falsifier(*requetes: str) -> None:
    """What someone with the whole database in hand could write: no trigger, no foreign key stops it."""
    with sans_declencheurs():
        administrer(*requetes)


def beaucoup_de_depots(vague: Vague, nombre: int, *, pieces: int = 5) -> None:
    """`nombre` more deposited files with `pieces` attachments each, and a tenth as many drafts, by raw SQL.

    All are copies of one; their attachments have no bytes. The wave is past.
    """
    depot = f.un_depot(f.une_candidature(vague=vague))
    dossiers = nombre + nombre // 10
    falsifier(
        f"""INSERT INTO territoires_territoire SELECT (jsonb_populate_record(t, jsonb_build_object(
                'id', 1000000 + n, 'nom', 'Territoire n° ' || n, 'cle', lpad(n::text, 9, '0')))).*
              FROM territoires_territoire t, generate_series(1, {dossiers}) n
             WHERE t.id = {depot.candidature.territoire_id}""",
        f"""INSERT INTO candidatures_candidature SELECT (jsonb_populate_record(c, jsonb_build_object(
                'id', 1000000 + n, 'territoire_id', 1000000 + n,
                'territoire_tenu', CASE WHEN n <= {nombre} THEN lpad(n::text, 9, '0') ELSE '' END,
                'etat', CASE WHEN n <= {nombre} THEN 'deposee' ELSE 'brouillon' END))).*
              FROM candidatures_candidature c, generate_series(1, {dossiers}) n
             WHERE c.id = {depot.candidature_id}""",
        f"""INSERT INTO candidatures_participation SELECT (jsonb_populate_record(p, jsonb_build_object(
                'id', 1000000 + n, 'candidature_id', 1000000 + n))).*
              FROM candidatures_participation p, generate_series(1, {dossiers}) n
             WHERE p.candidature_id = {depot.candidature_id} AND p.qualite = 'porteur'""",
        f"""INSERT INTO candidatures_depot SELECT (jsonb_populate_record(d, jsonb_build_object(
                'id', 1000000 + n, 'candidature_id', 1000000 + n, 'cle', gen_random_uuid(),
                'numero', 'R{vague.numero}-' || (1000000 + n) || '-1'))).*
              FROM candidatures_depot d, generate_series(1, {nombre}) n WHERE d.id = {depot.pk}""",
        f"""INSERT INTO socle_document SELECT (jsonb_populate_record(o, jsonb_build_object(
                'id', 1000000 + n, 'sha256', encode(sha256(n::text::bytea), 'hex')))).*
              FROM socle_document o, generate_series(1, {nombre * pieces}) n
             WHERE o.id = {depot.pieces.get().document_id}""",
        f"""INSERT INTO candidatures_piecedeposee SELECT (jsonb_populate_record(p, jsonb_build_object(
                'id', 1000000 + n, 'document_id', 1000000 + n, 'nom', 'piece-' || n || '.pdf',
                'depot_id', 1000000 + (n + {pieces} - 1) / {pieces}))).*
              FROM candidatures_piecedeposee p, generate_series(1, {nombre * pieces}) n
             WHERE p.depot_id = {depot.pk}""",
        "ANALYZE territoires_territoire, candidatures_candidature, candidatures_depot, candidatures_piecedeposee",
        "ANALYZE socle_document",
    )


def un_proces_verbal_de_format_1(depot: Depot) -> ProcesVerbal:
    """As the portal recorded them before the lines."""
    piece = depot.pieces.select_related("document").get()
    contenu = {
        "format": 1,
        "depots": [
            {
                "numero": depot.numero,
                "reference": depot.candidature.reference,
                "territoire": depot.candidature.territoire.nom,
                "siren_chef_de_file": depot.candidature.territoire.chef_de_file.siren,
                "recu_le": depot.recu_le.isoformat(),
                "enregistre_le": depot.enregistre_le.isoformat(),
                "source": depot.source,
                "empreinte": depot.empreinte,
                "pieces": [{"nom": piece.nom, "sha256": piece.document.sha256, "taille": piece.document.taille}],
            }
        ],
        "brouillons": [{"reference": "R1-0002", "territoire": "Mesnil"}],
        "precedent": None,
    }
    vague = depot.candidature.vague
    return ProcesVerbal.objects.create(vague=vague, rang=1, contenu=contenu, empreinte=empreinte(contenu))
