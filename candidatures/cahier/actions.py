"""The specifications of a wave: version after version until it opens, then never again."""

from datetime import datetime

from django.db import IntegrityError, transaction

from candidatures.cahier import Cahier, vers_json
from candidatures.cahier.models import CahierDesCharges
from candidatures.cahier.requetes import cahier_courant
from candidatures.cahier.verification import verifier
from candidatures.vagues.actes import ActeDeVague
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import CAHIER_FIGE, empechement_de_changer_le_cahier
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur

DEPASSE = (
    "Quelqu’un d’autre a modifié ce cahier des charges depuis que vous avez ouvert cette page : votre modification "
    "n’est pas enregistrée."
)
GRILLE_INCOHERENTE = (
    "La grille ne permet pas de noter : les poids doivent faire 100 %, et les niveaux de chaque critère aller du plus "
    "bas au plus haut, son minimum parmi eux."
)
CONFLITS = {
    "cahier_fige_a_l_ouverture": CAHIER_FIGE,
    "cahier_version_unique": DEPASSE,
    "grille_coherente": GRILLE_INCOHERENTE,
}


def cahier_en_vigueur(*, vague: Vague, auteur: Utilisateur | None = None) -> CahierDesCharges:
    """The last version of a wave's specifications; made from those of the wave before when there is none yet."""
    courant = cahier_courant(vague=vague)
    if courant.pk:
        return courant
    try:
        with transaction.atomic():
            return CahierDesCharges.objects.create(
                vague=vague, version=1, definition=courant.definition, auteur=auteur
            )
    except IntegrityError:
        # Someone else has just made it.
        return CahierDesCharges.objects.get(vague=vague, version=1)


def modifier_cahier(
    *, vague: Vague, version: int, cahier: Cahier, commentaire: str, auteur: Utilisateur, maintenant: datetime
) -> CahierDesCharges:
    """Add to `version`, the last one that `auteur` has read, the version that says `cahier`.

    Saving what is already said adds nothing. Refused once the wave has opened, when another version has come in the
    meantime, and when `verifier` finds something wrong. Raises `RegleEnfreinte`.
    """
    if refus := empechement_de_changer_le_cahier(vague.phase(maintenant)):
        raise RegleEnfreinte(refus)
    with traduire(CONFLITS), transaction.atomic():
        courant = cahier_en_vigueur(vague=vague, auteur=auteur)
        if courant.version != version:
            raise RegleEnfreinte(DEPASSE)
        if cahier == courant.cahier:
            return courant
        if defauts := verifier(cahier):
            raise RegleEnfreinte(" ".join(defauts))
        nouveau = CahierDesCharges.objects.create(
            vague=vague,
            version=version + 1,
            definition=vers_json(cahier),
            commentaire=commentaire[:300],
            auteur=auteur,
        )
        consigner(
            ActeDeVague.MODIFIER_CAHIER,
            vague,
            acteur=auteur,
            fait_le=maintenant,
            version=nouveau.version,
            commentaire=nouveau.commentaire,
        )
    return nouveau


def restaurer_cahier(
    *, source: CahierDesCharges, version: int, auteur: Utilisateur, maintenant: datetime
) -> CahierDesCharges:
    """Like `modifier_cahier`, with what an earlier version of the same wave says; those that follow it stay."""
    return modifier_cahier(
        vague=source.vague,
        version=version,
        cahier=source.cahier,
        commentaire=f"Version {source.version} reprise",
        auteur=auteur,
        maintenant=maintenant,
    )


def reprendre_cahier(
    *, vague: Vague, version: int, source: Vague, auteur: Utilisateur, maintenant: datetime
) -> CahierDesCharges:
    """Like `modifier_cahier`, with everything that the last version of `source` says."""
    reprise = cahier_courant(vague=source)
    return modifier_cahier(
        vague=vague,
        version=version,
        cahier=reprise.cahier,
        commentaire=f"Repris de la vague {source.numero}, version {reprise.version}",
        auteur=auteur,
        maintenant=maintenant,
    )
