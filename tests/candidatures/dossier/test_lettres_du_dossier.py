"""What is written to the people of a file, word for word."""

import re
from datetime import timedelta

import pytest

from candidatures.cloture.actions import cloture
from candidatures.dossier.actions import equipe, invitations
from candidatures.dossier.copie import actions as copies
from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Participation
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, lue

pytestmark = pytest.mark.django_db

PORTEUR = "vous écrivez dans le dossier, vous composez son équipe, et vous seul pouvez le déposer ou le retirer"
CO_PORTEUR = "vous pouvez écrire dans le dossier et y joindre des pièces ; son responsable le dépose"
LECTEUR = "vous pouvez lire le dossier et vérifier qu’il est complet, sans le modifier"


@pytest.fixture
def dossier() -> Candidature:
    return f.une_candidature(complete=False, territoire=f.un_territoire("L’Avesnois & <Thiérache>"))


@pytest.fixture
def porteur(dossier) -> Utilisateur:
    return f.porteur_de(dossier)


@pytest.fixture
def collegue(dossier) -> Participation:
    personne = f.un_utilisateur(prenom="Odile", nom="D'Arc <b>")
    return Participation.objects.create(candidature=dossier, utilisateur=personne, qualite=Qualite.CO_PORTEUR)


def derniere(personne: Utilisateur) -> Courrier:
    return Courrier.objects.filter(destinataire=personne.email).latest("pk")


def entete(dossier: Candidature) -> str:
    return (
        f"Dossier {dossier.reference} de l’appel « Rebond industriel ». Son territoire y est nommé "
        f"« {dossier.territoire} »."
    )


def pied(dossier: Candidature) -> str:
    return f"Le dossier : {PORTAIL}/candidatures/{dossier.pk}/"


def test_un_role_qui_change(dossier, porteur, collegue):
    equipe.changer_qualite(participation=collegue, qualite=Qualite.LECTEUR, auteur=porteur, maintenant=horloge_base())
    lue(
        "dossier/qualite_changee",
        derniere(collegue.utilisateur),
        f"Vous êtes maintenant lecteur du dossier {dossier.reference}",
        BONJOUR,
        entete(dossier),
        f"Votre rôle dans le dossier a changé : {LECTEUR}. Ce changement vient de « {porteur} ».",
        pied(dossier),
        SIGNATURE,
    )


def test_une_personne_qui_s_en_va(dossier, porteur, collegue):
    partie = collegue.utilisateur
    equipe.retirer_participant(participation=collegue, auteur=partie, maintenant=horloge_base())
    lue(
        "dossier/participant_parti",
        derniere(porteur),
        f"{dossier.reference} : une personne a quitté le dossier",
        BONJOUR,
        entete(dossier),
        f"Une personne a quitté le dossier et n’y a plus accès. Son compte a l’adresse {partie.email}, et le nom "
        "qu’elle "
        "a donné est « Odile D'Arc <b> ».",
        pied(dossier),
        SIGNATURE,
    )


def test_une_personne_que_le_porteur_retire(dossier, porteur, collegue):
    equipe.retirer_participant(participation=collegue, auteur=porteur, maintenant=horloge_base())
    lue(
        "dossier/participant_retire",
        derniere(collegue.utilisateur),
        f"Vous ne participez plus au dossier {dossier.reference}",
        BONJOUR,
        entete(dossier),
        "Votre participation au dossier a pris fin. Ce que vous avez écrit y reste. Cette décision est de « "
        f"{porteur} ».",
        pied(dossier),
        SIGNATURE,
    )


@pytest.mark.parametrize("motif", ["", "Départ en retraite."])
@pytest.mark.parametrize("demande", [False, True])
def test_un_dossier_qui_change_de_porteur(dossier, porteur, collegue, motif, demande):
    demande_le = horloge_base()
    if demande:
        Candidature.objects.filter(pk=dossier.pk).update(
            depot_a_l_echeance_le=demande_le, depot_a_l_echeance_par=porteur
        )
    nouveau = collegue.utilisateur
    equipe.passer_la_main(candidature=dossier, a=nouveau, auteur=porteur, maintenant=horloge_base(), motif=motif)
    demandes = (
        f"Le {instant_fr(demande_le)}, il a été demandé au portail de déposer la dernière version complète à "
        "l’échéance, "
        f"si personne ne l’a fait avant. La demande vient de « {porteur} » ; elle reste en place, et vous pouvez "
        "l’annuler depuis la page du dossier."
    )
    lue(
        "dossier/dossier_confie",
        derniere(nouveau),
        f"Vous êtes maintenant responsable du dossier {dossier.reference}",
        BONJOUR,
        entete(dossier),
        f"Le dossier vous est confié : {PORTEUR}. Cela vient de « {porteur} ».",
        *([f"Le motif donné est « {motif} »."] if motif else []),
        *([demandes] if demande else []),
        pied(dossier),
        SIGNATURE,
    )
    lue(
        "dossier/nouveau_porteur",
        derniere(porteur),
        f"Le dossier {dossier.reference} a un nouveau responsable",
        BONJOUR,
        entete(dossier),
        f"Le dossier a un nouveau responsable, « {nouveau} ». Vous y restez comme coresponsable : {CO_PORTEUR}.",
        f"Ce changement vient de « {porteur} »." + (f" Le motif donné est « {motif} »." if motif else ""),
        pied(dossier),
        SIGNATURE,
    )


@pytest.mark.parametrize(
    ("prouve", "su"),
    [
        (True, "Nous savons que cette personne travaille pour la collectivité chef de file."),
        (False, "Nous n’avons pas encore vérifié qu’elle travaille pour l’une de ces collectivités."),
    ],
)
def test_une_invitation_puis_sa_reponse(prouve, su):
    dossier = f.une_candidature(complete=False, territoire=f.un_territoire("L’Avesnois & <Thiérache>"), prouve=prouve)
    porteur = f.porteur_de(dossier)
    invitation = invitations.inviter(
        candidature=dossier,
        email="invite@example.fr",
        qualite=Qualite.CO_PORTEUR,
        auteur=porteur,
        maintenant=horloge_base(),
    )
    lettre = Courrier.objects.get(destinataire="invite@example.fr")
    jeton = re.search(r"invitations/([\w-]+)/", lettre.texte)[1]
    lue(
        "dossier/invitation",
        lettre,
        f"Invitation à participer au dossier {dossier.reference}",
        BONJOUR,
        "Vous êtes invité à participer à un dossier préparé pour l’appel de l’État « Rebond industriel » "
        "(période de dépôt n° "
        f"{dossier.vague.numero}, close le {instant_fr(dossier.vague.cloture, secondes=True)}, heure de Paris).",
        f"Dossier {dossier.reference}, qui cite : {dossier.territoire.chef_de_file.nom}.",
        f"L’invitation vient d’un compte dont l’adresse e-mail est {porteur.email}. {su} Le nom qu’elle a "
        "donné est "
        f"« {porteur} » ; celui qu’elle donne au territoire, « {dossier.territoire} ».",
        f"Vous serez coresponsable : {CO_PORTEUR}.",
        f"Pour accepter, ouvrez cette page et suivez ses indications :\n{PORTAIL}/candidatures/invitations/{jeton}/",
        f"Ce lien ne sert qu’à vous, et qu’une fois. Il est valable jusqu’au {instant_fr(invitation.expire_le)} "
        "(heure de Paris). Il vous faut un compte à l’adresse invite@example.fr ; le créer ne prend qu’une minute.",
        "Vous ne souhaitez pas participer ? La même page permet de décliner l’invitation, sans compte.",
        "Si vous ne connaissez pas la personne qui vous invite, ne faites rien : l’invitation expirera d’elle-même. "
        "L’État ne vous demandera jamais ainsi ni argent, ni mot de passe.",
        SIGNATURE,
    )
    invite = f.un_utilisateur("invite@example.fr", prenom="Jean", nom="Petit")
    invitations.accepter_invitation(jeton=jeton, utilisateur=invite, maintenant=horloge_base())
    lue(
        "dossier/invitation_acceptee",
        derniere(porteur),
        f"{dossier.reference} : votre invitation est acceptée",
        BONJOUR,
        entete(dossier),
        "Une personne de plus participe au dossier, comme coresponsable. Son compte a l’adresse invite@example.fr, et "
        "le nom "
        "qu’elle a donné est « Jean Petit ».",
        pied(dossier),
        SIGNATURE,
    )


def test_une_invitation_declinee():
    dossier = f.une_candidature()
    porteur = f.porteur_de(dossier)
    invitations.inviter(
        candidature=dossier,
        email="invite@example.fr",
        qualite=Qualite.LECTEUR,
        auteur=porteur,
        maintenant=horloge_base(),
    )
    lettre = Courrier.objects.get(destinataire="invite@example.fr")
    jeton = re.search(r"invitations/([\w-]+)/", lettre.texte)[1]
    invitations.decliner_invitation(jeton=jeton, utilisateur=None, maintenant=horloge_base())
    lue(
        "dossier/invitation_declinee",
        derniere(porteur),
        f"{dossier.reference} : votre invitation est déclinée",
        BONJOUR,
        entete(dossier),
        "La personne invitée à l’adresse invite@example.fr ne souhaite pas participer au dossier. Son lien ne "
        "fonctionne plus. Nous n’en prévenons que vous.",
        pied(dossier),
        SIGNATURE,
    )


def test_une_copie_dans_une_autre_vague():
    passee = f.une_vague(cloture=horloge_base() - timedelta(days=2))
    originale = f.une_candidature(vague=passee, complete=False)
    cloture.clore(vague_id=passee.pk, maintenant=horloge_base())
    originale.refresh_from_db()
    auteur = f.porteur_de(originale)
    ouverte = f.une_vague(ouverture=passee.cloture)
    copie = copies.copier(candidature=originale, vague=ouverte, auteur=auteur, maintenant=horloge_base())
    lue(
        "dossier/dossier_copie",
        derniere(auteur),
        f"Le dossier {originale.reference} est copié dans la période de dépôt n° {copie.vague.numero}",
        BONJOUR,
        entete(copie),
        f"Le dossier {originale.reference} est copié dans la période de dépôt n° {copie.vague.numero}. Vous y "
        "participez avec le "
        "même rôle : responsable du dossier. La copie est un brouillon : elle ne sera examinée que si elle est "
        "déposée avant la clôture de cette période de dépôt.",
        f"La copie a été faite par « {auteur} ».",
        pied(copie),
        SIGNATURE,
    )
