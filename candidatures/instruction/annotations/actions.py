"""Notes that those who instruct a file write to each other, and what they say they have read."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.annotations.models import Annotation, LectureDePiece, Mention
from candidatures.instruction.annotations.regles import ANCRE_INCONNUE, PAS_POUR_VOUS
from candidatures.instruction.annotations.requetes import collegues_de, peut_annoter
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.documents.models import Document
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.utilisateur import Utilisateur

PAS_UN_COLLEGUE = "Une des personnes à prévenir n’instruit pas, ou plus, ce dossier. Choisissez-en d’autres."
REFUS = {
    "auteur_sans_conflit": PAS_POUR_VOUS,
    "auteur_etranger_au_dossier": PAS_POUR_VOUS,
    "mention_sans_interet": PAS_UN_COLLEGUE,
}


def annoter(
    *,
    candidature: Candidature,
    ancre: str,
    texte: str,
    pour: Collection[Utilisateur],
    auteur: Utilisateur,
    maintenant: datetime,
) -> Annotation:
    """Write a note in the margin of an answer, or in the internal thread (`ancre` empty); tell those of `pour`.

    Raises `RegleEnfreinte` for whoever does not instruct the file, for an answer that it does not have, and when one
    of `pour` does not instruct it.
    """
    if not texte.strip():
        raise RegleEnfreinte("Écrivez votre note.")
    with traduire(REFUS), transaction.atomic():
        dossier = tenir(candidature)
        if not peut_annoter(dossier, auteur):
            raise RegleEnfreinte(PAS_POUR_VOUS)
        if ancre and ancre not in ancres_de(dossier):
            raise RegleEnfreinte(ANCRE_INCONNUE)
        voulus = {personne.pk for personne in pour}
        prevenus = list(collegues_de(dossier, auteur).filter(pk__in=voulus).order_by("pk"))
        if len(prevenus) != len(voulus):
            raise RegleEnfreinte(PAS_UN_COLLEGUE)
        note = Annotation.objects.create(
            candidature=dossier, ancre=ancre, texte=texte.strip(), auteur=auteur, ecrite_le=maintenant
        )
        Mention.objects.bulk_create(Mention(annotation=note, utilisateur=prevenu) for prevenu in prevenus)
        for prevenu in prevenus:
            _prevenir(dossier, note, prevenu)
    return note


def ancres_de(dossier: Candidature) -> set[str]:
    """What may be annotated: each answer, as demands of correction name it."""
    sections = dossier.cahier.cahier.sections
    return {f"{section.cle}.{question.cle}" for section in sections for question in section.saisies}


def _prevenir(dossier: Candidature, note: Annotation, prevenu: Utilisateur) -> None:
    """Without a word of the note: it stays where those who may read it are known."""
    mettre_en_file(
        Lettre(
            gabarit="instruction/mention",
            valeurs={
                "pk": dossier.pk,
                "auteur": note.auteur,
                "reference": dossier.reference,
                "territoire": dossier.territoire.nom,
            },
            cle=f"mention-{note.pk}-{prevenu.pk}",
            destinataire=prevenu.email,
            demonstration=dossier.demonstration,
        )
    )


def marquer_lues(*, candidature: Candidature, utilisateur: Utilisateur, documents: Collection[Document]) -> None:
    """Note, for `utilisateur` alone, that they have read these attachments; twice changes nothing."""
    LectureDePiece.objects.bulk_create(
        [
            LectureDePiece(candidature=candidature, utilisateur=utilisateur, document=document)
            for document in documents
        ],
        ignore_conflicts=True,
    )
