"""Answering: taking a request, handing it to a colleague, writing, giving the avis; then lifting its reserves."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction

from candidatures.cahier import Format
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.pieces.actions.pieces import demander_analyse
from candidatures.dossier.pieces.actions.reserves import place
from candidatures.dossier.pieces.verification import verifier_piece
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.avis.actions.communs import BROUILLON_CHANGE, CHANGE_DEPUIS, REFUS, tenir_la_demande
from candidatures.instruction.avis.requetes import (
    ce_qui_est_lu,
    collegues,
    exiger_de_l_organisme,
    jeton_de_lecture,
    organisme_de,
)
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.regles import empechement_de_consulter
from candidatures.instruction.saisine.acces import adressees_a_l_organisme_de
from candidatures.instruction.saisine.models import AvisRendu, BrouillonDAvis, LeveeDeReserve, Saisine
from candidatures.instruction.saisine.regles import A_PRENDRE, TENUE_PAR_UN_AUTRE
from candidatures.instruction.tenue import PAS_ICI, exiger_instructeur, instruire, tenir
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.documents.lisibilites import garder
from rebond.socle.documents.models import Document
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

FORMATS = (Format.PDF, Format.IMAGE)


def prendre(*, saisine: Saisine, expert: Utilisateur, tenue_par: int | None, maintenant: datetime) -> Saisine:
    """Take a request asked of one's organisme, or take it over from the colleague who holds it, who is told.

    `tenue_par`: who held it (their key) on the page that was read: of two people at once, the second is told by whom
    it was taken. Raises `RegleEnfreinte` then, and for anyone of another organisme or with an interest in the file.
    """
    with traduire(REFUS), transaction.atomic():
        dossier, tenue = tenir_la_demande(saisine)
        exiger_de_l_organisme(tenue, expert, tenue_par_lui=False)
        if tenue.expert == expert:
            return tenue
        avant = tenue.expert
        if (avant.pk if avant else None) != tenue_par:
            raise RegleEnfreinte(f"{avant} vient de prendre cette demande.")
        _remettre(tenue, expert, maintenant)
        tenue.annoncee_le = tenue.annoncee_le or maintenant
        tenue.save(update_fields=["expert", "prise_le", "annoncee_le"])
        a = {"tenue_par": str(avant)} if avant else {}
        consigner(
            ActeDInstruction.PRENDRE_AVIS,
            dossier,
            acteur=expert,
            fait_le=maintenant,
            organisme=tenue.organisme.nom,
            **a,
        )
        if avant is not None:
            _prevenir_qui_tenait(tenue, dossier, avant, expert, maintenant)
    return tenue


def confier(*, saisine: Saisine, a: Utilisateur, auteur: Utilisateur, maintenant: datetime) -> Saisine:
    """Hand a request to `a`, of the same organisme, who is told like whoever is asked. What was written goes along.

    Raises `RegleEnfreinte` unless `auteur` holds it, or nobody does, and when `a` may not answer.
    """
    with traduire(REFUS), transaction.atomic():
        dossier, tenue = tenir_la_demande(saisine)
        exiger_de_l_organisme(tenue, auteur, tenue_par_lui=True)
        if a not in collegues(tenue):
            raise RegleEnfreinte(f"{a} ne peut pas répondre à cette demande\u00a0: choisissez quelqu’un d’autre.")
        _remettre(tenue, a, maintenant)
        tenue.annoncee_le = None
        tenue.save(update_fields=["expert", "prise_le", "annoncee_le"])
        consigner(ActeDInstruction.CONFIER_AVIS, dossier, acteur=auteur, fait_le=maintenant, expert=str(a))
    return tenue


def ecrire(
    *,
    saisine: Saisine,
    auteur: Utilisateur,
    sens: str,
    texte: str,
    reserves: str,
    qualite: str,
    revision: int,
    maintenant: datetime,
) -> BrouillonDAvis:
    """Keep what is written so far. `revision`: that of the draft which was read, 0 when there was none; one that was
    changed since is never replaced (`RegleEnfreinte`). The same words again change nothing."""
    with traduire(REFUS), transaction.atomic():
        _, tenue = tenir_la_demande(saisine)
        exiger_de_l_organisme(tenue, auteur, tenue_par_lui=True)
        if tenue.expert is None:
            raise RegleEnfreinte(A_PRENDRE)
        brouillon = _brouillon(tenue, auteur, maintenant)
        dits = {"sens": sens, "texte": texte, "reserves": reserves, "qualite": qualite}
        if all(getattr(brouillon, nom) == dit for nom, dit in dits.items()):
            return brouillon
        if brouillon.revision != revision:
            raise RegleEnfreinte(BROUILLON_CHANGE)
        for nom, dit in dits.items():
            setattr(brouillon, nom, dit)
        return _enregistrer(brouillon, auteur, maintenant)


def joindre(*, saisine: Saisine, fichier: File, auteur: Utilisateur, maintenant: datetime) -> BrouillonDAvis:
    """Attach a file to the draft, in the place of the one before: a PDF or an image, judged by its content."""
    examen = verifier_piece(fichier, FORMATS)
    with place(candidature=saisine.candidature, utilisateur=auteur, octets=fichier.size):
        document = garder(fichier, examen)
    return _joindre(saisine, auteur, maintenant, document=document, nom=nom_propre(fichier.name or "", examen.contenu))


def detacher(*, saisine: Saisine, auteur: Utilisateur, maintenant: datetime) -> BrouillonDAvis:
    """Take the file off the draft."""
    return _joindre(saisine, auteur, maintenant, document=None, nom="")


def rendre_avis(
    *,
    candidature: Candidature,
    expert: Utilisateur,
    sens: SensAvis,
    texte: str,
    qualite: str,
    reserves: Sequence[str] = (),
    lu: str = "",
    maintenant: datetime,
) -> AvisRendu:
    """Give, once, the avis that `expert` holds the request of; an instructeur of the file may give theirs unasked.

    `lu` (`jeton_de_lecture`) is what their page showed of the file: when the territory gave a correction back since,
    nothing is given. Empty, it is given on the file as it stands. The file attached to the draft goes with the avis.

    Raises `RegleEnfreinte` then, from the proposal on, without reasons nor quality, and when reserves are missing or
    have nothing to do there.
    """
    if not texte.strip():
        raise RegleEnfreinte("Un avis se motive\u00a0: écrivez pourquoi.")
    with traduire(REFUS), transaction.atomic():
        dossier = tenir(candidature)
        tenue = _a_rendre(dossier, expert, maintenant)
        if lu and lu != jeton_de_lecture(dossier):
            raise RegleEnfreinte(CHANGE_DEPUIS)
        depot, correction = ce_qui_est_lu(dossier)
        brouillon = BrouillonDAvis.objects.filter(saisine=tenue).first()
        avis = AvisRendu.objects.create(
            saisine=tenue,
            auteur=expert,
            qualite=qualite.strip(),
            sens=sens,
            texte=texte.strip(),
            reserves=_propres(reserves),
            rendu_le=maintenant,
            depot_id=depot,
            correction_id=correction,
            **_fichier(brouillon),
        )
        BrouillonDAvis.objects.filter(saisine=tenue).delete()
        consigner(
            ActeDInstruction.RENDRE_AVIS,
            dossier,
            acteur=expert,
            fait_le=maintenant,
            sens=sens,
            organisme=str(tenue.organisme),
        )
    return avis


def lever_reserve(
    *, avis: AvisRendu, rang: int, motif: str, auteur: Utilisateur, maintenant: datetime
) -> LeveeDeReserve:
    """Say why a line (`rang`, from 1) of the reserves of an avis is no more in the way: once, by who instructs it."""
    candidature = avis.saisine.candidature
    with instruire(candidature, auteur, REFUS) as dossier:
        if refus := empechement_de_consulter(dossier.etat):
            raise RegleEnfreinte(refus)
        levee = LeveeDeReserve.objects.create(
            avis=avis, rang=rang, motif=motif.strip(), levee_par=auteur, levee_le=maintenant
        )
        consigner(
            ActeDInstruction.LEVER_RESERVE,
            dossier,
            acteur=auteur,
            fait_le=maintenant,
            organisme=str(avis.saisine.organisme),
            reserve=avis.reserves[rang - 1],
            motif=levee.motif,
        )
    return levee


def _propres(lignes: Sequence[str]) -> list[str]:
    return [propre for ligne in lignes if (propre := ligne.strip())]


def _fichier(brouillon: BrouillonDAvis | None) -> dict[str, Any]:
    return {"document": brouillon.document, "nom": brouillon.nom} if brouillon else {}


def _a_rendre(dossier: Candidature, expert: Utilisateur, maintenant: datetime) -> Saisine:
    """The request that `expert` answers; made here for an instructeur whom nobody asked."""
    if refus := empechement_de_consulter(dossier.etat):
        raise RegleEnfreinte(refus)
    siennes = Saisine.objects.filter(candidature=dossier, expert=expert).order_by("-pk")
    tenue = siennes.actives().first() or siennes.first()
    if tenue is not None:
        if refus := tenue.empechement_de_rendre:
            raise RegleEnfreinte(refus)
        return tenue
    autres = Saisine.objects.actives().filter(adressees_a_l_organisme_de(expert), candidature=dossier)
    if autre := autres.first():
        raise RegleEnfreinte(A_PRENDRE if autre.expert_id is None else TENUE_PAR_UN_AUTRE)
    exiger_instructeur(dossier, expert)
    organisme = organisme_de(expert, Role.INSTRUCTEUR)
    if organisme is None:
        raise RegleEnfreinte(PAS_ICI)
    return Saisine.objects.create(
        candidature=dossier,
        organisme=organisme,
        expert=expert,
        prise_le=maintenant,
        demande_par=expert,
        demande_le=maintenant,
        a_rendre_avant=jour_de_paris(maintenant) + timedelta(days=1),
        annoncee_le=maintenant,
    )


def _remettre(tenue: Saisine, a: Utilisateur, maintenant: datetime) -> None:
    tenue.expert, tenue.prise_le = a, maintenant


def _brouillon(tenue: Saisine, auteur: Utilisateur, maintenant: datetime) -> BrouillonDAvis:
    trouve = BrouillonDAvis.objects.select_for_update(of=("self",)).filter(saisine=tenue).first()
    return trouve or BrouillonDAvis(saisine=tenue, revision=0, ecrit_par=auteur, ecrit_le=maintenant)


def _enregistrer(brouillon: BrouillonDAvis, auteur: Utilisateur, maintenant: datetime) -> BrouillonDAvis:
    brouillon.revision += 1
    brouillon.ecrit_par, brouillon.ecrit_le = auteur, maintenant
    brouillon.save()
    return brouillon


def _joindre(
    saisine: Saisine, auteur: Utilisateur, maintenant: datetime, *, document: Document | None, nom: str
) -> BrouillonDAvis:
    with traduire(REFUS), transaction.atomic():
        _, tenue = tenir_la_demande(saisine)
        exiger_de_l_organisme(tenue, auteur, tenue_par_lui=True)
        if tenue.expert is None:
            raise RegleEnfreinte(A_PRENDRE)
        brouillon = _brouillon(tenue, auteur, maintenant)
        if brouillon.document == document:
            return brouillon
        brouillon.document, brouillon.nom = document, nom
        _enregistrer(brouillon, auteur, maintenant)
        if document is not None:
            demander_analyse(document)
    return brouillon


def _prevenir_qui_tenait(
    tenue: Saisine, dossier: Candidature, avant: Utilisateur, par: Utilisateur, maintenant: datetime
) -> None:
    mettre_en_file(
        Lettre(
            gabarit="instruction/avis_repris",
            valeurs={"reference": dossier.reference, "territoire": dossier.territoire.nom, "collegue": par},
            cle=f"avis-repris-{tenue.pk}-{par.pk}-{maintenant.timestamp():.0f}",
            destinataire=avant.email,
            demonstration=dossier.demonstration,
        )
    )
