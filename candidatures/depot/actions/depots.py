"""The deposit: the act that a court may look at.

What counts is reception (`recu_le`), judged strictly before the deadline. The wave's row is held FOR SHARE, so that
the closing waits for deposits in flight; the database stamps and judges again by trigger
(`candidatures.depot.models`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from candidatures.depot.accords.regles import empechement_faute_d_accords, signataires_attendus
from candidatures.depot.accords.requetes import manquants
from candidatures.depot.actes import ActeDeDepot
from candidatures.depot.actions.dossier_tenu import DossierADeposer, tenir_pour_deposer
from candidatures.depot.actions.rappels import oublier_rappels
from candidatures.depot.actions.tenue import recevoir
from candidatures.depot.etats import LectureDuDepot
from candidatures.depot.models import Depot, PieceDeposee
from candidatures.depot.regles import ATTESTATION, derniere_minute, empechement_de_deposer, recu_a_temps
from candidatures.depot.relecture import Lecture, Relu, retrouver
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.completude import Composition, manques
from candidatures.dossier.etats import ETATS_MODIFIABLES, EtatCandidature, Source
from candidatures.dossier.instantane import instantane, membres_de, pieces_de
from candidatures.dossier.models.dossiers import Candidature
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.documents.models import Document
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.etats.passages import appliquer_a_ce_qui_est_tenu
from rebond.socle.journal.actions import consigner
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.taches import planifier
from rebond.socle.texte.typographie import compte, instant_fr
from rebond.socle.utilisateur import Utilisateur

REFUS = {
    "depot_signe_par_ses_membres": "Un membre du groupement n’a pas donné son bon pour dépôt sur cette version. "
    "Le dossier n’est pas déposé ; son contenu est conservé.",
    "depot_avant_proces_verbal": "La clôture de cette période de dépôt est enregistrée : elle n’accepte plus de "
    "dépôt. Votre brouillon est conservé.",
    "depot_recu_dans_la_vague": "Cette période de dépôt n’accepte pas de dépôt en ce moment. Votre brouillon est "
    "conservé.",
    "depot_dans_la_grace": "Le portail n’a pas pu enregistrer votre demande à temps. Votre brouillon est conservé : "
    "renouvelez le dépôt, et signalez-nous cet incident si la période de dépôt est désormais close.",
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


class AccordsManquants(RegleEnfreinte):
    """The rule of the wave asks for marks that `noms` have not given on the version to deposit."""

    def __init__(self, noms: list[str]) -> None:
        super().__init__(str(empechement_faute_d_accords(noms)))
        self.noms = noms


@dataclass(frozen=True)
class Demande:
    """What a request to deposit says, and when it was received: the arguments of `deposer`."""

    auteur: Utilisateur
    recu_le: datetime
    cle: UUID
    preuve: Mapping[str, object] = field(default_factory=dict)
    lecture: Lecture | None = None
    relue: bool = False
    maintenant: datetime | None = None
    atteste: bool = False


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
    the request came at or after the deadline, `AccordsManquants` when the wave asks for the marks of the members and
    one is missing on what would be deposited, `RegleEnfreinte` when the file is incomplete, not in a state to be
    deposited, or the wave is not open. The draft is never touched.

    Whether the file then holds its territory or is received under reserve: `depot.actions.tenue`.
    """
    demande = Demande(auteur, recu_le, cle, preuve or {}, lecture, relue, maintenant or recu_le)
    with tenu_pour_deposer(dossier=candidature.pk, personne=auteur, cle=cle) as tenu:
        if tenu is None:
            raise RegleEnfreinte(str(empechement_de_deposer(None)))
        depot = deposer_ce_qui_est_tenu(tenu, demande)
        candidature.etat, candidature.territoire_tenu = tenu.candidature.etat, tenu.candidature.territoire_tenu
    return depot


@contextmanager
def tenu_pour_deposer(*, dossier: int, personne: Utilisateur, cle: UUID) -> Iterator[DossierADeposer | None]:
    """One transaction, in which the file and its wave are held; None for whoever takes no part in the file."""
    with traduire(REFUS), transaction.atomic():
        yield tenir_pour_deposer(dossier, personne, cle)


def deposer_ce_qui_est_tenu(tenu: DossierADeposer, demande: Demande) -> Depot:
    """`deposer`, in the transaction that holds the file; raises the same."""
    verrouillee, recu_le = tenu.candidature, demande.recu_le
    if tenu.deja is not None:
        return _celui_de_ce_dossier(Depot.objects.get(pk=tenu.deja), verrouillee)
    if refus := empechement_de_deposer(tenu.qualite):
        raise RegleEnfreinte(refus)
    _verifier_reception(verrouillee, recu_le)
    contenu, constat = _a_deposer(tenu, demande)
    if verrouillee.etat == EtatCandidature.DEPOSEE and tenu.dernier.get("empreinte") == empreinte(contenu):
        deja = Depot.objects.get(pk=tenu.dernier["pk"])
        details = {"depot": deja.numero, "empreinte": deja.empreinte, **demande.preuve}
        consigner(
            ActeDeDepot.REDEPOSER_SANS_CHANGEMENT, verrouillee, acteur=demande.auteur, fait_le=recu_le, **details
        )
        return deja
    if verrouillee.vague.accords_requis:
        _exiger_les_accords(verrouillee, contenu)
    rang = tenu.dernier.get("rang", 0) + 1
    documents = {piece.document.sha256: piece.document for piece in tenu.pieces}
    return _enregistrer(verrouillee, contenu, demande, rang, Source.PORTAIL, constat, documents)


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
        rang = Depot.objects.filter(candidature=verrouillee).count() + 1
        depot = _enregistrer(verrouillee, contenu, Demande(auteur, recu_le, cle), rang, Source.REPRISE)
        candidature.etat, candidature.territoire_tenu = verrouillee.etat, verrouillee.territoire_tenu
    return depot


def tenir_avec_sa_vague(candidature: Candidature) -> Candidature:
    """Lock the wave's row (shared) and the file's (exclusive), in that order, which is also the closing's."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT id FROM candidatures_vague WHERE id = %s FOR SHARE", [candidature.vague_id])
    return tenir(candidature)


def _deja_fait(candidature: Candidature, cle: UUID) -> Depot | None:
    deja = Depot.objects.filter(cle=cle).first()
    return _celui_de_ce_dossier(deja, candidature) if deja else None


def _celui_de_ce_dossier(deja: Depot, candidature: Candidature) -> Depot:
    if deja.candidature_id != candidature.pk:
        raise RegleEnfreinte("Cette demande de dépôt concerne un autre dossier. Rouvrez la page de dépôt.")
    return deja


def _a_deposer(tenu: DossierADeposer, demande: Demande) -> tuple[dict[str, Any], LectureDuDepot]:
    """The content to deposit, complete, and how it relates to what was read."""
    present, lecture = tenu.contenu, demande.lecture
    # There is no time to ask.
    presse = derniere_minute(max(demande.recu_le, demande.maintenant or demande.recu_le), tenu.candidature.echeance)
    if lecture is None or lecture.empreinte == empreinte(present):
        _exiger_complet(tenu.composition)
        return present, LectureDuDepot.CONFORME if lecture else LectureDuDepot.NON_DITE
    relu = retrouver(tenu.candidature, lecture)
    if relu is not None and relu.deposable and (demande.relue or presse):
        return relu.contenu, LectureDuDepot.RELUE
    if presse:
        _exiger_complet(tenu.composition)
        return present, LectureDuDepot.INTROUVABLE
    raise VersionChangee(lecture, relu, present)


def _exiger_complet(dossier: Composition) -> None:
    if absents := manques(dossier):
        raise RegleEnfreinte(
            "Votre dossier n’est pas complet : il manque "
            f"{compte(len(absents), 'réponse ou pièce', 'réponses ou pièces')}."
        )


def _exiger_les_accords(candidature: Candidature, contenu: Mapping[str, Any]) -> None:
    if signataires_attendus(contenu) and (noms := manquants(candidature, contenu, empreinte(contenu))):
        raise AccordsManquants(noms)


def joindre_les_pieces(depots: list[Depot], connus: Mapping[str, Document] | None = None) -> None:
    """Give each new deposit the files that its content names; `connus`, by fingerprint, need not be read again."""
    empreintes = {piece["sha256"] for depot in depots for piece in depot.contenu["pieces"]}
    documents = dict(connus or {})
    if inconnues := empreintes - documents.keys():
        documents |= {document.sha256: document for document in Document.objects.filter(sha256__in=inconnues)}
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
        raise RegleEnfreinte(
            f"La période de dépôt n°\u00a0{vague.numero} n’ouvre que le {instant_fr(vague.ouverture)}."
        )
    raise EcheanceDepassee(
        f"Votre demande de dépôt est parvenue au portail le {instant_fr(recu_le, secondes=True)} (heure de Paris), "
        f"après l’échéance de votre dossier, fixée au {instant_fr(echeance, secondes=True)} (période de "
        f"dépôt n°\u00a0{vague.numero}). Le dossier n’est pas déposé ; son contenu est conservé.",
        recu_le=recu_le,
        echeance=echeance,
    )


def _enregistrer(
    candidature: Candidature,
    contenu: dict[str, Any],
    demande: Demande,
    rang: int,
    source: Source,
    lecture: LectureDuDepot | None = None,
    documents: Mapping[str, Document] | None = None,
) -> Depot:
    auteur, recu_le = demande.auteur, demande.recu_le
    depot = Depot.objects.create(
        candidature=candidature,
        rang=rang,
        numero=f"{candidature.reference}-{rang}",
        recu_le=recu_le,
        source=source,
        contenu=contenu,
        empreinte=empreinte(contenu),
        cle=demande.cle,
        auteur=auteur,
        lecture=lecture or "",
    )
    joindre_les_pieces([depot], documents)
    details: dict[str, Any] = {"depot": depot.numero, "empreinte": depot.empreinte, **demande.preuve}
    if lecture:
        details["lecture"] = lecture.value
    if demande.atteste:
        details["attestation"] = ATTESTATION
    if source is Source.REPRISE and candidature.etat not in ETATS_MODIFIABLES:
        # A later version of a file whose instruction has begun: its state stays.
        consigner(ActeDeDepot.REPRENDRE_VERSION, candidature, acteur=auteur, fait_le=recu_le, **details)
    else:
        acte = ActeDuDossier.DEPOSER
        appliquer_a_ce_qui_est_tenu(candidature, acte, acteur=auteur, maintenant=recu_le, **details)
    recevoir(candidature=candidature, auteur=auteur, maintenant=recu_le)
    oublier_rappels(candidature)
    if source is Source.PORTAIL:
        planifier("candidatures.tasks.fabriquer_accuse", depot.pk)
    return depot
