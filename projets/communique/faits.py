"""What the rows say beside the figures: when companies were met, who pays the envelope, what the roadmaps hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from projets.chiffres import Chiffre, Chiffres
from projets.chiffres.valeurs import Membre, Periode
from projets.enveloppe.models import Cofinancement
from rebond.socle.texte.accords import en_lettres, enumerer, periode
from territoires.etats import Nature
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
    """What stands behind these national figures, just counted."""
    releve, missions = chiffres.releve, chiffres.restitutions
    if releve is None:
        raise ValueError("These figures were not just counted.")
    axes = {mission.pk: [axe for axe in releve.axes if axe.mission == mission.pk] for mission in missions}
    return Faits(
        rencontres=_periode(releve.rencontres),
        financeurs=_financeurs(chiffres["enveloppe"], releve.parts),
        axes=tuple(
            AxeAnnonce(axe.titre, _portee(axe.epcis, releve.membres[pk], seule=len(missions) == 1))
            for pk, ecrits in axes.items()
            for axe in ecrits
        ),
        sans_feuille=tuple(mission.titre for mission in missions if not axes[mission.pk]),
    )


def _periode(rencontres: Periode) -> str:
    return periode(rencontres.debut, rencontres.fin) if rencontres.debut and rencontres.fin else ""


def _financeurs(enveloppes: Chiffre, parts: Sequence[Cofinancement]) -> tuple[str, ...]:
    """From the largest share to the smallest; who pays for two envelopes is named once. Empty unless all of them say
    who pays for them: the text says it of all."""
    if {part.enveloppe_id for part in parts} < {ligne.pk for ligne in enveloppes.lignes}:
        return ()
    ranges = sorted(parts, key=lambda part: (-part.montant, part.pk))
    return tuple(dict.fromkeys(part.financeur for part in ranges))


def _portee(concernes: Sequence[Membre], membres: Sequence[Membre], *, seule: bool) -> str:
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
