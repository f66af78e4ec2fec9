"""An organisme of two experts, an instructeur, three files of one wave, and what is asked."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from candidatures.instruction.avis.actions import demandes
from candidatures.instruction.avis.requetes import Cible
from candidatures.models import Candidature, Saisine
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Organisme
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close


@dataclass
class Scene:
    dossier: Candidature
    instructeur: Utilisateur
    organisme: Organisme
    camille: Utilisateur
    dominique: Utilisateur
    autres: list[Candidature]

    def demander(self, *cibles: Cible, **champs: Any) -> Saisine:
        """To the organisme, whoever takes it, unless it is said otherwise; the first request that it makes."""
        maintenant = horloge_base()
        return demandes.demander_avis(
            **{
                "candidature": self.dossier,
                "cibles": cibles or [Cible(self.organisme)],
                "question": "Quels projets ?",
                "a_rendre_avant": jour_de_paris(maintenant) + timedelta(days=14),
                "auteur": self.instructeur,
                "maintenant": maintenant,
                **champs,
            }
        )[0]


def une_scene() -> Scene:
    _, (dossier, *autres) = une_vague_close(None, None, None, noms=["", "L’Écluse & <b>"])
    organisme = f.un_organisme_consulte("Banque des Territoires")
    camille, dominique = (f.un_agent(Role.EXPERT, organisme=organisme) for _ in range(2))
    return Scene(dossier, f.un_agent(Role.INSTRUCTEUR), organisme, camille, dominique, autres)
