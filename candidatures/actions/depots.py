"""The deposit: the act that a court may look at.

What counts is reception (`recu_le`), judged strictly before the deadline. The wave's row is held FOR SHARE, so that
the closing waits for deposits in flight; the database stamps and judges again by trigger
(`candidatures.models.depots`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from candidatures.actions.ecriture import qualite_de, tenir
from candidatures.actions.rappels import oublier_rappels
from candidatures.etats import ETATS_MODIFIABLES, Qualite, Source
from candidatures.instantane import dossier_de, instantane, membres_de, pieces_de
from candidatures.models import Candidature, Depot, PieceDeposee, PieceJointe
from candidatures.regles import manques, recu_a_temps
from rebond.socle.contraintes import traduire
from rebond.socle.empreintes import empreinte
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.journal import consigner
from rebond.socle.models import Utilisateur
from rebond.socle.taches import planifier
from rebond.socle.transitions import appliquer
from rebond.socle.typographie import compte, instant_fr

REFUS = {
    "depot_avant_proces_verbal": "La clôture de cette vague est enregistrée : elle n’accepte plus de dépôt. "
    "Votre brouillon est conservé.",
    "depot_recu_dans_la_vague": "Cette vague n’accepte pas de dépôt en ce moment. Votre brouillon est conservé.",
    "depot_dans_la_grace": "Le portail n’a pas pu enregistrer votre demande à temps. Votre brouillon est conservé : "
    "renouvelez le dépôt, et signalez-nous cet incident si la vague est désormais close.",
}


def deposer(
    *,
    candidature: Candidature,
    auteur: Utilisateur,
    recu_le: datetime,
    cle: UUID,
    preuve: Mapping[str, object] | None = None,
) -> Depot:
    """Make an immutable deposit of the file as it stands, and return it.

    `recu_le` is the reception of the request, on the database's clock; `preuve` says how it is known, for the journal.
    `cle` comes from the form: the same request sent twice, even at once, gives the same deposit. A later deposit of
    the same file replaces this one until the deadline.

    Raises `EcheanceDepassee` (with both instants) when the request came at or after the deadline, `RegleEnfreinte`
    when the file is incomplete, not in a state to be deposited, or the wave is not open. The draft is never touched.
    """
    with traduire(REFUS), transaction.atomic():
        verrouillee = tenir_avec_sa_vague(candidature)
        if deja := _deja_fait(verrouillee, cle):
            return deja
        if qualite_de(verrouillee, auteur) != Qualite.PORTEUR:
            raise RegleEnfreinte("Seul le porteur du dossier peut le déposer.")
        _verifier_reception(verrouillee, recu_le)
        pieces = pieces_de(verrouillee)
        if absents := manques(dossier_de(verrouillee, pieces, membres_de(verrouillee))):
            raise RegleEnfreinte(
                "Votre dossier n’est pas complet : il manque "
                f"{compte(len(absents), 'réponse ou pièce', 'réponses ou pièces')}."
            )
        depot = _enregistrer(verrouillee, pieces, auteur, recu_le, cle, Source.PORTAIL, preuve)
        candidature.etat = verrouillee.etat
    return depot


def reprendre_depot(*, candidature: Candidature, auteur: Utilisateur, recu_le: datetime, cle: UUID) -> Depot:
    """Take over a deposit that was received by another system, at its own instant; it says so (`source = reprise`).

    The deadline judges it as any other. Completeness is that system's business. No receipt is made: it has its own.
    """
    with traduire(REFUS), transaction.atomic():
        verrouillee = tenir_avec_sa_vague(candidature)
        if deja := _deja_fait(verrouillee, cle):
            return deja
        _verifier_reception(verrouillee, recu_le)
        pieces = pieces_de(verrouillee)
        depot = _enregistrer(verrouillee, pieces, auteur, recu_le, cle, Source.REPRISE)
        candidature.etat = verrouillee.etat
    return depot


def tenir_avec_sa_vague(candidature: Candidature) -> Candidature:
    """Lock the wave's row (shared) and the file's (exclusive), in that order, which is also the closing's."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT id FROM candidatures_vague WHERE id = %s FOR SHARE", [candidature.vague_id])
    return tenir(candidature)


def _deja_fait(candidature: Candidature, cle: UUID) -> Depot | None:
    deja = Depot.objects.filter(cle=cle).first()
    if deja is not None and deja.candidature_id != candidature.pk:
        raise RegleEnfreinte("Cette demande de dépôt concerne un autre dossier. Rouvrez la page de dépôt.")
    return deja


def _verifier_reception(candidature: Candidature, recu_le: datetime) -> None:
    vague, echeance = candidature.vague, candidature.echeance
    if recu_a_temps(recu_le, vague.ouverture, echeance):
        return
    if recu_le < vague.ouverture:
        raise RegleEnfreinte(f"La vague {vague.numero} n’ouvre que le {instant_fr(vague.ouverture)}.")
    raise EcheanceDepassee(
        f"Votre demande de dépôt est parvenue au portail le {instant_fr(recu_le, secondes=True)} (heure de Paris), "
        f"après l’échéance de votre dossier, fixée au {instant_fr(echeance, secondes=True)} (vague {vague.numero}). "
        "Le dossier n’est pas déposé ; son contenu est conservé.",
        recu_le=recu_le,
        echeance=echeance,
    )


def _enregistrer(
    candidature: Candidature,
    pieces: list[PieceJointe],
    auteur: Utilisateur,
    recu_le: datetime,
    cle: UUID,
    source: Source,
    preuve: Mapping[str, object] | None = None,
) -> Depot:
    rang = Depot.objects.filter(candidature=candidature).count() + 1
    contenu = instantane(candidature, pieces, membres_de(candidature))
    depot = Depot.objects.create(
        candidature=candidature,
        rang=rang,
        numero=f"{candidature.reference}-{rang}",
        recu_le=recu_le,
        source=source,
        contenu=contenu,
        empreinte=empreinte(contenu),
        cle=cle,
        auteur=auteur,
    )
    PieceDeposee.objects.bulk_create(
        PieceDeposee(depot=depot, document=piece.document, nature=piece.nature, intitule=piece.intitule, nom=piece.nom)
        for piece in pieces
    )
    details: dict[str, Any] = {"depot": depot.numero, "empreinte": depot.empreinte, **(preuve or {})}
    if source is Source.REPRISE and candidature.etat not in ETATS_MODIFIABLES:
        # A later version of a file whose instruction has begun: its state stays.
        consigner("reprendre_version", candidature, acteur=auteur, fait_le=recu_le, **details)
    else:
        appliquer(candidature, "deposer", acteur=auteur, maintenant=recu_le, **details)
    oublier_rappels(candidature)
    if source is Source.PORTAIL:
        planifier("candidatures.tasks.fabriquer_accuse", depot.pk)
    return depot
