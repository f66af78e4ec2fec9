"""Invitations to take part in a file: a link sent to one address, which expires.

The secret of the link is drawn here, kept only as its SHA-256, and lives in the letter that carries it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.actions.equipe import POUVOIRS, ecrire, tenir_ouverte, tenir_pour_gerer
from candidatures.dossier.etats import Qualite
from candidatures.dossier.jetons import tirer
from candidatures.dossier.models.contestations import Contestation
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.invitations import Invitation
from candidatures.dossier.regles import empechement_d_inviter
from candidatures.dossier.requetes import (
    empechement,
    empechement_de_decliner,
    invitation_de,
    invitation_recue,
    refus_d_y_repondre,
)
from rebond.comptes.rattachements.requetes import est_rattache
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.caracteres import identifiant
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.requetes import nom_par_defaut

VALIDITE = timedelta(days=14)
# A second click is not a second letter, whose link would kill the first one's.
DELAI_ENTRE_ENVOIS = timedelta(minutes=1)
# Participants and pending invitations together: the portal does not write to strangers at will.
PERSONNES_MAX = 50
MEME_ADRESSE = "C’est déjà l’adresse de cette invitation : écrivez la bonne."
LIEN_INCONNU = "Ce lien d’invitation n’est pas valable\u00a0: il a peut-être été remplacé par un autre, plus récent."


def inviter(
    *, candidature: Candidature, email: str, qualite: Qualite, auteur: Utilisateur, maintenant: datetime
) -> Invitation:
    """Send a link to `email`, valid for `VALIDITE`. An invitation of theirs that has expired is made anew.

    Raises `RegleEnfreinte` unless `auteur` is the porteur, for whoever takes part already or has a pending invitation
    (it can be sent again), beyond `PERSONNES_MAX`, beyond the letters of a day, and while an authority of the file
    says that it is not its own.
    """
    email = identifiant(email).lower()
    with transaction.atomic():
        tenue = tenir_pour_gerer(candidature, auteur, maintenant)
        _exiger_non_signale(tenue)
        if qualite == Qualite.PORTEUR:
            raise RegleEnfreinte(
                "Un dossier n’a qu’un responsable\u00a0: invitez un coresponsable, puis passez-lui la main."
            )
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
        _exiger_non_signale(tenue)
        relue = _sans_reponse(invitation)
        if maintenant < relue.faite_le + DELAI_ENTRE_ENVOIS:
            raise RegleEnfreinte("Cette invitation vient d’être envoyée\u00a0: attendez une minute pour la renvoyer.")
        consigner(ActeDuDossier.RENVOYER_INVITATION, tenue, acteur=auteur, fait_le=maintenant, email=relue.email)
        return _envoyer(tenue, relue, auteur, maintenant)


def corriger_adresse(*, invitation: Invitation, email: str, auteur: Utilisateur, maintenant: datetime) -> Invitation:
    """Invite `email` in its place: the former link opens nothing from now on, whatever becomes of its letter.

    Raises `RegleEnfreinte` as `revoquer_invitation` and `inviter` do, and for the very same address.
    """
    with transaction.atomic():
        if identifiant(email).lower() == invitation.email.lower():
            raise RegleEnfreinte(MEME_ADRESSE)
        revoquer_invitation(invitation=invitation, auteur=auteur, maintenant=maintenant)
        return inviter(
            candidature=invitation.candidature,
            email=email,
            qualite=Qualite(invitation.qualite),
            auteur=auteur,
            maintenant=maintenant,
        )


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
    return _accepter(lambda: invitation_de(jeton), utilisateur, maintenant)


def accepter_invitation_recue(*, pk: int, utilisateur: Utilisateur, maintenant: datetime) -> Participation:
    """The same without the link, for whoever has proven the address that it was sent to."""
    return _accepter(lambda: invitation_recue(pk, utilisateur, maintenant), utilisateur, maintenant)


def decliner_invitation(*, jeton: str, utilisateur: Utilisateur | None, maintenant: datetime) -> None:
    """Whoever holds the link, with an account or without, does not come: the link opens nothing any more, and who
    invited is told, nobody else.

    Raises `RegleEnfreinte` for whatever `empechement_de_decliner` says, or when the link is unknown.
    """
    _decliner(lambda: invitation_de(jeton), utilisateur, maintenant)


def decliner_invitation_recue(*, pk: int, utilisateur: Utilisateur, maintenant: datetime) -> None:
    """The same without the link, for whoever has proven the address that it was sent to."""
    _decliner(lambda: invitation_recue(pk, utilisateur, maintenant), utilisateur, maintenant)


def _decliner(trouver: Callable[[], Invitation | None], utilisateur: Utilisateur | None, maintenant: datetime) -> None:
    with transaction.atomic():
        trouvee = _tenir_l_invitation(trouver)
        if refus := empechement_de_decliner(trouvee, maintenant):
            raise RegleEnfreinte(refus)
        candidature = trouvee.candidature
        trouvee.revoquee_le, trouvee.declinee = maintenant, True
        trouvee.save(update_fields=["revoquee_le", "declinee"])
        entree = consigner(
            ActeDuDossier.DECLINER_INVITATION, candidature, acteur=utilisateur, fait_le=maintenant, email=trouvee.email
        )
        if (auteur := _a_prevenir(trouvee)) is not None:
            ecrire(candidature, auteur, entree, "dossier/invitation_declinee", adresse_de_la_personne=trouvee.email)


def _a_prevenir(invitation: Invitation) -> Utilisateur | None:
    """Who made it, as long as they take part in the file; whoever is responsible for it afterwards."""
    parts = invitation.candidature.participations.select_related("utilisateur")
    sienne = parts.filter(utilisateur=invitation.faite_par).first() or parts.filter(qualite=Qualite.PORTEUR).first()
    return sienne.utilisateur if sienne else None


def _tenir_l_invitation(trouver: Callable[[], Invitation | None]) -> Invitation:
    """As it is once its file is held: sent again meanwhile, it has another link. Raises `RegleEnfreinte`."""
    trouvee = trouver()
    if trouvee is not None:
        tenir(trouvee.candidature)
        trouvee = trouver()
    if trouvee is None:
        raise RegleEnfreinte(LIEN_INCONNU)
    return trouvee


def _accepter(
    trouver: Callable[[], Invitation | None], utilisateur: Utilisateur, maintenant: datetime
) -> Participation:
    with transaction.atomic():
        trouvee = _tenir_l_invitation(trouver)
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
                "dossier/invitation_acceptee",
                personne=str(utilisateur),
                adresse_de_la_personne=utilisateur.email,
                qualite=participation.get_qualite_display().lower(),
            )
    return participation


def _sans_reponse(invitation: Invitation) -> Invitation:
    relue = Invitation.objects.get(pk=invitation.pk)
    if refus := refus_d_y_repondre(relue):
        raise RegleEnfreinte(refus)
    return relue


def _exiger_non_signale(candidature: Candidature) -> None:
    signale = Contestation.objects.retenues().filter(candidature=candidature).exists()
    if refus := empechement_d_inviter(signale=signale):
        raise RegleEnfreinte(refus)


def _est_prouve(candidature: Candidature, personne: Utilisateur) -> bool:
    """Whether `personne` is known to work for the lead."""
    chef = candidature.membres.select_related("epci", "petr").filter(chef_de_file=True).first()
    return chef is not None and est_rattache(personne, [chef.siren])


def _compter(candidature: Candidature, maintenant: datetime) -> None:
    en_attente = Invitation.objects.filter(candidature=candidature).en_attente(maintenant)
    if candidature.participations.count() + en_attente.count() >= PERSONNES_MAX:
        raise RegleEnfreinte(f"Un dossier réunit au plus {PERSONNES_MAX} personnes, invitations comprises.")


def _envoyer(
    candidature: Candidature, invitation: Invitation, auteur: Utilisateur, maintenant: datetime
) -> Invitation:
    jeton, invitation.empreinte = tirer()
    invitation.faite_par, invitation.faite_le, invitation.expire_le = auteur, maintenant, maintenant + VALIDITE
    invitation.save()
    qualite = Qualite(invitation.qualite)
    mettre_en_file(
        Lettre(
            gabarit="dossier/invitation",
            valeurs={
                "auteur": str(auteur),
                "email_de_l_auteur": auteur.email,
                "prouve": _est_prouve(candidature, auteur),
                "collectivites": nom_par_defaut(list(candidature.territoire.epcis.order_by("-population"))),
                "reference": candidature.reference,
                "territoire": candidature.territoire.nom,
                "vague": candidature.vague.numero,
                "cloture": instant_fr(candidature.echeance, secondes=True),
                "qualite": qualite.label.lower(),
                "pouvoirs": POUVOIRS[qualite],
                "jeton": jeton,
                "expire": instant_fr(invitation.expire_le),
                "email": invitation.email,
            },
            cle=invitation.cle_de_la_lettre,
            destinataire=invitation.email,
            demonstration=candidature.demonstration,
            demande_par=auteur,
        )
    )
    return invitation
