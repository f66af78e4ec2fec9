"""What the rows say beside the figures: when companies were met, who pays the envelope, what the roadmaps hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from projets.chiffres import Chiffre, Chiffres
from projets.chiffres.valeurs import Periode
from projets.enveloppe.models import Cofinancement
from projets.feuille_de_route.models import Axe, FeuilleDeRoute
from projets.mission.models import Mission
from rebond.socle.texte.accords import en_lettres, enumerer, periode
from territoires.etats import Nature
from territoires.models import Epci
from territoires.regles import appellation

PLURIELS = {
    Nature.CC: "communautés de communes",
    Nature.CA: "communautés d’agglomération",
    Nature.CU: "communautés urbaines",
    Nature.METROPOLE: "métropoles",
    Nature.EPT: "établissements publics territoriaux",
}


@dataclass(frozen=True, slots=True)
class AxeAnnonce:
    """`portee`: « pour les deux communautés d’agglomération »; empty when it goes without saying."""

    titre: str
    portee: str


@dataclass(frozen=True, slots=True)
class Faits:
    """Of the missions restituted. `rencontres` (« d’avril à juin 2023 ») is empty when nobody was met.

    `sans_feuille`: titles of the missions whose roadmap holds nothing.
    """

    rencontres: str
    financeurs: tuple[str, ...]
    axes: tuple[AxeAnnonce, ...]
    sans_feuille: tuple[str, ...]


def lire(chiffres: Chiffres) -> Faits:
    """What stands behind these national figures. Seven queries at most, whatever the number of missions."""
    missions = list(
        Mission.objects.filter(pk__in=[restitution.pk for restitution in chiffres.restitutions])
        .prefetch_related("labellisations__territoire__epcis", "feuille_de_route__axes__epcis")
        .order_by("pk")
    )
    return Faits(
        rencontres=_periode(chiffres.rencontres),
        financeurs=_financeurs(chiffres["enveloppe"]),
        axes=tuple(axe for mission in missions for axe in _axes(mission, seule=len(missions) == 1)),
        sans_feuille=tuple(mission.titre for mission in missions if not _de_la_feuille(mission)),
    )


def _periode(rencontres: Periode) -> str:
    return periode(rencontres.debut, rencontres.fin) if rencontres.debut and rencontres.fin else ""


def _financeurs(enveloppes: Chiffre) -> tuple[str, ...]:
    """From the largest share to the smallest; who pays for two envelopes is named once. Empty unless all of them say
    who pays for them: the text says it of all."""
    lignes = {ligne.pk for ligne in enveloppes.lignes}
    parts = Cofinancement.objects.filter(enveloppe__in=lignes).order_by("-montant", "pk")
    lues = list(parts.values_list("enveloppe", "financeur"))
    if {enveloppe for enveloppe, _ in lues} < lignes:
        return ()
    return tuple(dict.fromkeys(financeur for _, financeur in lues))


def _de_la_feuille(mission: Mission) -> list[Axe]:
    try:
        return list(mission.feuille_de_route.axes.all())
    except FeuilleDeRoute.DoesNotExist:
        return []


def _axes(mission: Mission, *, seule: bool) -> list[AxeAnnonce]:
    membres = {epci.pk: epci for lab in mission.labellisations.all() for epci in lab.territoire.epcis.all()}
    return [
        AxeAnnonce(axe.titre, _portee(list(axe.epcis.all()), list(membres.values()), seule=seule))
        for axe in _de_la_feuille(mission)
    ]


def _portee(concernes: Sequence[Epci], membres: Sequence[Epci], *, seule: bool) -> str:
    """An axis that names no authority is common to the whole mission."""
    if concernes and {epci.pk for epci in concernes} < {epci.pk for epci in membres}:
        return f"pour {enumerer([appellation(epci.nom, epci.nature) for epci in concernes])}"
    if not seule:
        return f"pour {enumerer([appellation(epci.nom, epci.nature) for epci in membres])}"
    if len(membres) == 1:
        return ""
    natures = {epci.nature for epci in membres}
    nom = PLURIELS.get(Nature(natures.pop()), "intercommunalités") if len(natures) == 1 else "intercommunalités"
    return f"pour les {en_lettres(len(membres))} {nom}"
