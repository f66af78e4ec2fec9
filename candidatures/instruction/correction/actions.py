"""Corrections that the instruction asks of a territory: only some answers and attachments, until an instant.

What was deposited is never touched; the corrected answers stay beside it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction

from candidatures.depot.regles import derniere_minute
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.pieces.actions.pieces import demander_analyse, garder
from candidatures.dossier.requetes import qualite_de
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.conditions.models import irrecevabilite_a_signer
from candidatures.instruction.correction.models import DemandeDeCorrection, PieceDeCorrection
from candidatures.instruction.correction.regles import (
    PAS_SUR_CELLE_CI,
    empechement_de_corriger,
    empechement_de_demander,
    empechement_de_ne_rien_demander,
    empechement_de_rendre,
)
from candidatures.instruction.correction.requetes import empreinte_de, lire_correction
from candidatures.instruction.echanges.requetes import agents_a_prevenir, est_du_service
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.documents.stockage import type_de
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.journal.requetes import entrees_sur
from rebond.socle.texte.typographie import compte, instant_fr
from rebond.socle.utilisateur import Utilisateur

DELAI_MINIMAL = timedelta(hours=24)
# A correction received in time may still be waiting to be recorded.
GRACE = timedelta(seconds=60)
DELAI_TROP_COURT = "Laissez au moins vingt-quatre heures au territoire pour répondre."
ECRITURES = (
    ActeDInstruction.ENREGISTRER_CORRECTION,
    ActeDInstruction.JOINDRE_A_LA_CORRECTION,
    ActeDInstruction.ENLEVER_DE_LA_CORRECTION,
)
PAS_DU_SERVICE = "Vous n’instruisez pas ce dossier."
REFUS = {
    **phrases_de(DemandeDeCorrection, "correction_une_seule_en_cours"),
    **phrases_de(PieceDeCorrection, "piece_de_correction_une_seule_fois"),
    **dict.fromkeys(("auteur_sans_conflit", "auteur_etranger_au_dossier"), PAS_DU_SERVICE),
    "correction_d_un_an_au_plus": "Une correction se rend dans l’année\u00a0: vérifiez la date.",
}


def demander_correction(
    *,
    candidature: Candidature,
    questions: Collection[str],
    natures: Collection[str],
    motif: str,
    echeance: datetime,
    auteur: Utilisateur,
    maintenant: datetime,
) -> DemandeDeCorrection:
    """Unlock some answers (« section.question ») and kinds of attachment until `echeance` (excluded); tell everyone.

    Raises `RegleEnfreinte` when the file is not under instruction by `auteur`, when nothing is asked, when a question
    is not of its specifications, or when less than a day is left to answer.
    """
    with traduire(REFUS), transaction.atomic():
        tenue = tenir(candidature)
        if not est_du_service(tenue, auteur):
            raise RegleEnfreinte(PAS_DU_SERVICE)
        if refus := empechement_de_demander(tenue.etat, irrecevabilite=irrecevabilite_a_signer(tenue)):
            raise RegleEnfreinte(refus)
        _verifier(tenue, questions, natures)
        if echeance < maintenant + DELAI_MINIMAL:
            raise RegleEnfreinte(DELAI_TROP_COURT)
        demande = DemandeDeCorrection.objects.create(
            candidature=tenue,
            auteur=auteur,
            motif=motif,
            questions=sorted(questions),
            natures=sorted(natures),
            demandee_le=maintenant,
            echeance=echeance,
        )
        appliquer(tenue, ActeDuDossier.DEMANDER_CORRECTION, acteur=auteur, maintenant=maintenant, demande=demande.pk)
        _ecrire_au_territoire(
            demande, "demandee", "instruction/correction_demandee", echeance=instant_fr(echeance), motif=motif
        )
        candidature.etat = tenue.etat
    return demande


def enregistrer_correction(
    *,
    demande: DemandeDeCorrection,
    section: str,
    reponses: Mapping[str, Any],
    auteur: Utilisateur,
    maintenant: datetime,
    revision: int,
) -> DemandeDeCorrection:
    """Keep the answers of one section as they stand, only those that were asked for.

    `revision` is the demand's when the form was opened: someone else's save since is never overwritten.
    """
    with transaction.atomic():
        tenue, dossier = tenir_la_demande(demande)
        if empechement_de_corriger(dossier.etat, tenue.echeance, maintenant, qualite_de(dossier, auteur)):
            raise _trop_tard(tenue, maintenant)
        if tenue.revision != revision:
            raise RegleEnfreinte(
                "Quelqu’un a enregistré cette correction depuis que vous avez ouvert la page. Rien n’a été "
                "écrasé\u00a0: vos réponses sont toujours dans cette page, comparez-les à celles de l’autre."
            )
        permises = {cle for _, cle in _couples(tenue.questions, section)}
        gardees = {cle: valeur for cle, valeur in reponses.items() if cle in permises}
        tenue.reponses = tenue.reponses | {section: gardees}
        tenue.revision += 1
        tenue.save(update_fields=["reponses", "revision"])
        consigner(ActeDInstruction.ENREGISTRER_CORRECTION, dossier, acteur=auteur, fait_le=maintenant, section=section)
    return tenue


def joindre_a_la_correction(
    *, demande: DemandeDeCorrection, fichier: File, nom: str, nature: str, auteur: Utilisateur, maintenant: datetime
) -> PieceDeCorrection:
    """Attach a file of a kind that was asked for. Raises `RegleEnfreinte` like `actions.pieces.joindre_piece`."""
    if nature not in demande.natures:
        raise RegleEnfreinte("Cette pièce ne vous est pas demandée.")
    document = garder(candidature=demande.candidature, fichier=fichier, nature=nature, auteur=auteur)
    with traduire(REFUS), transaction.atomic():
        tenue, dossier = tenir_la_demande(demande)
        if empechement_de_corriger(dossier.etat, tenue.echeance, maintenant, qualite_de(dossier, auteur)):
            raise _trop_tard(tenue, maintenant)
        if tenue.pieces.count() >= settings.PIECES_NOMBRE_MAX:
            raise RegleEnfreinte(f"Une correction porte au plus {settings.PIECES_NOMBRE_MAX} pièces.")
        piece = PieceDeCorrection.objects.create(
            demande=tenue,
            document=document,
            nature=nature,
            intitule=_libelle(dossier, nature),
            nom=nom_propre(nom, type_de(document)),
            ajoutee_par=auteur,
            ajoutee_le=maintenant,
        )
        consigner(ActeDInstruction.JOINDRE_A_LA_CORRECTION, dossier, acteur=auteur, fait_le=maintenant, nom=piece.nom)
        demander_analyse(document)
    return piece


def enlever_de_la_correction(*, piece: PieceDeCorrection, auteur: Utilisateur, maintenant: datetime) -> None:
    with transaction.atomic():
        tenue, dossier = tenir_la_demande(piece.demande)
        if empechement_de_corriger(dossier.etat, tenue.echeance, maintenant, qualite_de(dossier, auteur)):
            raise _trop_tard(tenue, maintenant)
        consigner(ActeDInstruction.ENLEVER_DE_LA_CORRECTION, dossier, acteur=auteur, fait_le=maintenant, nom=piece.nom)
        piece.delete()


def rendre_correction(
    *,
    demande: DemandeDeCorrection,
    auteur: Utilisateur,
    recu_le: datetime,
    lue: str = "",
    sans_le_reste: bool = False,
    maintenant: datetime | None = None,
) -> DemandeDeCorrection:
    """Give the correction back, once: the file returns to instruction.

    `lue` is the fingerprint of what the porteur has read
    (`candidatures.instruction.correction.requetes.empreinte_de`): changed since, they are asked to read again, unless
    less than a minute is left at `maintenant` (`recu_le` by default). Empty, it is given back as it stands.

    `recu_le` is the reception of the request, on the database's clock, judged strictly before the deadline.
    `sans_le_reste` says that what is left unanswered is so on purpose; in the last minute nobody is asked.
    Raises `EcheanceDepassee` at or after it, `RegleEnfreinte` unless `auteur` is the porteur and something changed.
    """
    with transaction.atomic():
        tenue, dossier = tenir_la_demande(demande)
        if empechement_de_rendre(dossier.etat, tenue.echeance, recu_le, qualite_de(dossier, auteur)):
            raise _trop_tard(tenue, recu_le)
        presse = derniere_minute(max(recu_le, maintenant or recu_le), tenue.echeance)
        corrigee = lire_correction(tenue)
        if not corrigee.modifiee:
            raise RegleEnfreinte(
                "Rien n’a encore été corrigé\u00a0: changez au moins une réponse, ou joignez une pièce."
            )
        if lue and lue != empreinte_de(tenue) and not presse:
            raise RegleEnfreinte(_changee_depuis(dossier))
        if corrigee.sans_reponse and not sans_le_reste and not presse:
            raise RegleEnfreinte(
                f"{compte(len(corrigee.sans_reponse), 'demande reste', 'demandes restent')} sans réponse\u00a0: "
                f"{_enumerer(corrigee.sans_reponse)}. Corrigez, ou confirmez que vous rendez la correction sans y "
                "répondre."
            )
        tenue.rendue_le, tenue.rendue_par = recu_le, auteur
        tenue.save(update_fields=["rendue_le", "rendue_par"])
        appliquer(dossier, ActeDuDossier.RENDRE_CORRECTION, acteur=auteur, maintenant=recu_le, demande=tenue.pk)
        _ecrire_au_service(
            tenue, "rendue", "instruction/correction_recue", sans_reponse=_enumerer(corrigee.sans_reponse)
        )
        demande.candidature.etat = dossier.etat
    return tenue


def fermer_correction(
    *, demande: DemandeDeCorrection, auteur: Utilisateur | None, maintenant: datetime
) -> DemandeDeCorrection:
    """Go on without an answer: by an instructeur, or by the portal (`auteur` None) once the deadline has passed."""
    with transaction.atomic():
        tenue, dossier = tenir_la_demande(demande)
        if auteur is None and maintenant < tenue.echeance:
            raise RegleEnfreinte("Le délai de cette correction court encore.")
        if auteur is not None and not est_du_service(dossier, auteur):
            raise RegleEnfreinte(PAS_DU_SERVICE)
        appliquer(dossier, ActeDuDossier.FERMER_CORRECTION, acteur=auteur, maintenant=maintenant, demande=tenue.pk)
        tenue.fermee_le = maintenant
        tenue.save(update_fields=["fermee_le"])
        _ecrire_au_territoire(tenue, "fermee", "instruction/correction_fermee", echue=auteur is None)
        if auteur is None:
            _ecrire_au_service(tenue, "fermee", "instruction/correction_non_rendue")
    return tenue


def fermer_corrections_echues(*, maintenant: datetime) -> int:
    """Close every demand whose deadline and grace have passed; run twice, or at once, each is closed once."""
    echues = DemandeDeCorrection.objects.filter(rendue_le=None, fermee_le=None, echeance__lte=maintenant - GRACE)
    fermees = 0
    for demande in echues.order_by("pk"):
        try:
            fermer_correction(demande=demande, auteur=None, maintenant=maintenant)
        except RegleEnfreinte:
            # Given back or closed since it was listed.
            continue
        fermees += 1
    return fermees


def _verifier(candidature: Candidature, questions: Collection[str], natures: Collection[str]) -> None:
    cahier = candidature.cahier.cahier
    connues = {f"{section.cle}.{question.cle}" for section in cahier.sections for question in section.saisies}
    pieces = {piece.cle for piece in cahier.pieces_attendues}
    if refus := empechement_de_ne_rien_demander(questions, natures):
        raise RegleEnfreinte(refus)
    if set(questions) - connues or set(natures) - pieces:
        raise RegleEnfreinte("Le cahier des charges de ce dossier ne comporte pas l’une de ces questions ou pièces.")


def tenir_la_demande(demande: DemandeDeCorrection) -> tuple[DemandeDeCorrection, Candidature]:
    """The file then its demand, locked in that order and re-read."""
    dossier = tenir(demande.candidature)
    tenue = DemandeDeCorrection.objects.select_for_update(of=("self",)).get(pk=demande.pk)
    tenue.candidature = dossier
    if tenue.rendue_le or tenue.fermee_le:
        raise RegleEnfreinte("Cette correction n’est plus attendue\u00a0: elle a été rendue, ou son délai est passé.")
    return tenue, dossier


def _changee_depuis(dossier: Candidature) -> str:
    acte = entrees_sur(dossier).filter(acte__in=ECRITURES).first()
    qui = f" par {acte.acteur}, le {instant_fr(acte.fait_le or acte.ecrit_le, secondes=True)}" if acte else ""
    return (
        f"La correction a changé depuis que vous l’avez relue{qui}\u00a0: elle n’est pas rendue. Relisez-la telle "
        "qu’elle est, puis rendez-la."
    )


def _libelle(candidature: Candidature, nature: str) -> str:
    attendue = candidature.cahier.cahier.piece(nature)
    return attendue.libelle if attendue else nature


def _couples(questions: Collection[str], section: str) -> list[tuple[str, str]]:
    return [(s, cle) for s, _, cle in (question.partition(".") for question in questions) if s == section]


def _enumerer(libelles: Collection[str]) -> str:
    return ", ".join(f"«\u00a0{libelle}\u00a0»" for libelle in libelles)


def _trop_tard(demande: DemandeDeCorrection, instant: datetime) -> RegleEnfreinte:
    if instant < demande.echeance:
        return RegleEnfreinte(PAS_SUR_CELLE_CI)
    return EcheanceDepassee(
        f"Votre demande est parvenue le {instant_fr(instant, secondes=True)} (heure de Paris), après l’échéance de la "
        f"correction, fixée au {instant_fr(demande.echeance, secondes=True)}.",
        recu_le=instant,
        echeance=demande.echeance,
    )


def _ecrire_au_territoire(demande: DemandeDeCorrection, acte: str, gabarit: str, **valeurs: object) -> None:
    for participant in demande.candidature.participants.order_by("pk"):
        _ecrire(demande, acte, participant, gabarit, valeurs)


def _ecrire_au_service(demande: DemandeDeCorrection, acte: str, gabarit: str, **valeurs: object) -> None:
    for agent in agents_a_prevenir(demande.candidature, demande.auteur):
        _ecrire(demande, acte, agent, gabarit, valeurs)


def _ecrire(
    demande: DemandeDeCorrection, acte: str, personne: Utilisateur, gabarit: str, valeurs: Mapping[str, object]
) -> None:
    dossier = demande.candidature
    du_dossier = {"pk": dossier.pk, "reference": dossier.reference, "territoire": dossier.territoire}
    mettre_en_file(
        Lettre(
            gabarit=gabarit,
            valeurs={**du_dossier, **valeurs},
            cle=f"correction-{acte}-{demande.pk}-{personne.pk}",
            destinataire=personne.email,
            demonstration=dossier.demonstration,
        )
    )
