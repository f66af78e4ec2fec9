"""What time does to roles, recorded: their end, the year without a confirmation, invitations that nobody took.

Nothing waits for it: a role past one of its instants allows nothing any more, whether this has run or not.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from rebond.comptes import lettres
from rebond.comptes.actions.preuve import suspendre
from rebond.comptes.actions.verrou import un_acte_a_la_fois
from rebond.comptes.regles import RAPPELS
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.etats.passages import appliquer
from territoires.actes import ActeDHabilitation
from territoires.etats import ETATS_VIVANTS, EtatHabilitation, RaisonDeSuspension
from territoires.models import Habilitation
from territoires.regles import DUREE_D_UNE_INVITATION


def suivre_les_roles(*, maintenant: datetime) -> None:
    """Run as often as one likes, twice at once even: each role is ended, suspended and told of once."""
    with un_acte_a_la_fois():
        _finir(maintenant)
        _suspendre(maintenant)
        _rappeler(maintenant)


def _finir(maintenant: datetime) -> None:
    peremption = maintenant - DUREE_D_UNE_INVITATION
    sans_reponse = Q(etat=EtatHabilitation.PROPOSEE, proposee_le__lte=peremption) | Q(
        Q(signee_le__lte=peremption) | Q(signee_le=None, proposee_le__lte=peremption), etat=EtatHabilitation.INVITEE
    )
    for finie in Habilitation.objects.filter(
        sans_reponse | Q(jusqu_au__lte=maintenant, etat__in=ETATS_VIVANTS)
    ).order_by("pk"):
        champs = {"finie_le": maintenant}
        appliquee = appliquer(
            finie, ActeDHabilitation.FINIR, acteur=None, maintenant=maintenant, champs=champs, personne=finie.adresse
        )
        mettre_en_file_lot(lettres.role_fini(appliquee))


def _suspendre(maintenant: datetime) -> None:
    echues = Habilitation.objects.filter(etat=EtatHabilitation.ACTIVE, a_confirmer_avant__lte=maintenant)
    for echue in echues.order_by("pk"):
        suspendue = suspendre(echue, RaisonDeSuspension.CONFIRMATION, acteur=None, maintenant=maintenant)
        mettre_en_file_lot(lettres.role_suspendu(suspendue))


def _rappeler(maintenant: datetime) -> None:
    """The nearest reminder that is due; its key names the instant that it tells of, so it leaves once."""
    tenues = Habilitation.objects.filter(etat=EtatHabilitation.ACTIVE).select_related("utilisateur", "organisme")
    for habilitation in tenues.order_by("pk"):
        if (delai := _rappel_du(habilitation.a_confirmer_avant, maintenant)) is not None:
            mettre_en_file_lot(lettres.role_a_confirmer(habilitation, delai))
        if (delai := _rappel_du(habilitation.jusqu_au, maintenant)) is not None:
            mettre_en_file_lot(lettres.role_bientot_fini(habilitation, delai))


def _rappel_du(instant: datetime | None, maintenant: datetime) -> timedelta | None:
    """Which of the reminders of `instant` is due; None when it is too early, or past."""
    if instant is None or instant <= maintenant:
        return None
    return min((delai for delai in RAPPELS if instant <= maintenant + delai), default=None)
