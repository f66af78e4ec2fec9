"""What is read of a file: who takes part in it, who is invited, its sections and their versions."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import BigIntegerField, DateTimeField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower

from candidatures.cahier import Section
from candidatures.dossier.connaissance import avec_etat_su, etat_connu_du_territoire
from candidatures.dossier.etats import ETATS_MODIFIABLES, ETATS_SANS_SUITE, EtatCandidature, Qualite
from candidatures.dossier.fusion import fusionner, reunir
from candidatures.dossier.jetons import empreinte_du_jeton
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.invitations import Invitation, InvitationQuerySet
from candidatures.dossier.models.versions import Presence, VersionDeSection
from candidatures.dossier.regles import (
    empechement_d_ecrire,
    empechement_d_y_repondre,
    empechement_de_changer_l_equipe,
)
from candidatures.dossier.signaux import est_jugee_par
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd.preparees import Preparee, valeur
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur

INVITATIONS_LUES = 10


def qualite_de(candidature: Candidature, utilisateur: Utilisateur) -> Qualite | None:
    """What `utilisateur` may do in this file; None when they take no part in it."""
    participation = Participation.objects.filter(candidature=candidature, utilisateur=utilisateur).first()
    return Qualite(participation.qualite) if participation else None


def exiger_l_ecriture(tenue: Candidature, qualite: str | None, maintenant: datetime) -> None:
    """Let pass whoever has that `qualite` in the held file, when its draft may be changed at `maintenant`.

    Raises `EcheanceDepassee` after the deadline, `RegleEnfreinte` when the file is no longer open to their changes.
    """
    if tenue.etat in ETATS_MODIFIABLES and maintenant >= tenue.echeance:
        raise EcheanceDepassee(
            f"Votre demande est parvenue le {instant_fr(maintenant, secondes=True)} (heure de Paris), après "
            f"l’échéance de votre dossier, fixée au {instant_fr(tenue.echeance, secondes=True)} (période de dépôt "
            f"n°\u00a0{tenue.vague.numero})\u00a0: le dossier ne change plus.",
            recu_le=maintenant,
            echeance=tenue.echeance,
        )
    if refus := empechement_d_ecrire(tenue.etat, tenue.phase(maintenant), qualite):
        raise RegleEnfreinte(refus)


def deja_ouvert(*, vague: Vague, cle: str, personne: Utilisateur) -> Candidature | None:
    """The living file of that grouping in which `personne` already takes part; those of others do not exist for "
    "them."""
    vivants = Candidature.objects.du_porteur(personne).exclude(etat=EtatCandidature.RETIREE)
    return vivants.filter(vague=vague, territoire__cle=cle).select_related("vague").order_by("pk").first()


def porteur_et_autres(candidature: Candidature) -> tuple[Participation | None, list[Participation]]:
    """The porteur, if there is one, and the other participants whose account is open, by seniority."""
    participations = list(candidature.participations.select_related("utilisateur").order_by("depuis", "pk"))
    porteur = next((la for la in participations if la.qualite == Qualite.PORTEUR), None)
    return porteur, [la for la in participations if la != porteur and la.utilisateur.is_active]


def invitations_en_attente(candidature: Candidature, maintenant: datetime) -> list[tuple[Invitation, bool]]:
    """Those without an answer, each with whether it has expired."""
    sans_reponse = Invitation.objects.filter(candidature=candidature, acceptee_le=None, revoquee_le=None)
    return [(invitation, invitation.expire_le <= maintenant) for invitation in sans_reponse]


def invitation_de(jeton: str) -> Invitation | None:
    """The invitation whose link holds this secret."""
    return _avec_son_dossier(Invitation.objects.filter(empreinte=empreinte_du_jeton(jeton))).first()


def invitation_recue(pk: int, personne: Utilisateur, maintenant: datetime) -> Invitation | None:
    """One of `invitations_recues`."""
    return _avec_son_dossier(invitations_recues(personne, maintenant).filter(pk=pk)).first()


def _avec_son_dossier(invitations: InvitationQuerySet) -> InvitationQuerySet:
    return invitations.select_related("candidature__vague", "candidature__territoire", "faite_par")


def invitations_recues(personne: Any, maintenant: Any) -> InvitationQuerySet:
    """Those that wait for an answer at an address that `personne` (or whoever has that key) has proven, to files in
    which they take no part."""
    adresses = EmailAddress.objects.filter(user=personne, verified=True)
    siens = Participation.objects.filter(utilisateur=personne)
    recues = Invitation.objects.en_attente(maintenant).filter(email__in=adresses.values(adresse=Lower("email")))
    return recues.exclude(candidature__in=siens.values("candidature"))


def _dossiers_qui_invitent(personne: Any, maintenant: Any) -> QuerySet[Any, Any]:
    recues = invitations_recues(personne, maintenant)
    la = recues.filter(candidature=OuterRef("pk"))
    dossiers = Candidature.objects.filter(pk__in=recues.values("candidature")).pour_liste()
    sus = avec_etat_su(dossiers, maintenant).exclude(etat_connu__in=ETATS_SANS_SUITE)
    invitants: QuerySet[Any, Any] = sus.annotate(
        invitation=Subquery(la.values("pk")[:1]), expire_le=Subquery(la.values("expire_le")[:1])
    )
    return invitants.order_by("expire_le", "pk")[:INVITATIONS_LUES]


# Asked each time that somebody comes in. Nearly nobody is invited, and planning the second is most of its time.
_EST_INVITE: Preparee[Invitation] = Preparee(
    lambda: invitations_recues(valeur("moi", BigIntegerField()), valeur("maintenant", DateTimeField())).only("pk")[:1]
)
_LES_INVITANTS: Preparee[Any] = Preparee(
    lambda: _dossiers_qui_invitent(valeur("moi", BigIntegerField()), valeur("maintenant", DateTimeField()))
)


def dossiers_qui_invitent(personne: Utilisateur, maintenant: datetime) -> list[Any]:
    """The files that these invitations may still open, each with `invitation` (its key) and `expire_le`."""
    valeurs = {"moi": personne.pk, "maintenant": maintenant}
    return _LES_INVITANTS.lire(**valeurs) if _EST_INVITE.lire(**valeurs) else []


def empechement(invitation: Invitation, utilisateur: Utilisateur | None, maintenant: datetime) -> str | None:
    """Why this person (None: nobody has signed in) may not accept now, in a sentence; None when they may, or did."""
    candidature = invitation.candidature
    if invitation.acceptee_le is not None and utilisateur is not None and invitation.acceptee_par_id == utilisateur.pk:
        if not candidature.participations.filter(utilisateur=utilisateur).exists():
            return "Vous aviez accepté cette invitation, mais ne participez plus au dossier\u00a0: demandez-en une."
        return None
    if refus := empechement_de_decliner(invitation, maintenant):
        return refus
    if empechement_de_changer_l_equipe(etat_connu_du_territoire(candidature, maintenant)):
        return "Ce dossier n’est plus en cours\u00a0: personne ne peut plus le rejoindre."
    if utilisateur is not None and not _est_son_adresse(utilisateur, invitation.email):
        return (
            f"Votre compte a l’adresse {utilisateur.email}. Cette invitation a été envoyée à une autre\u00a0: "
            "connectez-vous avec l’adresse qui a reçu l’e-mail."
        )
    if utilisateur is not None and est_jugee_par(candidature, utilisateur):
        return "Vous intervenez dans l’instruction de ce dossier\u00a0: vous ne pouvez pas y participer."
    return None


def empechement_de_decliner(invitation: Invitation, maintenant: datetime) -> str | None:
    """Why whoever holds the link has nothing to answer any more, in a sentence; None while the invitation waits."""
    if invitation.acceptee_le is not None:
        return "Cette invitation a déjà été acceptée\u00a0: elle ne sert qu’une fois."
    if invitation.declinee:
        return (
            "Cette invitation est déclinée, et la personne qui l’a faite en est prévenue. Si c’est une erreur, "
            "demandez-lui-en une autre."
        )
    if invitation.revoquee_le is not None:
        return "Cette invitation a été annulée par le responsable du dossier."
    if invitation.expire_le <= maintenant:
        return (
            f"Cette invitation a expiré le {instant_fr(invitation.expire_le)}\u00a0: "
            f"demandez à {invitation.faite_par} de vous la renvoyer."
        )
    return None


def refus_d_y_repondre(invitation: Invitation) -> str | None:
    """`empechement_d_y_repondre` of this one."""
    return empechement_d_y_repondre(
        invitation.email,
        acceptee=invitation.acceptee_le is not None,
        revoquee=invitation.revoquee_le is not None,
        declinee=invitation.declinee,
    )


def _est_son_adresse(utilisateur: Utilisateur, email: str) -> bool:
    """Whether the account has proved that it reads the mail of `email`."""
    return bool(EmailAddress.objects.filter(user=utilisateur, email__iexact=email, verified=True).exists())


VERSION_ABSENTE = "Cette version n’existe pas. Rouvrez la rubrique."
# Browsers say every 15 s that a section is open.
DUREE_DE_PRESENCE = timedelta(seconds=45)


def presents(*, candidature: Candidature, section: str, sauf: Utilisateur, maintenant: datetime) -> list[Utilisateur]:
    """Who else has the section open."""
    vues = Presence.objects.filter(
        candidature=candidature, section=section, vue_le__gt=maintenant - DUREE_DE_PRESENCE
    ).exclude(utilisateur=sauf)
    return [presence.utilisateur for presence in vues.select_related("utilisateur").order_by("utilisateur")]


def section_de(candidature: Candidature, cle: str) -> Section:
    """The section of the file's specifications. Raises `RegleEnfreinte` when there is none of that name."""
    if cle not in candidature.cahier.cahier:
        raise RegleEnfreinte("Cette rubrique n’existe pas dans le cahier des charges.")
    return candidature.cahier.cahier.section(cle)


def reponses_de(candidature: Candidature, section: str, revision: int) -> dict[str, Any]:
    """The answers of a revision; none for the revision 0, before anything was saved."""
    reponses: dict[str, Any] = version_de(candidature, section, revision).reponses if revision else {}
    return reponses


def derniere_version(candidature: Candidature, section: str) -> VersionDeSection | None:
    versions = VersionDeSection.objects.filter(candidature=candidature, section=section)
    return versions.select_related("auteur").order_by("-revision").first()


def version_de(candidature: Candidature, section: str, revision: int) -> VersionDeSection:
    version = VersionDeSection.objects.filter(candidature=candidature, section=section, revision=revision).first()
    if version is None:
        raise RegleEnfreinte(VERSION_ABSENTE)
    return version


def nom_et_adresse(utilisateur: Utilisateur) -> str:
    """« A. Martin (a.martin@example.fr) »; the address alone when the account bears no name."""
    return f"{utilisateur} ({utilisateur.email})" if utilisateur.get_full_name() else utilisateur.email


def trancher(
    *,
    candidature: Candidature,
    section: str,
    base: int,
    enregistree: int,
    miennes: Mapping[str, Any],
    gardees: Collection[str],
    reunies: Collection[str] = (),
) -> dict[str, Any]:
    """The answers that settle a conflict between `miennes`, typed from revision `base`, and those of `enregistree`.

    Where both differ, the latter's for the questions of `gardees`, both in one for those of `reunies` where they fit
    together (`fusion.reunir`), mine for the others; elsewhere whatever only one
    of both changed.
    """
    rubrique = section_de(candidature, section)
    fusion = fusionner(
        [question.cle for question in rubrique.saisies],
        base=reponses_de(candidature, section, base),
        enregistrees=reponses_de(candidature, section, enregistree),
        miennes=miennes,
    )
    tranchees = {}
    for conflit in fusion.conflits:
        if conflit.cle in gardees:
            tranchees[conflit.cle] = conflit.enregistree
        elif conflit.cle in reunies:
            ensemble = reunir(rubrique.question(conflit.cle), conflit.mienne, conflit.enregistree)
            tranchees[conflit.cle] = conflit.mienne if ensemble is None else ensemble
    return fusion.reponses | tranchees
