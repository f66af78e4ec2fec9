"""What becomes of the files of somebody who closes their account."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from candidatures.dossier.actions.equipe import retirer_participant
from candidatures.dossier.connaissance import avec_etat_su
from candidatures.dossier.etats import Qualite
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.regles import empechement_de_changer_l_equipe
from rebond.comptes.securite.signaux import compte_ferme, fermeture_demandee
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur


@receiver(fermeture_demandee, dispatch_uid="candidatures.porteur_passe_la_main")
def empechement_du_porteur(utilisateur: Utilisateur, **_: Any) -> str | None:
    """A file whose team may still change is never left without anybody to answer for it."""
    portes = _suivis(utilisateur, horloge_base()).filter(qualite=Qualite.PORTEUR)
    dossiers = [participation.candidature.reference for participation in portes]
    if not dossiers:
        return None
    return f"Vous portez le dossier {dossiers[0]}\u00a0: passez d’abord la main à quelqu’un de son équipe."


@receiver(compte_ferme, dispatch_uid="candidatures.quitter_ses_dossiers")
def quitter_ses_dossiers(utilisateur: Utilisateur, maintenant: datetime, **_: Any) -> None:
    """As if they had left each team: its porteur is told. What is over stays as it was."""
    for participation in _suivis(utilisateur, maintenant).exclude(qualite=Qualite.PORTEUR):
        retirer_participant(participation=participation, auteur=utilisateur, maintenant=maintenant)


def _suivis(utilisateur: Utilisateur, maintenant: datetime) -> Any:
    """Their part in files whose team may still change, from what the territory knows: no decision shows in it."""
    connus = avec_etat_su(Candidature.objects.filter(participations__utilisateur=utilisateur), maintenant)
    ouverts = [pk for pk, etat in connus.values_list("pk", "etat_connu") if not empechement_de_changer_l_equipe(etat)]
    return Participation.objects.avec_dossier().filter(utilisateur=utilisateur, candidature__in=ouverts).order_by("pk")
