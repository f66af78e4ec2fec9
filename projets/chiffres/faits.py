"""What figures are made from, each state of it kept: a figure can be counted as it was known at any instant since.

Reference data (régions, intercommunalités) are not followed: they have their own dates, their vintages.
"""

from candidatures.labellisation.models import Labellisation
from candidatures.vagues.models.vagues import Vague
from projets.enveloppe.models import Cofinancement, Concours, Enveloppe, Liberation
from projets.feuille_de_route.models import Axe, FeuilleDeRoute
from projets.mission.models import Industriel, Mission, MissionLabellisation
from projets.portefeuille.models import Estimation, Projet
from rebond.socle.faits.suivre import fait_saisi, suivre
from territoires.models import MembreTerritoireIndustrie, ProgrammeIndustrie, Territoire

# Neither who wrote a row, nor what it says at length.
suivre(Mission, sauf=["contexte"])
suivre(MissionLabellisation)
suivre(Industriel, sauf=["nom", "activite", "effectif", "annulation", "annule_par_id"])
suivre(Projet, sauf=["intitule", "description", "abandon", "annulation", "annule_par_id"])
suivre(Estimation, sauf=["auteur_id"])
suivre(Enveloppe)
suivre(Cofinancement)
suivre(Concours, sauf=["accorde_par_id"])
suivre(Liberation, sauf=["libere_par_id"])
suivre(FeuilleDeRoute)
suivre(Axe, sauf=["description"])
suivre(Labellisation)
# A grouping that one file names by itself is nobody else's to keep; a label makes it public.
suivre(Territoire, cachee="prive")
suivre(ProgrammeIndustrie)
suivre(MembreTerritoireIndustrie)
suivre(
    Vague,
    sauf=["grace", "silence", "motif_suspension", "labellisee_par_id", "annoncee_par_id"],
)


class EpciDAxe(Axe.epcis.through):  # type: ignore[name-defined]
    """Bears what keeps the territories of an axis as they were known."""

    class Meta:
        proxy = True
        verbose_name = "territoire d’un axe"
        triggers = [fait_saisi("projets_axe_epcis")]


class MembreSuivi(Territoire.epcis.through):  # type: ignore[name-defined]
    """Bears what keeps the members of a territory as they were known."""

    class Meta:
        proxy = True
        verbose_name = "membre suivi d’un territoire"
        triggers = [fait_saisi("territoires_territoire_epcis")]
