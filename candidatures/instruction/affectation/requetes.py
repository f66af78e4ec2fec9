"""What is read of who holds files."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Count

from candidatures.instruction.acces import suivis_par
from candidatures.instruction.affectation.etats import ETATS_CONFIES
from candidatures.instruction.affectation.models import Affectation
from candidatures.instruction.affectation.regles import Candidat
from candidatures.instruction.affectation.verite import roles_sur
from candidatures.instruction.models import a_un_interet
from rebond.socle.utilisateur import Utilisateur

# Everybody whose périmètre reaches one of the files, and whether an interest keeps them from it.
CANDIDATS = f"""
    SELECT c.id, h.utilisateur_id,
           min(CASE WHEN h.territoire_id IS NOT NULL THEN 0 WHEN h.departement_id IS NOT NULL THEN 1
                    WHEN h.region_id IS NOT NULL THEN 2 ELSE 3 END),
           {a_un_interet("c.id", "h.utilisateur_id")}
    {roles_sur("ANY (%s)", "u.id")}
     GROUP BY c.id, h.utilisateur_id ORDER BY c.id, h.utilisateur_id
"""


def candidats_a(dossiers: Collection[int]) -> dict[int, list[Candidat]]:
    """By key of file, in one statement, who might hold it; nothing for a file that nobody's périmètre reaches."""
    trouves: dict[int, list[Candidat]] = {dossier: [] for dossier in dossiers}
    with connection.cursor() as curseur:
        curseur.execute(CANDIDATS, [list(dossiers)])
        for dossier, personne, portee, en_conflit in curseur.fetchall():
            trouves[dossier].append(Candidat(personne, portee, en_conflit))
    return trouves


def charges_lues_par(personne: Utilisateur) -> dict[int, int]:
    """How many files that still await something each instructeur holds, of those that `personne` reads: whoever has an
    interest in a file learns nothing of it from a number."""
    lus = suivis_par(personne).filter(responsable__isnull=False, etat_connu__in=ETATS_CONFIES).order_by()
    charges: defaultdict[int, int] = defaultdict(int)
    charges.update(lus.values_list("responsable").annotate(nombre=Count("pk")))
    return charges


def affectation_de(dossier: Any) -> Affectation | None:
    """Who holds a file now; None when it is to be taken."""
    return Affectation.objects.en_cours().filter(candidature=dossier).select_related("instructeur", "par").first()


def assignations(dossiers: Collection[int]) -> dict[int, int]:
    """By key of file, the key of its assignment; nothing for a file that is to be taken."""
    return dict(Affectation.objects.en_cours().filter(candidature__in=dossiers).values_list("candidature", "pk"))


def affectations_de(dossier: Any) -> list[Affectation]:
    """Who held a file, the last one first."""
    personnes = ("instructeur", "par", "close_par")
    return list(Affectation.objects.filter(candidature=dossier).select_related(*personnes).order_by("-pk"))
