"""The acts of the whole portal in plain words, as its journal shows them."""

from candidatures.dossier.lecture import libelle_acte as libelle_candidature
from projets.mission.etats import EtatMission
from projets.mission.lecture import ACTES_FAITS
from rebond.socle.texte.typographie import INSECABLE

# One act may carry the same name on two kinds of objects: « ouvrir » a file, « ouvrir » a mission.
ACTES_PROJETS = {
    **ACTES_FAITS,
    "preparer": "Mission préparée",
    "reunir": "Mission réunie à une autre",
    "ouvrir": "Mission lancée",
    "rejoindre": "Arrivée dans l’équipe",
    "quitter": "Départ de l’équipe",
    "ajouter_industriel": "Entreprise ajoutée",
    "modifier_industriel": "Entreprise modifiée",
    "annuler_industriel": "Entreprise annulée : saisie par erreur",
    "decrire": "Contexte ou fin prévue de la mission modifiés",
    "ouvrir_enveloppe": "Enveloppe ouverte",
    "ecrire_axe": "Axe de la feuille de route écrit",
    "deplacer_axe": "Axe de la feuille de route déplacé",
    "retirer_axe": "Axe de la feuille de route retiré",
    "demander_rapport": "Rapport demandé",
    "commencer": "Fabrication du rapport commencée",
    "terminer": "Rapport prêt",
    "echouer": "Fabrication du rapport interrompue",
    "relancer": "Rapport relancé",
    "figer_communique": "Communiqué figé",
    "constater_ecarts": "Communiqué contredit par les données",
    "lever_ecarts": "Données de nouveau conformes au communiqué",
    **{f"passer_a_{etape.value}": f"Passage à l’étape «{INSECABLE}{etape.label}{INSECABLE}»" for etape in EtatMission},
}


def libelle_acte(acte: str, objet_type: str) -> str:
    """What was done to an object of that kind (« projets.mission »); an unknown act keeps its own words."""
    if objet_type.startswith("projets.") and acte in ACTES_PROJETS:
        return ACTES_PROJETS[acte]
    return libelle_candidature(acte)
