"""Each kind of object whose time passes: which ones are due, what becomes of them, who sees to it.

A kind is swept here, or elsewhere, by the room that it belongs to (`ailleurs`): then it is only counted here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet

from candidatures.dossier.models.invitations import Invitation
from candidatures.dossier.models.versions import Presence
from candidatures.dossier.regles import CONSERVATION_DES_BROUILLONS
from rebond.comptes.seances import appareils
from rebond.comptes.seances.models import Appareil
from rebond.donnees import durees
from rebond.donnees.anonymisation.actions import anonymiser
from rebond.donnees.anonymisation.requetes import fermes_depuis_longtemps
from rebond.donnees.conservation.brouillons import brouillons_echus, vider_les_brouillons
from rebond.donnees.courriels import taire_les_courriels
from rebond.donnees.export.models import ExportDeDonnees
from rebond.exports import regles as exports
from rebond.exports.models import Export
from rebond.socle.courriers.models import Courrier
from rebond.socle.documents import models as documents
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal import acces
from rebond.socle.requete import envois
from rebond.socle.requete.models import Envoi
from rebond.socle.texte.typographie import compte
from rebond.socle.utilisateur import Utilisateur


class Fin(StrEnum):
    """What becomes of an object whose time has passed."""

    EFFACE = "effacé"
    ANONYME = "rendu anonyme"

    @property
    def pluriel(self) -> str:
        return {Fin.EFFACE: "effacés", Fin.ANONYME: "rendus anonymes"}[self]


@dataclass(frozen=True)
class Regle:
    """`echus` are the objects due at an instant; `finir` ends some of them and returns how many, in the transaction of
    its caller. Without `finir`, `ailleurs` names the task that does. `d_office`: by the beat, without anybody asking.
    """

    cle: str
    nom: str
    duree: timedelta
    depuis: str
    fin: Fin
    echus: Callable[[datetime], QuerySet]
    finir: Callable[[QuerySet], int] | None = None
    ailleurs: str = ""
    d_office: bool = True

    @property
    def en_mots(self) -> str:
        """« effacé 183 jours après l’accès »."""
        quand = f"{compte(self.duree.days, 'jour')} après" if self.duree else "dès"
        return f"{self.fin} {quand} {self.depuis}"


def _courriels(maintenant: datetime) -> QuerySet[Courrier]:
    """Sent, or given up, long ago. The row stays: its key keeps the letter from being written again."""
    avant = maintenant - durees.COURRIELS
    finis = Q(envoye_le__lt=avant) | Q(abandonne_le__lt=avant) | Q(retenu_le__lt=avant)
    return Courrier.objects.filter(finis).exclude(destinataire="")


def _invitations(maintenant: datetime) -> QuerySet[Invitation]:
    avant = maintenant - durees.INVITATIONS
    sans_reponse = Q(acceptee_le=None, revoquee_le=None, expire_le__lt=avant)
    return Invitation.objects.filter(Q(acceptee_le__lt=avant) | Q(revoquee_le__lt=avant) | sans_reponse)


def _presences(maintenant: datetime) -> QuerySet[Presence]:
    return Presence.objects.filter(vue_le__lt=maintenant - durees.PRESENCES)


def _exports(maintenant: datetime) -> QuerySet[ExportDeDonnees]:
    return ExportDeDonnees.objects.filter(expire_le__lt=maintenant).exclude(document=None)


def _traces_des_exports(maintenant: datetime) -> QuerySet[ExportDeDonnees]:
    return ExportDeDonnees.objects.filter(demande_le__lt=maintenant - durees.TRACES_DES_EXPORTS)


def _fichiers_de_listes(maintenant: datetime) -> QuerySet[Export]:
    return Export.objects.filter(expire_le__lt=maintenant).exclude(document=None)


def _traces_des_listes(maintenant: datetime) -> QuerySet[Export]:
    return Export.objects.filter(demande_le__lt=maintenant - exports.TRACES)


def _jamais_prouves(maintenant: datetime) -> QuerySet[Utilisateur]:
    """Signed up, never came in: the address was typed and nobody answered the code."""
    siennes = EmailAddress.objects.filter(user=OuterRef("pk"))
    return Utilisateur.objects.filter(
        Exists(siennes),
        ~Exists(siennes.filter(verified=True)),
        last_login=None,
        cree_le__lt=maintenant - durees.ADRESSES_JAMAIS_PROUVEES,
    )


def _effacer(lignes: QuerySet[Any]) -> int:
    """Return how many of them, without what goes with them."""
    return lignes.delete()[1].get(lignes.model._meta.label, 0)


def _effacer_les_comptes(comptes: QuerySet[Utilisateur]) -> int:
    """One by one: somebody may have written their name in a file, or in a role, before they came in."""
    return sum(_effacer_s_il_est_seul(inscrit) for inscrit in comptes)


def _effacer_s_il_est_seul(inscrit: Utilisateur) -> bool:
    try:
        with transaction.atomic():
            inscrit.delete()
    except ProtectedError:
        return False
    return True


def _anonymiser_les_comptes(comptes: QuerySet[Utilisateur]) -> int:
    return sum(_anonymiser_si_rien_n_attend(personne) for personne in comptes)


def _anonymiser_si_rien_n_attend(personne: Utilisateur) -> bool:
    try:
        anonymiser(personne=personne, acteur=None, motif="Compte fermé depuis un an", maintenant=horloge_base())
    except RegleEnfreinte:
        return False
    return True


REGLES: tuple[Regle, ...] = (
    Regle(
        "acces", "Journal des accès", acces.CONSERVATION, "l’accès", Fin.EFFACE,
        echus=acces.Acces.objects.perimes, ailleurs="rebond.socle.tasks.oublier_acces",
    ),
    Regle(
        "courriels", "E-mails envoyés ou abandonnés", durees.COURRIELS, "leur envoi ou leur abandon", Fin.ANONYME,
        echus=_courriels, finir=taire_les_courriels,
    ),
    Regle(
        "invitations", "Invitations à écrire un dossier", durees.INVITATIONS,
        "leur acceptation, leur retrait ou leur expiration", Fin.EFFACE, echus=_invitations, finir=_effacer,
    ),
    Regle(
        "presences", "Présence devant une rubrique", durees.PRESENCES, "le dernier signe de vie", Fin.EFFACE,
        echus=_presences, finir=_effacer,
    ),
    Regle(
        "brouillons", "Brouillons jamais déposés", CONSERVATION_DES_BROUILLONS, "leur échéance", Fin.EFFACE,
        echus=brouillons_echus, finir=vider_les_brouillons, d_office=False,
    ),
    Regle(
        "comptes_jamais_prouves", "Comptes dont l’adresse n’a jamais été vérifiée", durees.ADRESSES_JAMAIS_PROUVEES,
        "l’inscription", Fin.EFFACE, echus=_jamais_prouves, finir=_effacer_les_comptes,
    ),
    Regle(
        "comptes_fermes", "Comptes fermés par leur titulaire", durees.COMPTES_FERMES, "leur fermeture", Fin.ANONYME,
        echus=fermes_depuis_longtemps, finir=_anonymiser_les_comptes, d_office=False,
    ),
    Regle(
        "exports", "Fichiers des exports de données", durees.EXPORTS, "leur préparation", Fin.EFFACE,
        echus=_exports, finir=lambda lignes: lignes.update(document=None),
    ),
    Regle(
        "traces_des_exports", "Demandes d’export de données", durees.TRACES_DES_EXPORTS, "la demande", Fin.EFFACE,
        echus=_traces_des_exports, finir=_effacer,
    ),
    Regle(
        "exports_de_listes", "Fichiers des longues listes", exports.CONSERVATION, "leur préparation", Fin.EFFACE,
        echus=_fichiers_de_listes, finir=lambda lignes: lignes.update(document=None, cles=[]),
    ),
    Regle(
        "traces_des_listes", "Demandes de longues listes", exports.TRACES, "la demande", Fin.EFFACE,
        echus=_traces_des_listes, finir=_effacer,
    ),
    Regle(
        "sessions", "Sessions", timedelta(0), "leur expiration", Fin.EFFACE,
        echus=lambda maintenant: Session.objects.filter(expire_date__lt=maintenant),
        ailleurs="rebond.comptes.seances.tasks.oublier_les_sessions",
    ),
    Regle(
        "appareils", "Appareils connus", appareils.CONSERVATION, "la dernière connexion", Fin.EFFACE,
        echus=lambda maintenant: Appareil.objects.filter(derniere_fois__lt=maintenant - appareils.CONSERVATION),
        ailleurs="rebond.comptes.seances.tasks.oublier_les_sessions",
    ),
    Regle(
        "envois", "Clés des formulaires envoyés", envois.CONSERVATION, "l’envoi", Fin.EFFACE,
        echus=lambda maintenant: Envoi.objects.filter(recu_le__lt=maintenant - envois.CONSERVATION),
        ailleurs="rebond.socle.tasks.oublier_envois",
    ),
    Regle(
        "documents", "Documents que plus rien n’emploie", documents.CONSERVATION, "le jour où plus rien ne les cite",
        Fin.EFFACE,
        echus=lambda maintenant: documents.Orphelin.objects.filter(depuis__lt=maintenant - documents.CONSERVATION),
        ailleurs="rebond.socle.tasks.ramasser_documents",
    ),
)  # fmt: skip
