"""What the person takes part in, brought, and wrote. A file that they may no longer open is a reference and a date.

Nothing here tells the state of a file, nor what anybody else wrote in it.
"""

from collections.abc import Iterator
from functools import reduce
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Lower

from candidatures.depot.models import Depot
from candidatures.dossier.models.accords import Accord
from candidatures.dossier.models.anciennes_participations import AncienneParticipation
from candidatures.dossier.models.contestations import Contestation
from candidatures.dossier.models.dossiers import CONTENUS, Candidature, Participation
from candidatures.dossier.models.invitations import Invitation
from candidatures.dossier.models.liens import Lien
from candidatures.dossier.models.pieces import PieceJointe, Televersement
from candidatures.dossier.models.reserves import Reserve
from candidatures.dossier.models.versions import Presence, VersionDeSection
from candidatures.evaluation.models.evaluations import Evaluation
from candidatures.instruction.annotations.models import Annotation, LectureDePiece, Mention
from candidatures.instruction.conditions.etats import Issue
from candidatures.instruction.conditions.models import ExamenDeRecevabilite, PropositionDIrrecevabilite
from candidatures.instruction.correction.models import DemandeDeCorrection, PieceDeCorrection
from candidatures.instruction.echanges.models import LectureDesMessages, Message
from candidatures.instruction.etiquettes.models import Etiquette
from candidatures.instruction.models import DeclarationInteret, Recevabilite, RevisionDeProposition
from candidatures.instruction.saisine.models import AvisRendu, BrouillonDAvis, LeveeDeReserve
from rebond.donnees.export.rubrique import Rubrique, Sujet, Valeurs
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Petr

LOT = 200
# What one signed in one's own name, and reads for ever: it tells nothing of what became of the file.
TOUJOURS = frozenset({"avis"})


def _avec_dossier(lignes: QuerySet[Any], chemin: str = "candidature") -> Iterator[Any]:
    """With what names a file, and nothing of what it holds."""
    lues = lignes.select_related(f"{chemin}__vague").defer(*(f"{chemin}__{champ}" for champ in CONTENUS))
    return lues.order_by("pk").iterator(chunk_size=LOT)


def _participations(sujet: Sujet) -> Iterator[Valeurs]:
    siennes = Participation.objects.filter(utilisateur=sujet.personne).select_related("candidature__territoire")
    for part in _avec_dossier(siennes):
        yield {
            "dossier": part.candidature.reference,
            "territoire": part.candidature.territoire.nom,
            "qualite": part.get_qualite_display(),
            "depuis": part.depuis,
        }
    for ancienne in _avec_dossier(AncienneParticipation.objects.filter(utilisateur=sujet.personne)):
        yield {"dossier": ancienne.candidature.reference, "quitte_le": ancienne.quittee_le}


def _ouverts(sujet: Sujet) -> Iterator[Valeurs]:
    siens = Candidature.objects.filter(ouverte_par=sujet.personne).sans_contenu().select_related("vague")
    for dossier in siens.order_by("pk"):
        yield {"dossier": dossier.reference, "ouvert_le": dossier.creee_le}


def _invitations(sujet: Sujet) -> Iterator[Valeurs]:
    """Received at an address that is proven, or accepted; and those that the person made, without the guest."""
    recues = Invitation.objects.alias(a=Lower("email")).filter(
        Q(a__in=sujet.adresses) | Q(acceptee_par=sujet.personne)
    )
    for invitation in _avec_dossier(recues):
        yield {"sens": "reçue", "adresse": invitation.email, **_invitation(invitation)}
    for invitation in _avec_dossier(Invitation.objects.filter(faite_par=sujet.personne)):
        yield {"sens": "faite", **_invitation(invitation)}


def _invitation(invitation: Invitation) -> dict[str, Any]:
    return {
        "dossier": invitation.candidature.reference,
        "qualite": invitation.get_qualite_display(),
        "faite_le": invitation.faite_le,
        "acceptee_le": invitation.acceptee_le,
        "declinee_le": invitation.revoquee_le if invitation.declinee else None,
    }


def _liens(sujet: Sujet) -> Iterator[Valeurs]:
    """Those that the person made, without whom they were for; and those sent to an address that is proven."""
    for lien in _avec_dossier(Lien.objects.filter(fait_par=sujet.personne)):
        yield {"sens": "fait", **_lien(lien)}
    for lien in _avec_dossier(Lien.objects.alias(a=Lower("email")).filter(a__in=sujet.adresses)):
        yield {"sens": "reçu", "adresse": lien.email, **_lien(lien)}


def _lien(lien: Lien) -> dict[str, Any]:
    quoi, du, au = lien.get_genre_display(), lien.fait_le, lien.expire_le
    return {"dossier": lien.candidature.reference, "quoi": quoi, "fait_le": du, "expire_le": au}


def _accords(sujet: Sujet) -> Iterator[Valeurs]:
    for accord in _avec_dossier(Accord.objects.filter(par=sujet.personne)):
        yield {
            "dossier": accord.candidature.reference,
            "collectivite": accord.nom,
            "nom": accord.signataire,
            "fonction": accord.fonction,
            "le": accord.donne_le,
            "empreinte": accord.empreinte,
        }


def _depots(sujet: Sujet) -> Iterator[Valeurs]:
    siens = Depot.objects.filter(auteur=sujet.personne).defer("contenu").order_by("pk")
    for depot in siens.iterator(chunk_size=LOT):
        yield {"numero": depot.numero, "recu_le": depot.recu_le, "empreinte": depot.empreinte}


def _fichiers(sujet: Sujet) -> Iterator[Valeurs]:
    moi = sujet.personne
    for piece in _avec_dossier(PieceJointe.objects.filter(ajoutee_par=moi)):
        yield {"dossier": piece.candidature.reference, "nom": piece.nom, "le": piece.ajoutee_le, "ou": "pièce jointe"}
    corrections = PieceDeCorrection.objects.filter(ajoutee_par=moi).select_related("demande")
    for piece in _avec_dossier(corrections, "demande__candidature"):
        yield {
            "dossier": piece.demande.candidature.reference,
            "nom": piece.nom,
            "le": piece.ajoutee_le,
            "ou": "pièce d’une correction",
        }
    for envoi in _avec_dossier(Televersement.objects.filter(utilisateur=moi)):
        yield {"dossier": envoi.candidature.reference, "nom": envoi.nom, "le": envoi.commence_le, "ou": "envoi"}
    for reserve in _avec_dossier(Reserve.objects.filter(utilisateur=moi)):
        yield {"dossier": reserve.candidature.reference, "le": reserve.prise_le, "ou": f"{reserve.octets} octets"}


def _messages(sujet: Sujet) -> Iterator[Valeurs]:
    """What a territory wrote is its own; what one wrote for the State is read in the file, by who reads it still."""
    for message in _avec_dossier(Message.objects.filter(auteur=sujet.personne)):
        lisible = not message.du_service or message.candidature_id in sujet.dossiers
        yield {
            "dossier": message.candidature.reference,
            "envoye_le": message.envoye_le,
            "texte": message.texte if lisible else "",
        }


def _reponses(sujet: Sujet) -> Iterator[Valeurs]:
    """The last that they saved of each section of the files that they may open; a date for the others."""
    siennes = VersionDeSection.objects.filter(auteur=sujet.personne)
    dernieres = siennes.values("candidature", "section").annotate(derniere=Max("pk")).values("derniere")
    for version in _avec_dossier(siennes.filter(pk__in=dernieres)):
        yield {
            "dossier": version.candidature.reference,
            "rubrique": version.section,
            "le": version.enregistree_le,
            "reponses": version.reponses if version.candidature_id in sujet.dossiers else "",
        }


def _instruction(sujet: Sujet) -> Iterator[Valeurs]:
    moi, ouverts = sujet.personne, sujet.dossiers
    for genre, lignes, vers, le, texte in _ecrits(moi):
        for ligne in _avec_dossier(lignes, vers):
            dossier = reduce(getattr, vers.split("__"), ligne)
            yield {
                "dossier": dossier.reference,
                "genre": genre,
                "le": getattr(ligne, le),
                "texte": getattr(ligne, texte) if dossier.pk in ouverts or genre in TOUJOURS else "",
            }


def _ecrits(moi: Utilisateur) -> Iterator[tuple[str, QuerySet[Any], str, str, str]]:
    """Each kind of writing: its name, its rows, what leads from one to its file, its instant, its text."""
    du_dossier, de_la_demande = "candidature", "saisine__candidature"
    yield "avis", AvisRendu.objects.filter(auteur=moi), de_la_demande, "rendu_le", "en_entier"
    yield "brouillon d’avis", BrouillonDAvis.objects.filter(ecrit_par=moi), de_la_demande, "ecrit_le", "texte"
    levees = LeveeDeReserve.objects.filter(levee_par=moi)
    yield "levée d’une réserve", levees, f"avis__{de_la_demande}", "levee_le", "motif"
    yield "évaluation", Evaluation.objects.filter(auteur=moi), du_dossier, "modifiee_le", "commentaire"
    yield "recevabilité", Recevabilite.objects.filter(auteur=moi), du_dossier, "constatee_le", "motif"
    examens = ExamenDeRecevabilite.objects.filter(ecrit_par=moi)
    yield "examen de recevabilité en cours", examens, du_dossier, "ecrit_le", "motif"
    irrecevabilites = PropositionDIrrecevabilite.objects
    yield "irrecevabilité proposée", irrecevabilites.filter(auteur=moi), du_dossier, "proposee_le", "motif"
    signees = irrecevabilites.filter(close_par=moi, issue=Issue.SIGNEE)
    yield "irrecevabilité signée", signees, du_dossier, "close_le", "motif"
    renvoyees = irrecevabilites.filter(close_par=moi, issue=Issue.RENVOYEE)
    yield "irrecevabilité renvoyée", renvoyees, du_dossier, "close_le", "mot"
    propositions = RevisionDeProposition.objects.filter(auteur=moi)
    yield "proposition", propositions, "proposition__candidature", "faite_le", "motif"
    yield "note d’instruction", Annotation.objects.filter(auteur=moi), du_dossier, "ecrite_le", "texte"
    yield "étiquette", Etiquette.objects.filter(par=moi), du_dossier, "posee_le", "nom"
    yield "demande de correction", DemandeDeCorrection.objects.filter(auteur=moi), du_dossier, "demandee_le", "motif"


def _interets(sujet: Sujet) -> Iterator[Valeurs]:
    """One's own declarations are about oneself, whatever becomes of the file."""
    for declaration in _avec_dossier(DeclarationInteret.objects.filter(utilisateur=sujet.personne)):
        yield {
            "dossier": declaration.candidature.reference,
            "declaree_le": declaration.declaree_le,
            "motif": declaration.motif,
        }


def _contestations(sujet: Sujet) -> Iterator[Valeurs]:
    for contestation in _avec_dossier(Contestation.objects.filter(par=sujet.personne)):
        yield {
            "dossier": contestation.candidature.reference,
            "collectivite": contestation.nom,
            "faite_le": contestation.faite_le,
        }


def _petr(sujet: Sujet) -> Iterator[Valeurs]:
    for petr in Petr.objects.filter(declare_par=sujet.personne).order_by("pk"):
        yield {"siren": petr.siren, "nom": petr.nom}


def _lectures(sujet: Sujet) -> Iterator[Valeurs]:
    for lecture in _avec_dossier(LectureDesMessages.objects.filter(utilisateur=sujet.personne)):
        yield {"dossier": lecture.candidature.reference, "quoi": "messages lus"}
    for piece in _avec_dossier(LectureDePiece.objects.filter(utilisateur=sujet.personne)):
        yield {"dossier": piece.candidature.reference, "quoi": "pièce lue", "le": piece.lue_le}
    for mention in _avec_dossier(Mention.objects.filter(utilisateur=sujet.personne), "annotation__candidature"):
        note = mention.annotation
        yield {"dossier": note.candidature.reference, "quoi": "note écrite pour vous", "le": note.ecrite_le}
    for presence in _avec_dossier(Presence.objects.filter(utilisateur=sujet.personne)):
        yield {
            "dossier": presence.candidature.reference,
            "quoi": f"rubrique ouverte\u00a0: {presence.section}",
            "le": presence.vue_le,
        }


FERME = "Le texte n’y est que pour les dossiers que vous pouvez ouvrir aujourd’hui."
RUBRIQUES = (
    Rubrique(
        "participations", "Les dossiers auxquels vous participez, ou avez participé",
        {
            "dossier": "Dossier", "territoire": "Territoire", "qualite": "Qualité", "depuis": "Depuis",
            "quitte_le": "Quitté le",
        },
        _participations,
    ),
    Rubrique(
        "dossiers_ouverts", "Les dossiers que vous avez ouverts", {"dossier": "Dossier", "ouvert_le": "Ouvert le"},
        _ouverts,
    ),
    Rubrique(
        "invitations", "Les invitations que vous avez reçues ou faites",
        {
            "sens": "Invitation", "dossier": "Dossier", "qualite": "Qualité", "adresse": "Adresse",
            "faite_le": "Faite le", "acceptee_le": "Acceptée le", "declinee_le": "Déclinée le",
        },
        _invitations, "L’adresse des personnes que vous avez invitées n’y est pas.",
    ),
    Rubrique(
        "liens", "Les liens sans compte que vous avez faits ou reçus",
        {
            "sens": "Lien", "dossier": "Dossier", "quoi": "Ce qu’il ouvre", "adresse": "Adresse", "fait_le": "Fait le",
            "expire_le": "Expire le",
        },
        _liens, "Pour qui vous les avez faits n’y est pas.",
    ),
    Rubrique(
        "accords", "Les bons pour dépôt que vous avez donnés",
        {
            "dossier": "Dossier", "collectivite": "Pour", "nom": "Nom", "fonction": "Fonction", "le": "Le",
            "empreinte": "Version (SHA-256)",
        },
        _accords,
    ),
    Rubrique(
        "depots", "Vos dépôts",
        {"numero": "Numéro", "recu_le": "Reçu le", "empreinte": "Code de vérification (SHA-256)"}, _depots,
    ),
    Rubrique(
        "fichiers", "Les fichiers que vous avez envoyés",
        {"dossier": "Dossier", "nom": "Nom", "le": "Le", "ou": "Comment"}, _fichiers,
        "Les fichiers eux-mêmes se téléchargent dans le dossier.",
    ),
    Rubrique(
        "messages", "Les messages que vous avez écrits",
        {"dossier": "Dossier", "envoye_le": "Envoyé le", "texte": "Texte"}, _messages,
        f"Pour ce que vous avez écrit au titre de l’État\u00a0: {FERME[0].lower()}{FERME[1:]}",
    ),
    Rubrique(
        "reponses", "Les réponses que vous avez enregistrées en dernier, rubrique par rubrique",
        {"dossier": "Dossier", "rubrique": "Rubrique", "le": "Le", "reponses": "Réponses"}, _reponses, FERME,
    ),
    Rubrique(
        "instruction", "Ce que vous avez écrit en instruisant des dossiers",
        {"dossier": "Dossier", "genre": "Genre", "le": "Le", "texte": "Texte"}, _instruction,
        f"{FERME} Celui de vos avis y est toujours.",
    ),
    Rubrique(
        "interets", "Vos déclarations d’intérêts",
        {"dossier": "Dossier", "declaree_le": "Déclarée le", "motif": "Motif"}, _interets,
    ),
    Rubrique(
        "signalements", "Les dossiers que vous avez signalés",
        {"dossier": "Dossier", "collectivite": "Pour", "faite_le": "Le"}, _contestations,
    ),
    Rubrique("petr", "Les PETR que vous avez déclarés", {"siren": "SIREN", "nom": "Nom"}, _petr),
    Rubrique(
        "lectures", "Ce que le portail a retenu de vos lectures", {"dossier": "Dossier", "quoi": "Quoi", "le": "Le"},
        _lectures,
    ),
)  # fmt: skip
