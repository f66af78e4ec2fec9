"""What is read of grouped acts, by whoever asked for them: of the files that they still read, and of no other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from candidatures.instruction.acces import suivis_par
from candidatures.instruction.lots.models import ActeGroupe, ActeSurDossier
from rebond.socle.utilisateur import Utilisateur


@dataclass(frozen=True)
class Avancement:
    total: int
    finis: int
    refuses: int

    @property
    def faits(self) -> int:
        return self.finis - self.refuses

    @property
    def en_cours(self) -> bool:
        return self.finis < self.total


def groupes_de(personne: Utilisateur) -> Any:
    return ActeGroupe.objects.filter(personne=personne)


def lignes_lues(groupe: ActeGroupe, personne: Utilisateur) -> Any:
    """Its rows on the files that `personne` reads now."""
    return ActeSurDossier.objects.filter(groupe=groupe, candidature__in=suivis_par(personne).values("pk"))


def avancement(groupe: ActeGroupe, personne: Utilisateur) -> Avancement:
    finis, refuses = ~Q(fini_le=None), ~Q(refus="")
    comptes = lignes_lues(groupe, personne).aggregate(
        total=Count("pk"), finis=Count("pk", filter=finis), refuses=Count("pk", filter=refuses)
    )
    return Avancement(**comptes)


def refus_lus(groupe: ActeGroupe, personne: Utilisateur) -> Any:
    """What could not be done, and why."""
    refuses = lignes_lues(groupe, personne).exclude(refus="")
    return refuses.select_related("candidature__vague", "candidature__territoire").order_by("pk")


def dernier_en_cours(personne: Utilisateur, vague: int, depuis: datetime) -> ActeGroupe | None:
    """What a worker is still at, for whoever comes back to their list: its key, whatever was typed for it."""
    attendus = ActeSurDossier.objects.a_faire().order_by().values("groupe")
    siens = groupes_de(personne).filter(vague=vague, demande_le__gt=depuis, pk__in=attendus)
    dernier: ActeGroupe | None = siens.only("pk").order_by("-pk").first()
    return dernier
