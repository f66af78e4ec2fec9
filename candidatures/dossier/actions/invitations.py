"""Invitations to take part in a file: a link sent to one address, which expires.

The secret of the link is drawn here, kept only as its SHA-256, and lives in the letter that carries it.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.actions.equipe import (
    POUVOIRS,
    ecrire,
    nom_et_adresse,
    objet_de,
    tenir_ouverte,
    tenir_pour_gerer,
)
from candidatures.dossier.connaissance import etat_connu_du_territoire
from candidatures.dossier.etats import Qualite
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.invitations import Invitation
from candidatures.dossier.regles import empechement_de_changer_l_equipe
from candidatures.dossier.signaux import est_jugee_par
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.caracteres import identifiant
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur

VALIDITE = timedelta(days=14)
# A second click is not a second letter, whose link would kill the first one's.
DELAI_ENTRE_ENVOIS = timedelta(minutes=1)
# Participants and pending invitations together: the portal does not write to strangers at will.
PERSONNES_MAX = 50
LIEN_INCONNU = "Ce lien d’invitation n’est pas valable\u00a0: il a peut-être été remplacé par un autre, plus récent."


def inviter(
    *, candidature: Candidature, email: str, qualite: Qualite, auteur: Utilisateur, maintenant: datetime
) -> Invitation:
    """Send a link to `email`, valid for `VALIDITE`. An invitation of theirs that has expired is made anew.

    Raises `RegleEnfreinte` unless `auteur` is the porteur, for whoever takes part already or has a pending invitation
    (it can be sent again), and beyond `PERSONNES_MAX`.
    """
    email = identifiant(email).lower()
    with transaction.atomic():
        tenue = tenir_pour_gerer(candidature, auteur, maintenant)
        if qualite == Qualite.PORTEUR:
            raise RegleEnfreinte("Un dossier n’a qu’un porteur\u00a0: invitez un co-porteur, puis passez-lui la main.")
        if tenue.participations.filter(utilisateur__email__iexact=email).exists():
            raise RegleEnfreinte(f"{email} participe déjà au dossier.")
        invitation = Invitation.objects.filter(
            candidature=tenue, email__iexact=email, acceptee_le=None, revoquee_le=None
        ).first()
        if invitation is not None and invitation.expire_le > maintenant:
            raise RegleEnfreinte(
                f"{email} est déjà invité jusqu’au {instant_fr(invitation.expire_le)}\u00a0: vous pouvez lui renvoyer "
                "son invitation depuis la liste des invitations en attente."
            )
        _compter(tenue, maintenant)
        invitation = invitation or Invitation(candidature=tenue, email=email)
        invitation.qualite = qualite
        consigner(
            ActeDuDossier.INVITER,
            tenue,
            acteur=auteur,
            fait_le=maintenant,
            email=invitation.email,
            qualite=Qualite(qualite).value,
        )
        return _envoyer(tenue, invitation, auteur, maintenant)


def renvoyer_invitation(*, invitation: Invitation, auteur: Utilisateur, maintenant: datetime) -> Invitation:
    """Send a new link, valid from now; the former one no longer opens anything.

    Raises `RegleEnfreinte` unless `auteur` is the porteur and the invitation waits for an answer, and within
    `DELAI_ENTRE_ENVOIS` of the last letter.
    """
    with transaction.atomic():
        tenue = tenir_pour_gerer(invitation.candidature, auteur, maintenant)
        relue = _sans_reponse(invitation)
        if maintenant < relue.faite_le + DELAI_ENTRE_ENVOIS:
            raise RegleEnfreinte("Cette invitation vient d’être envoyée\u00a0: attendez une minute pour la renvoyer.")
        consigner(ActeDuDossier.RENVOYER_INVITATION, tenue, acteur=auteur, fait_le=maintenant, email=relue.email)
        return _envoyer(tenue, relue, auteur, maintenant)


def revoquer_invitation(*, invitation: Invitation, auteur: Utilisateur, maintenant: datetime) -> None:
    """The link no longer opens anything. Raises `RegleEnfreinte` as `renvoyer_invitation` does."""
    with transaction.atomic():
        tenue = tenir_pour_gerer(invitation.candidature, auteur, maintenant)
        relue = _sans_reponse(invitation)
        relue.revoquee_le = maintenant
        relue.save(update_fields=["revoquee_le"])
        consigner(ActeDuDossier.REVOQUER_INVITATION, tenue, acteur=auteur, fait_le=maintenant, email=relue.email)


def accepter_invitation(*, jeton: str, utilisateur: Utilisateur, maintenant: datetime) -> Participation:
    """Make `utilisateur` a participant; the same person again gets the same participation.

    Raises `RegleEnfreinte` for whatever `empechement` says, or when the link is unknown.
    """
    with transaction.atomic():
        trouvee = invitation_de(jeton)
        if trouvee is not None:
            tenir(trouvee.candidature)
            # As it is now that the file is held: sent again meanwhile, it has another link.
            trouvee = invitation_de(jeton)
        if trouvee is None:
            raise RegleEnfreinte(LIEN_INCONNU)
        if refus := empechement(trouvee, utilisateur, maintenant):
            raise RegleEnfreinte(refus)
        if trouvee.acceptee_par_id == utilisateur.pk:
            return Participation.objects.get(candidature=trouvee.candidature, utilisateur=utilisateur)
        candidature = tenir_ouverte(trouvee.candidature, maintenant)
        participation, _ = Participation.objects.get_or_create(
            candidature=candidature,
            utilisateur=utilisateur,
            defaults={"qualite": trouvee.qualite, "depuis": maintenant},
        )
        trouvee.acceptee_le, trouvee.acceptee_par = maintenant, utilisateur
        trouvee.save(update_fields=["acceptee_le", "acceptee_par"])
        entree = consigner(
            ActeDuDossier.ACCEPTER_INVITATION,
            candidature,
            acteur=utilisateur,
            fait_le=maintenant,
            qualite=participation.qualite,
        )
        porteur = candidature.participations.select_related("utilisateur").filter(qualite=Qualite.PORTEUR).first()
        if porteur is not None:
            ecrire(
                candidature,
                porteur.utilisateur,
                entree,
                objet=f"{candidature.reference}\u00a0: votre invitation est acceptée",
                texte=f"{nom_et_adresse(utilisateur)} participe maintenant au dossier comme "
                f"{participation.get_qualite_display().lower()}.",
            )
    return participation


def invitation_de(jeton: str) -> Invitation | None:
    """The invitation whose link holds this secret."""
    return (
        Invitation.objects.select_related("candidature__vague", "candidature__territoire", "faite_par")
        .filter(empreinte=_empreinte(jeton))
        .first()
    )


def empechement(invitation: Invitation, utilisateur: Utilisateur | None, maintenant: datetime) -> str | None:
    """Why this person (None: nobody has signed in) may not accept now, in a sentence; None when they may, or did."""
    candidature = invitation.candidature
    if invitation.acceptee_le is not None:
        if utilisateur is None or invitation.acceptee_par_id != utilisateur.pk:
            return "Cette invitation a déjà été acceptée\u00a0: elle ne sert qu’une fois."
        if not candidature.participations.filter(utilisateur=utilisateur).exists():
            return "Vous aviez accepté cette invitation, mais ne participez plus au dossier\u00a0: demandez-en une."
        return None
    if invitation.revoquee_le is not None:
        return "Cette invitation a été annulée par le porteur du dossier."
    if invitation.expire_le <= maintenant:
        return (
            f"Cette invitation a expiré le {instant_fr(invitation.expire_le)}\u00a0: "
            f"demandez à {invitation.faite_par} de vous la renvoyer."
        )
    if empechement_de_changer_l_equipe(etat_connu_du_territoire(candidature, maintenant)):
        return "Ce dossier n’est plus en cours\u00a0: personne ne peut plus le rejoindre."
    if utilisateur is not None and not _est_son_adresse(utilisateur, invitation.email):
        return (
            f"Votre compte a l’adresse {utilisateur.email}. Cette invitation a été envoyée à une autre\u00a0: "
            "connectez-vous avec l’adresse qui a reçu le courriel."
        )
    if utilisateur is not None and est_jugee_par(candidature, utilisateur):
        return "Vous intervenez dans l’instruction de ce dossier\u00a0: vous ne pouvez pas y participer."
    return None


def _est_son_adresse(utilisateur: Utilisateur, email: str) -> bool:
    """Whether the account has proved that it reads the mail of `email`."""
    return bool(EmailAddress.objects.filter(user=utilisateur, email__iexact=email, verified=True).exists())


def _sans_reponse(invitation: Invitation) -> Invitation:
    relue = Invitation.objects.get(pk=invitation.pk)
    if relue.acceptee_le is not None:
        raise RegleEnfreinte(f"{relue.email} a déjà accepté cette invitation.")
    if relue.revoquee_le is not None:
        raise RegleEnfreinte("Cette invitation a déjà été annulée.")
    return relue


def _compter(candidature: Candidature, maintenant: datetime) -> None:
    en_attente = Invitation.objects.filter(candidature=candidature).en_attente(maintenant)
    if candidature.participations.count() + en_attente.count() >= PERSONNES_MAX:
        raise RegleEnfreinte(f"Un dossier réunit au plus {PERSONNES_MAX} personnes, invitations comprises.")


def _envoyer(
    candidature: Candidature, invitation: Invitation, auteur: Utilisateur, maintenant: datetime
) -> Invitation:
    jeton = secrets.token_urlsafe(32)
    invitation.empreinte = _empreinte(jeton)
    invitation.faite_par, invitation.faite_le, invitation.expire_le = auteur, maintenant, maintenant + VALIDITE
    invitation.save()
    mettre_en_file(
        cle=f"invitation-{invitation.pk}-{invitation.empreinte[:16]}",
        destinataire=invitation.email,
        objet=objet_de(candidature, f"Invitation à participer au dossier {candidature.reference}"),
        texte=TEXTE.format(
            auteur=nom_et_adresse(auteur),
            reference=candidature.reference,
            territoire=candidature.territoire.nom,
            vague=candidature.vague.numero,
            cloture=instant_fr(candidature.echeance, secondes=True),
            qualite=Qualite(invitation.qualite).label.lower(),
            pouvoirs=POUVOIRS[Qualite(invitation.qualite)],
            lien=f"{settings.ADRESSE_PUBLIQUE}/candidatures/invitations/{jeton}/",
            expire=instant_fr(invitation.expire_le),
            email=invitation.email,
        ),
    )
    return invitation


def _empreinte(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


TEXTE = """Bonjour,

{auteur} vous invite à participer au dossier {reference} du territoire «\u00a0{territoire}\u00a0», préparé pour
l’appel «\u00a0Rebond industriel\u00a0» (vague {vague}, close le {cloture}, heure de Paris).

Vous y serez {qualite}\u00a0: {pouvoirs}.

Pour accepter, ouvrez cette page et suivez ses indications\u00a0:
{lien}

Ce lien ne sert qu’à vous, et qu’une fois. Il est valable jusqu’au {expire} (heure de Paris). Il vous faut un
compte à l’adresse {email}\u00a0; le créer ne prend qu’une minute.

Si vous ne connaissez pas la personne qui vous invite, ne faites rien\u00a0: l’invitation expirera d’elle-même.

L’équipe Rebond industriel
"""
