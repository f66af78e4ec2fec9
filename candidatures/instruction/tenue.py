"""Every act of the instruction locks the file's row first, so that a declaration of interest and an act by the same
person never cross."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.models import DeclarationInteret
from rebond.comptes.habilitations import perimetre_tenu
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Territoire

PAS_ICI = "Vous n’instruisez pas les dossiers de ce territoire."

#: What the triggers of `models.refuse_en_conflit` say.
REFUS_D_INTERETS = {
    "auteur_etranger_au_dossier": "Cette personne participe au dossier, ou y a participé\u00a0: elle n’intervient pas "
    "dans son instruction.",
    "auteur_sans_conflit": "Un conflit d’intérêts est déclaré sur ce dossier\u00a0: cette personne n’y intervient "
    "plus.",
}


@contextmanager
def instruire(candidature: Candidature, auteur: Utilisateur, refus: Mapping[str, str]) -> Iterator[Candidature]:
    """The locked file, once `auteur` is known to be one of its instructeurs. `refus`: what constraints say."""
    with traduire(refus), transaction.atomic():
        dossier = tenir(candidature)
        exiger_instructeur(dossier, auteur)
        yield dossier
        candidature.etat = dossier.etat


def tenir(candidature: Candidature) -> Candidature:
    return (
        Candidature.objects.select_for_update(of=("self",))
        .select_related("vague", "territoire")
        .get(pk=candidature.pk)
    )


def exiger_instructeur(dossier: Candidature, personne: Utilisateur) -> None:
    """Raises `RegleEnfreinte` unless `personne` instructs here, and has no interest in the file: some acts write no
    row by which Postgres would know who does them."""
    la = Territoire.objects.dans(perimetre_tenu(personne, Role.INSTRUCTEUR))
    if not la.filter(pk=dossier.territoire_id).exists():
        raise RegleEnfreinte(PAS_ICI)
    if Candidature.objects.de_son_territoire(personne).filter(pk=dossier.pk).exists():
        raise RegleEnfreinte(
            "Vous participez à ce dossier, ou y avez participé\u00a0: vous ne pouvez pas l’instruire."
        )
    if DeclarationInteret.objects.filter(candidature=dossier, utilisateur=personne).exists():
        raise RegleEnfreinte(REFUS_D_INTERETS["auteur_sans_conflit"])
