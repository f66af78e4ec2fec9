"""The files of the decor: one of the open wave, those that are instructed, and what people say to each other there."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile

from candidatures.depot.actions import depots
from candidatures.dossier.actions import invitations
from candidatures.dossier.etats import Qualite
from candidatures.dossier.groupement import actions as groupements
from candidatures.dossier.liens import actions as liens
from candidatures.dossier.pieces.actions import televersements
from candidatures.evaluation.actions import evaluateurs
from candidatures.instruction.correction import actions as corrections
from candidatures.instruction.echanges import actions as echanges
from candidatures.instruction.etats import SensAvis
from candidatures.models import (
    AccuseReception,
    AccuseRectificatif,
    AvisRendu,
    Candidature,
    Depot,
    Evaluateur,
    Invitation,
    Lien,
    Membre,
    PieceDeCorrection,
    PieceDeMessage,
    PieceDeposee,
    PieceJointe,
    Saisine,
    Vague,
    VueEnregistree,
)
from candidatures.surveillance.lectures import lire_en_attente
from rebond.socle.courriers.models import Courrier
from rebond.socle.documents import stockage as documents
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from territoires.etats import Role
from tests import fabriques as f
from tests.acces import gens as g
from tests.acces.monde import ABSENT, Decor
from tests.candidatures.instruction.instruction import demander_avis, proposer_irrecevabilite, rendre_avis

UN_JOUR = timedelta(days=1)
SIREN_DU_PETR = "732829320"


def deposer(monde: Decor, vague: Vague, territoire: Any, *, prouve: bool) -> Candidature:
    """By someone who is known (`prouve`) to work for its lead; under reserve otherwise."""
    dossier = f.une_candidature(vague=vague, territoire=territoire, porteur=monde["porteur"], prouve=prouve)
    depot = f.un_depot(dossier)
    g.associer(dossier, monde.gens)
    _accuser(depot)
    return dossier


def _accuser(depot: Depot) -> None:
    """Receipts whose bytes nobody looks at here: making a real one takes a second."""
    document = documents.enregistrer(f.PDF, type_mime="application/pdf")
    bien_plus_tard = jour_de_paris(horloge_base()) + 900 * UN_JOUR
    AccuseReception.objects.create(depot=depot, document=document, decision_implicite_le=bien_plus_tard)
    AccuseRectificatif.objects.create(
        depot=depot, rang=1, document=document, motif="Prolongée.", decision_implicite_le=bien_plus_tard + UN_JOUR
    )


def echanger(monde: Decor) -> None:
    maintenant = horloge_base()
    for nom in ("instruit", "secret", "voisin"):
        echanges.envoyer_message(
            candidature=monde.dossiers[nom],
            auteur=monde["instructeur"],
            texte="Pouvez-vous préciser\u00a0?",
            fichiers=[ContentFile(f.PDF, name="question.pdf")],
            maintenant=maintenant,
        )
    demande = corrections.demander_correction(
        candidature=monde.dossiers["à corriger"],
        questions=["projets.projets"],
        natures=["lettre"],
        motif="Précisez les projets.",
        echeance=maintenant + 10 * UN_JOUR,
        auteur=monde["instructeur"],
        maintenant=maintenant,
    )
    corrections.joindre_a_la_correction(
        demande=demande,
        fichier=ContentFile(f.PDF, name="lettre.pdf"),
        nom="lettre.pdf",
        nature="lettre",
        auteur=monde["porteur"],
        maintenant=maintenant,
    )
    # What is attached is the same everywhere: one page, drawn.
    lire_en_attente()
    for nom in ("secret", "instruit", "à corriger", "réservé"):
        monde.objets[f"dossier-{nom.replace(' ', '-')}"] = _du_dossier(monde.dossiers[nom])
    secret = _lien_de_lecture(monde.dossiers["secret"], {"auteur": monde["porteur"], "maintenant": maintenant})
    monde.objets["dossier-secret"] |= secret
    confier_l_evaluation(monde)
    proposer_irrecevabilite(candidature=monde.dossiers["réservé"], auteur=monde["instructeur"])


def confier_l_evaluation(monde: Decor) -> None:
    """Of the file that is instructed, to its instructeur; of somebody else's, to theirs."""
    for nom, qui in (("instruit", "instructeur"), ("voisin", "instructeur-loin")):
        evaluateurs.confier(
            candidature=monde.dossiers[nom],
            personnes=[monde[qui]],
            auteur=monde["valideur"],
            maintenant=horloge_base(),
        )
    siens = Evaluateur.objects.get(candidature=monde.dossiers["instruit"])
    monde.objets["dossier-instruit"]["evaluateur_pk"] = siens.pk


def ouvrir(monde: Decor) -> None:
    """A file of the open wave, deposited, that several authorities and people write."""
    dossier = monde.dossiers["ouvert"] = f.une_candidature(
        vague=monde.ouverte, territoire=f.un_territoire("Val ouvert"), porteur=monde["porteur"]
    )
    _accuser(depots.deposer(candidature=dossier, auteur=monde["porteur"], recu_le=horloge_base(), cle=uuid4()))
    le = {"auteur": monde["porteur"], "maintenant": horloge_base()}
    groupements.ajouter_membre(candidature=dossier, collectivite=f.un_epci(), nom="Vals ouverts", **le)
    petr = {"siren": SIREN_DU_PETR, "nom_du_petr": "PETR des Vals", "epcis": [f.un_epci(), f.un_epci()]}
    groupements.declarer_membre_petr(candidature=dossier, **petr, **le)
    monde.objets["petr"] = {"siren": SIREN_DU_PETR}
    g.associer(dossier, monde.gens)
    invitation = invitations.inviter(candidature=dossier, email="invitee@example.fr", qualite=Qualite.LECTEUR, **le)
    # Long enough ago for the letter to be sent again.
    Invitation.objects.filter(pk=invitation.pk).update(faite_le=horloge_base() - UN_JOUR)
    lettre = Courrier.objects.get(destinataire="invitee@example.fr")
    jeton = lettre.texte.partition("/invitations/")[2].partition("/")[0]
    envoi = televersements.commencer(
        candidature=dossier,
        utilisateur=monde["porteur"],
        nom="plan.pdf",
        nature="diagnostic",
        taille=9_000,
        maintenant=horloge_base(),
    )
    monde.objets["dossier-ouvert"] = _du_dossier(dossier) | {
        "invitation_pk": invitation.pk,
        "jeton": jeton,
        "televersement cle": envoi.pk,
        **_lien_de_lecture(dossier, le),
    }


def _lien_de_lecture(dossier: Candidature, le: dict[str, Any]) -> dict[str, Any]:
    lien, secret = liens.creer_lien_de_lecture(candidature=dossier, pour="Mme la maire", jours=30, **le)
    adresses = ("lien", "lien_pdf", "lien_docx", "lien_piece")
    return {"lien_pk": lien.pk, **{f"liens:{nom} jeton": secret for nom in adresses}}


def _du_dossier(dossier: Candidature) -> dict[str, Any]:
    dossier = Candidature.objects.get(pk=dossier.pk)
    depot = Depot.objects.filter(candidature=dossier).latest("rang")
    deposee = PieceDeposee.objects.get(depot=depot).pk
    message = PieceDeMessage.objects.filter(message__candidature=dossier).first()
    corrigee = PieceDeCorrection.objects.filter(demande__candidature=dossier).first()
    return {
        "pk": dossier.pk,
        "siren": dossier.territoire.chef_de_file.siren,
        "cle": "choc",
        "correction_section cle": "projets",
        "correction_joindre cle": "lettre",
        "revision": 1,
        "rang": depot.rang,
        "place": 1,
        "numero": 1,
        "verification:depot numero": depot.numero,
        "membre_pk": Membre.objects.filter(candidature=dossier).latest("pk").pk,
        "participation_pk": dossier.participations.get(qualite="lecteur", utilisateur__habilitations=None).pk,
        "piece_pk": PieceJointe.objects.get(candidature=dossier).pk,
        "piece_deposee piece_pk": deposee,
        "instruction:piece piece_pk": deposee,
        "apercu_de_piece piece_pk": deposee,
        "page_de_piece piece_pk": deposee,
        **dict.fromkeys(("page_de_piece rang", "page_de_correction rang"), 1),
        "piece_de_message piece_pk": message.pk if message else ABSENT,
        "piece_de_correction piece_pk": corrigee.pk if corrigee else ABSENT,
        "apercu_de_piece_de_correction piece_pk": corrigee.pk if corrigee else ABSENT,
        "page_de_correction piece_pk": corrigee.pk if corrigee else ABSENT,
        "correction_enlever piece_pk": corrigee.pk if corrigee else ABSENT,
        **_des_avis(dossier),
    }


def _des_avis(dossier: Candidature) -> dict[str, Any]:
    """What is asked of the expert, and what the former one gave."""
    attendue = Saisine.objects.filter(candidature=dossier, rendu_le=None).first()
    rendu = AvisRendu.objects.filter(saisine__candidature=dossier).first()
    return {
        "saisine_pk": attendue.pk if attendue else ABSENT,
        "fichier_d_avis saisine_pk": rendu.saisine_id if rendu else ABSENT,
        "avis_pk": rendu.pk if rendu else ABSENT,
        "lever_reserve rang": 1,
    }


def separer(monde: Decor) -> None:
    """What is a part of the file of somebody else, in the same wave."""
    dossier = monde.dossiers["voisin"]
    saisine, avis = _consulter_ailleurs(monde, dossier)
    vue = VueEnregistree.objects.create(proprietaire=monde["instructeur-loin"], nom="Ailleurs", demande="onglet=prets")
    deposee = PieceDeposee.objects.get(depot__candidature=dossier).pk
    monde.etrangers = {
        "membre_pk": Membre.objects.get(candidature=dossier).pk,
        "participation_pk": dossier.participations.get().pk,
        "invitation_pk": Invitation.objects.get(candidature=dossier).pk,
        "lien_pk": Lien.objects.get(candidature=dossier).pk,
        "piece_pk": PieceJointe.objects.get(candidature=dossier).pk,
        "piece_deposee piece_pk": deposee,
        "instruction:piece piece_pk": deposee,
        "apercu_de_piece piece_pk": deposee,
        "evaluateur_pk": Evaluateur.objects.get(candidature=dossier).pk,
        "page_de_piece piece_pk": deposee,
        "piece_de_message piece_pk": PieceDeMessage.objects.get(message__candidature=dossier).pk,
        "saisine_pk": saisine.pk,
        "avis_pk": avis.pk,
        "supprimer_vue pk": vue.pk,
    }


def _consulter_ailleurs(monde: Decor, dossier: Candidature) -> tuple[Saisine, AvisRendu]:
    """An avis that is awaited on it, another one with a reserve."""
    de = {"candidature": dossier, "maintenant": horloge_base()}
    experts = [f.un_agent(Role.EXPERT) for _ in range(2)]
    demandees = [
        demander_avis(expert=expert, question="", auteur=monde["instructeur-loin"], **de) for expert in experts
    ]
    rendu = rendre_avis(expert=experts[1], sens=SensAvis.RESERVE, texte="Oui, mais.", reserves=["Le foncier."], **de)
    return demandees[0], rendu
