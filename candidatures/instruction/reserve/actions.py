"""The reserve of a deposit, judged by whoever instructs the file."""

from datetime import datetime

from django.db import transaction

from candidatures.depot.actions.tenue import lever_les_reserves
from candidatures.depot.models import Depot
from candidatures.depot.requetes import chef_depose, porteur_de, qui_tient
from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.models.contestations import Contestation
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import a_instruire_par
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.correction.actions import PAS_DU_SERVICE
from candidatures.instruction.regles import empechement_de_lever_la_reserve
from rebond.comptes.rattachements.actions import attester
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur


def lever_la_reserve(
    *, candidature: Candidature, motif: str, auteur: Utilisateur, maintenant: datetime
) -> Candidature:
    """Say that the porteur works for the authority that leads what was deposited, and how it is known: the file then
    holds its territory.

    Raises `RegleEnfreinte` unless `auteur` instructs the file, without a `motif`, when an authority has contested it,
    and when another file holds the territory: that one must first be found inadmissible, or this one.
    """
    with transaction.atomic():
        dossier = tenir(candidature)
        if not a_instruire_par(auteur).filter(pk=dossier.pk).exists():
            raise RegleEnfreinte(PAS_DU_SERVICE)
        signale = Contestation.objects.retenues().filter(candidature=dossier).exists()
        refus = empechement_de_lever_la_reserve(dossier.etat, sous_reserve=dossier.sous_reserve, signale=signale)
        if refus:
            raise RegleEnfreinte(refus)
        depot = Depot.objects.filter(candidature=dossier).order_by("-rang").first()
        porteur = porteur_de(dossier)
        if depot is None or porteur is None:
            raise RegleEnfreinte(
                "Ce dossier n’a pas de responsable\u00a0: un administrateur doit d’abord le confier à quelqu’un."
            )
        siren, nom = chef_depose(depot)
        attester(utilisateur=porteur, siren=siren, motif=motif, acteur=auteur, maintenant=maintenant, petr=nom)
        consigner(ActeDInstruction.ATTESTER_LE_LIEN, dossier, acteur=auteur, fait_le=maintenant, motif=motif.strip())
        lever_les_reserves(candidatures=[dossier.pk], acteur=auteur, maintenant=maintenant)
        dossier.refresh_from_db(fields=["territoire_tenu"])
        if dossier.sous_reserve and (tenant := qui_tient(dossier, depot)):
            raise RegleEnfreinte(
                f"Le dossier {tenant.reference} est déjà celui de ce territoire dans cette vague\u00a0: un seul peut "
                "être examiné. Déclarez irrecevable celui qui n’est pas de la collectivité."
            )
    return dossier
