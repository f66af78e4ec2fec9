"""What is read of roles by several acts and pages."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from rebond.comptes.habilitations import titulaires
from rebond.comptes.regles import ADMINISTRATEURS_NECESSAIRES, RAPPELS
from rebond.socle.journal.actes import libelle_acte
from rebond.socle.journal.requetes import entrees_sur
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import EtatHabilitation, Role
from territoires.models import Habilitation

HISTORIQUE_MAX = 50


def nomme(texte: str) -> Q:
    """Accounts whose name, first name or address says each word of `texte`."""
    mots = [
        Q(email__icontains=mot) | Q(nom__unaccent__icontains=mot) | Q(prenom__unaccent__icontains=mot)
        for mot in texte.split()
    ]
    return Q(*mots)


def invitations_de(utilisateur: Utilisateur) -> QuerySet[Habilitation]:
    """The roles that wait for the address that `utilisateur` has and has proven."""
    prouvees = EmailAddress.objects.filter(user_id=utilisateur.pk, verified=True, email=utilisateur.email)
    return Habilitation.objects.filter(
        etat=EtatHabilitation.INVITEE, adresse=utilisateur.email.lower(), adresse__in=prouvees.values("email")
    )


def offerte_le(habilitation: Habilitation) -> datetime:
    """Since when it waits for its holder."""
    return habilitation.signee_le or habilitation.proposee_le


def titulaire_de(adresse: str) -> Utilisateur | None:
    """Whoever has proven that address, and whose account is open."""
    return Utilisateur.objects.filter(
        is_active=True,
        email=adresse,
        pk__in=EmailAddress.objects.filter(verified=True, email=adresse).values("user"),
    ).first()


def historique(habilitation: Habilitation) -> list[dict[str, str]]:
    """What was done of a role, latest first, as `composants/chronologie.html` reads it."""
    return [
        {
            "quand": instant_fr(entree.fait_le or entree.ecrit_le),
            "titre": libelle_acte(entree.acte, entree.objet_type),
            "texte": f"Par {entree.acteur}." if entree.acteur_id_copie else "",
        }
        for entree in entrees_sur(habilitation)[:HISTORIQUE_MAX]
    ]


def manque_un_administrateur() -> bool:
    """Whether a second signature cannot be had: there are not two administrateurs in post."""
    return titulaires(Role.ADMINISTRATEUR).count() < ADMINISTRATEURS_NECESSAIRES


def a_signer_par(acteur: Utilisateur) -> QuerySet[Habilitation]:
    """What another administrateur proposed, for somebody else."""
    proposees = Habilitation.objects.filter(etat=EtatHabilitation.PROPOSEE)
    return proposees.exclude(proposee_par=acteur).exclude(adresse=acteur.email.lower())


def a_confirmer_par(acteur: Utilisateur, maintenant: datetime) -> QuerySet[Habilitation]:
    """What an administrateur must confirm: suspended, or to be within the month; never their own."""
    bientot = maintenant + max(RAPPELS, default=timedelta())
    return Habilitation.objects.filter(
        Q(etat=EtatHabilitation.SUSPENDUE) | Q(etat=EtatHabilitation.ACTIVE, a_confirmer_avant__lte=bientot)
    ).exclude(utilisateur=acteur)
