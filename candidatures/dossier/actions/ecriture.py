"""What every act that writes in a draft does: hold the file, check who writes and when, conclude."""

from datetime import datetime

from candidatures.dossier.completude import manques
from candidatures.dossier.etats import ETATS_MODIFIABLES, Qualite
from candidatures.dossier.instantane import composition_de, instantane, membres_de, pieces_de
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.versions import VersionComplete
from candidatures.dossier.regles import empechement_d_ecrire
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur


def qualite_de(candidature: Candidature, utilisateur: Utilisateur) -> Qualite | None:
    """What `utilisateur` may do in this file; None when they take no part in it."""
    participation = Participation.objects.filter(candidature=candidature, utilisateur=utilisateur).first()
    return Qualite(participation.qualite) if participation else None


def tenir(candidature: Candidature) -> Candidature:
    """The file, locked until the end of the transaction, then re-read.

    In that order: Postgres would not find the file again, joined to the territory that it had before the wait.
    """
    Candidature.objects.select_for_update().only("pk").get(pk=candidature.pk)
    return Candidature.objects.select_related("vague", "cahier", "territoire__chef_de_file").get(pk=candidature.pk)


def tenir_pour_ecrire(candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> Candidature:
    """The locked file, once `auteur` is known to be allowed to change its draft at `maintenant`.

    Raises `EcheanceDepassee` after the deadline, `RegleEnfreinte` when the file is no longer open to their changes.
    """
    tenue = tenir(candidature)
    if tenue.etat in ETATS_MODIFIABLES and maintenant >= tenue.echeance:
        raise EcheanceDepassee(
            f"Votre demande est parvenue le {instant_fr(maintenant, secondes=True)} (heure de Paris), après "
            f"l’échéance de votre dossier, fixée au {instant_fr(tenue.echeance, secondes=True)} (vague "
            f"{tenue.vague.numero})\u00a0: le dossier ne change plus.",
            recu_le=maintenant,
            echeance=tenue.echeance,
        )
    if refus := empechement_d_ecrire(tenue.etat, tenue.phase(maintenant), qualite_de(tenue, auteur)):
        raise RegleEnfreinte(refus)
    return tenue


def conclure(candidature: Candidature, *champs: str, auteur: Utilisateur, maintenant: datetime) -> None:
    """Save the held file (`champs` besides its revision), and keep its state aside when it could be deposited."""
    pieces, membres = pieces_de(candidature), membres_de(candidature)
    contenu = instantane(candidature, pieces, membres)
    candidature.revision += 1
    candidature.modifiee_le = maintenant
    candidature.empreinte = empreinte(contenu)
    candidature.save(update_fields=["revision", "modifiee_le", "empreinte", *champs])
    if not manques(composition_de(candidature, pieces, membres)):
        VersionComplete.objects.update_or_create(
            candidature=candidature,
            defaults={
                "contenu": contenu,
                "empreinte": candidature.empreinte,
                "fait_le": maintenant,
                "auteur": auteur,
            },
        )
