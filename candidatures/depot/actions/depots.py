"""The deposit: the act that a court may look at.

What counts is reception (`recu_le`), judged strictly before the deadline. The wave's row is held FOR SHARE, so that
the closing waits for deposits in flight; the database stamps and judges again by trigger
(`candidatures.depot.models`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from candidatures.depot.actes import ActeDeDepot
from candidatures.depot.actions.rappels import oublier_rappels
from candidatures.depot.actions.tenue import recevoir
from candidatures.depot.etats import LectureDuDepot
from candidatures.depot.models import Depot, PieceDeposee
from candidatures.depot.regles import derniere_minute, empechement_de_deposer, recu_a_temps
from candidatures.depot.relecture import Lecture, Relu, retrouver
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.completude import Composition, manques
from candidatures.dossier.etats import ETATS_MODIFIABLES, EtatCandidature, Source
from candidatures.dossier.instantane import composition_de, instantane, membres_de, pieces_de
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.requetes import qualite_de
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.documents.models import Document
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.taches import planifier
from rebond.socle.texte.typographie import compte, instant_fr
from rebond.socle.utilisateur import Utilisateur

REFUS = {
    "depot_avant_proces_verbal": "La clôture de cette vague est enregistrée : elle n’accepte plus de dépôt. "
    "Votre brouillon est conservé.",
    "depot_recu_dans_la_vague": "Cette vague n’accepte pas de dépôt en ce moment. Votre brouillon est conservé.",
    "depot_dans_la_grace": "Le portail n’a pas pu enregistrer votre demande à temps. Votre brouillon est conservé : "
    "renouvelez le dépôt, et signalez-nous cet incident si la vague est désormais close.",
}


class VersionChangee(RegleEnfreinte):
    """The file is no longer what the porteur has read: `relu` is what they read, None when it cannot be found again,
    and `present` what a deposit would hold now.
    """

    def __init__(self, lecture: Lecture, relu: Relu | None, present: Mapping[str, Any]) -> None:
        super().__init__("Le dossier a changé depuis que vous l’avez relu\u00a0: votre demande n’est pas enregistrée.")
        self.lecture = lecture
        self.relu = relu
        self.present = present


def deposer(
    *,
    candidature: Candidature,
    auteur: Utilisateur,
    recu_le: datetime,
    cle: UUID,
    preuve: Mapping[str, object] | None = None,
    lecture: Lecture | None = None,
    relue: bool = False,
    maintenant: datetime | None = None,
) -> Depot:
    """Make an immutable deposit of the file, and return it.

    `recu_le` is the reception of the request, on the database's clock; `preuve` says how it is known, for the journal.
    `cle` comes from the form: the same request sent twice, even at once, gives the same deposit; so does the content
    of the last deposit under another key. A later deposit of the same file replaces this one until the deadline.

    `lecture` is what the porteur has read. Changed since, it is what is deposited when they say so (`relue`), or when
    less than a minute is left at `maintenant` (`recu_le` by default). A page that does not say what it showed deposits
    the file as it stands: a request that came in time is never lost for that.

    Raises `VersionChangee` when the file has changed since it was read, `EcheanceDepassee` (with both instants) when
    the request came at or after the deadline, `RegleEnfreinte` when the file is incomplete, not in a state to be
    deposited, or the wave is not open. The draft is never touched.

    Whether the file then holds its territory or is received under reserve: `depot.actions.tenue`.
    """
    with traduire(REFUS), transaction.atomic():
        verrouillee = tenir_avec_sa_vague(candidature)
        if deja := _deja_fait(verrouillee, cle):
            return deja
        if refus := empechement_de_deposer(qualite_de(verrouillee, auteur)):
            raise RegleEnfreinte(refus)
        _verifier_reception(verrouillee, recu_le)
        presse = derniere_minute(max(recu_le, maintenant or recu_le), verrouillee.echeance)
        contenu, constat = _a_deposer(verrouillee, lecture, relue=relue, presse=presse)
        if deja := _deja_depose(verrouillee, contenu):
            details = {"depot": deja.numero, "empreinte": deja.empreinte, **(preuve or {})}
            consigner(ActeDeDepot.REDEPOSER_SANS_CHANGEMENT, verrouillee, acteur=auteur, fait_le=recu_le, **details)
            return deja
        depot = _enregistrer(verrouillee, contenu, auteur, recu_le, cle, Source.PORTAIL, preuve, lecture=constat)
        candidature.etat, candidature.territoire_tenu = verrouillee.etat, verrouillee.territoire_tenu
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
        contenu = instantane(verrouillee, pieces_de(verrouillee), membres_de(verrouillee))
        depot = _enregistrer(verrouillee, contenu, auteur, recu_le, cle, Source.REPRISE)
        candidature.etat, candidature.territoire_tenu = verrouillee.etat, verrouillee.territoire_tenu
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


def _deja_depose(candidature: Candidature, contenu: Mapping[str, Any]) -> Depot | None:
    """The deposit that counts, when it holds this very content."""
    if candidature.etat != EtatCandidature.DEPOSEE:
        return None
    dernier = Depot.objects.filter(candidature=candidature).order_by("-rang").first()
    return dernier if dernier is not None and dernier.empreinte == empreinte(contenu) else None


def _a_deposer(
    candidature: Candidature, lecture: Lecture | None, *, relue: bool, presse: bool
) -> tuple[dict[str, Any], LectureDuDepot]:
    """The content to deposit, complete, and how it relates to what was read. `presse`: there is no time to ask."""
    pieces, membres = pieces_de(candidature), membres_de(candidature)
    present = instantane(candidature, pieces, membres)
    if lecture is None or lecture.empreinte == empreinte(present):
        _exiger_complet(composition_de(candidature, pieces, membres))
        return present, LectureDuDepot.CONFORME if lecture else LectureDuDepot.NON_DITE
    relu = retrouver(candidature, lecture)
    if relu is not None and relu.deposable and (relue or presse):
        return relu.contenu, LectureDuDepot.RELUE
    if presse:
        _exiger_complet(composition_de(candidature, pieces, membres))
        return present, LectureDuDepot.INTROUVABLE
    raise VersionChangee(lecture, relu, present)


def _exiger_complet(dossier: Composition) -> None:
    if absents := manques(dossier):
        raise RegleEnfreinte(
            "Votre dossier n’est pas complet : il manque "
            f"{compte(len(absents), 'réponse ou pièce', 'réponses ou pièces')}."
        )


def joindre_les_pieces(depots: list[Depot]) -> None:
    """Give each new deposit the files that its content names."""
    empreintes = {piece["sha256"] for depot in depots for piece in depot.contenu["pieces"]}
    documents = {document.sha256: document for document in Document.objects.filter(sha256__in=empreintes)}
    PieceDeposee.objects.bulk_create(
        PieceDeposee(
            depot=depot,
            document=documents[piece["sha256"]],
            nature=piece["nature"],
            intitule=piece["intitule"],
            nom=piece["nom"],
        )
        for depot in depots
        for piece in depot.contenu["pieces"]
    )


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
    contenu: dict[str, Any],
    auteur: Utilisateur,
    recu_le: datetime,
    cle: UUID,
    source: Source,
    preuve: Mapping[str, object] | None = None,
    *,
    lecture: LectureDuDepot | None = None,
) -> Depot:
    rang = Depot.objects.filter(candidature=candidature).count() + 1
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
        lecture=lecture or "",
    )
    joindre_les_pieces([depot])
    details: dict[str, Any] = {"depot": depot.numero, "empreinte": depot.empreinte, **(preuve or {})}
    if lecture:
        details["lecture"] = lecture.value
    if source is Source.REPRISE and candidature.etat not in ETATS_MODIFIABLES:
        # A later version of a file whose instruction has begun: its state stays.
        consigner(ActeDeDepot.REPRENDRE_VERSION, candidature, acteur=auteur, fait_le=recu_le, **details)
    else:
        appliquer(candidature, ActeDuDossier.DEPOSER, acteur=auteur, maintenant=recu_le, **details)
    recevoir(candidature=candidature, auteur=auteur, maintenant=recu_le)
    oublier_rappels(candidature)
    if source is Source.PORTAIL:
        planifier("candidatures.tasks.fabriquer_accuse", depot.pk)
    return depot
