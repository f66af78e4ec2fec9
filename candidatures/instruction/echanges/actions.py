"""The thread between a territory and the service that instructs its file, and the letters that tell of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.files import File
from django.db import transaction
from django.db.models import Max, Min

from candidatures.cahier import Format
from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.pieces.actions.pieces import demander_analyse
from candidatures.dossier.pieces.actions.reserves import place
from candidatures.dossier.pieces.verification import verifier_piece
from candidatures.dossier.requetes import qualite_de
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.echanges.models import LectureDesMessages, Message, PieceDeMessage
from candidatures.instruction.echanges.regles import empechement_d_ecrire_un_message, empechement_d_y_joindre
from candidatures.instruction.echanges.requetes import agents_de, est_du_service
from rebond.socle.adresses import adresse_complete
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.documents.lisibilites import garder
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import compte
from rebond.socle.utilisateur import Utilisateur

FORMATS = (Format.PDF, Format.IMAGE)
# A burst of messages is told of in one letter.
DELAI_D_ANNONCE = timedelta(minutes=10)
EXTRAIT = 200


def envoyer_message(
    *, candidature: Candidature, auteur: Utilisateur, texte: str, fichiers: Sequence[File] = (), maintenant: datetime
) -> Message:
    """Write in the thread of a file: as its porteur or co-porteur, or as one of its instructeurs.

    Files are PDF or images, judged by their content. Writing is having read what came before.

    Raises `RegleEnfreinte` for anyone else, before the file is instructed, and for a file that is not accepted.
    """
    if refus := empechement_d_y_joindre(len(fichiers)):
        raise RegleEnfreinte(refus)
    examines = [(fichier, verifier_piece(fichier, FORMATS)) for fichier in fichiers]
    with place(candidature=candidature, utilisateur=auteur, octets=sum(fichier.size for fichier in fichiers)):
        documents = [
            (garder(fichier, examen), nom_propre(fichier.name or "", examen.contenu)) for fichier, examen in examines
        ]
    with transaction.atomic():
        tenue = tenir(candidature)
        du_service = est_du_service(tenue, auteur)
        qualite = qualite_de(tenue, auteur)
        if refus := empechement_d_ecrire_un_message(tenue.etat, qualite, du_service=du_service):
            raise RegleEnfreinte(refus)
        message = Message.objects.create(
            candidature=tenue, auteur=auteur, du_service=du_service, texte=texte, envoye_le=maintenant
        )
        PieceDeMessage.objects.bulk_create(
            PieceDeMessage(message=message, document=document, nom=nom) for document, nom in documents
        )
        for document, _ in documents:
            demander_analyse(document)
        marquer_lus(candidature=tenue, utilisateur=auteur, jusqu_a=message)
        consigner(ActeDInstruction.ENVOYER_MESSAGE, tenue, acteur=auteur, fait_le=maintenant, message=message.pk)
    return message


def marquer_lus(*, candidature: Candidature, utilisateur: Utilisateur, jusqu_a: Message) -> None:
    """Note that `utilisateur` has read the thread as far as `jusqu_a`; never backwards."""
    if jusqu_a.candidature_id != candidature.pk:
        raise RegleEnfreinte("Ce message est d’un autre dossier.")
    with transaction.atomic():
        lecture, _ = LectureDesMessages.objects.select_for_update(of=("self",)).get_or_create(
            candidature=candidature, utilisateur=utilisateur
        )
        if lecture.lu_id is None or lecture.lu_id < jusqu_a.pk:
            lecture.lu = jusqu_a
            lecture.save(update_fields=["lu"])


def annoncer_messages(*, maintenant: datetime) -> int:
    """Tell by e-mail of what is neither read nor told of, one letter a person for all their files; return how many.

    Someone is told once the oldest of them has waited for `DELAI_D_ANNONCE`, of all those that came since: a burst is
    one letter. Run twice, or at once, each message is told of once.
    """
    annonces = 0
    limite = maintenant - DELAI_D_ANNONCE
    fils = Message.objects.values("candidature").annotate(dernier=Max("pk"), premier=Min("envoye_le"))
    derniers = {fil["candidature"]: fil["dernier"] for fil in fils.filter(premier__lte=limite).order_by("candidature")}
    for personne, dossiers in _destinataires(derniers).items():
        with transaction.atomic():
            nouveaux = _a_annoncer(personne, dossiers, derniers, limite)
            if nouveaux:
                _ecrire(personne, nouveaux)
                annonces += 1
    return annonces


def _destinataires(derniers: dict[int, int]) -> dict[Utilisateur, list[Candidature]]:
    """Whom each thread is told to: the file's people, and on the State's side whoever already took part in it, else
    every instructeur of its périmètre. Threads that someone was told of whole are left out for them.
    """
    dossiers = {dossier.pk: dossier for dossier in Candidature.objects.filter(pk__in=derniers).pour_liste()}
    deja = {
        (lecture.candidature_id, lecture.utilisateur_id): max(lecture.lu_id or 0, lecture.annonce_id or 0)
        for lecture in LectureDesMessages.objects.filter(candidature__in=derniers)
    }
    gens: dict[Utilisateur, set[int]] = {}
    for part in Participation.objects.filter(candidature__in=derniers, utilisateur__is_active=True).select_related(
        "utilisateur"
    ):
        gens.setdefault(part.utilisateur, set()).add(part.candidature_id)
    for agent, siens in agents_de(derniers).items():
        gens.setdefault(agent, set()).update(siens)
    return {
        personne: attendus
        for personne, siens in sorted(gens.items(), key=lambda paire: paire[0].pk)
        if (attendus := [dossiers[pk] for pk in sorted(siens) if deja.get((pk, personne.pk), 0) < derniers[pk]])
    }


def _a_annoncer(
    personne: Utilisateur, dossiers: Iterable[Candidature], derniers: dict[int, int], limite: datetime
) -> list[tuple[Candidature, list[Message]]]:
    """The messages of others that `personne` has not read nor been told of, their rows held and moved forward."""
    nouveaux = []
    for dossier in dossiers:
        lecture, _ = LectureDesMessages.objects.select_for_update(of=("self",)).get_or_create(
            candidature=dossier, utilisateur=personne
        )
        depuis = max(lecture.lu_id or 0, lecture.annonce_id or 0)
        messages = list(
            Message.objects.filter(candidature=dossier, pk__gt=depuis, pk__lte=derniers[dossier.pk])
            .exclude(auteur=personne)
            .select_related("auteur")
            .order_by("pk")
        )
        if messages and messages[0].envoye_le > limite:
            continue
        if depuis < derniers[dossier.pk]:
            lecture.annonce_id = derniers[dossier.pk]
            lecture.save(update_fields=["annonce"])
        if messages:
            nouveaux.append((dossier, messages))
    return nouveaux


def _ecrire(personne: Utilisateur, nouveaux: list[tuple[Candidature, list[Message]]]) -> None:
    nombre = sum(len(messages) for _, messages in nouveaux)
    dernier = max(message.pk for _, messages in nouveaux for message in messages)
    mettre_en_file(
        Lettre(
            gabarit="instruction/messages",
            valeurs={
                "nouveaux": compte(nombre, "nouveau message", "nouveaux messages"),
                "non_lus": compte(nombre, "message non lu", "messages non lus"),
                "dossiers": [_resume(personne, dossier, messages) for dossier, messages in nouveaux],
            },
            cle=f"messages-{personne.pk}-{dernier}",
            destinataire=personne.email,
            demonstration=any(dossier.demonstration for dossier, _ in nouveaux),
        )
    )


def _resume(personne: Utilisateur, dossier: Candidature, messages: list[Message]) -> dict[str, object]:
    page = "instruction:messages" if est_du_service(dossier, personne) else "candidatures:messages"
    return {
        "reference": dossier.reference,
        "territoire": dossier.territoire,
        "messages": [{"auteur": message.auteur, "extrait": _extrait(message.texte)} for message in messages],
        "adresse": adresse_complete(page, dossier.pk),
    }


def _extrait(texte: str) -> str:
    """The first words, on one line."""
    court = " ".join(texte.split())
    return court if len(court) <= EXTRAIT else f"{court[:EXTRAIT].rsplit(' ', 1)[0]}…"
