"""What is read of labels: of the files that their reader reads, and of no other."""

from typing import Any

from django.db.models import Func, TextField

from candidatures.instruction.acces import suivis_par
from candidatures.instruction.etiquettes.models import Etiquette
from rebond.socle.texte.noms import nom_nu
from rebond.socle.utilisateur import Utilisateur

#: How many are proposed to whoever types one.
PROPOSEES = 100


def etiquettes_lues_par(personne: Utilisateur, vague: Any) -> list[str]:
    """Those of the files of a wave (itself or its key) that `personne` reads, by name."""
    noms = suivis_par(personne).filter(vague=vague).exclude(etiquettes=[]).order_by()
    lus = noms.annotate(une=Func("etiquettes", function="unnest", output_field=TextField())).values("une").distinct()
    return sorted((ligne["une"] for ligne in lus), key=nom_nu)


def etiquettes_de(dossier: Any) -> list[Etiquette]:
    """By name, with who put them."""
    posees = Etiquette.objects.filter(candidature=dossier).select_related("par")
    return sorted(posees, key=lambda une: nom_nu(une.nom))


def comme_deja_ecrite(nom: str, personne: Utilisateur, vague: Any) -> str:
    """`nom` as it is written already on the files that `personne` reads; as they write it else."""
    return next((lue for lue in etiquettes_lues_par(personne, vague) if nom_nu(lue) == nom_nu(nom)), nom)
