"""What follows in each file without its reader doing anything, and when."""

from candidatures.dossier.etats import ETATS_MODIFIABLES, EtatCandidature
from candidatures.pages.territoire.accueil.lecture import DossierLu, Lecture
from candidatures.vagues.delais import Delais
from candidatures.vagues.etats import Phase
from candidatures.vagues.models.vagues import Vague
from rebond.socle.texte.typographie import instant_fr, limite_fr

E = EtatCandidature
#: The results are still to come.
ATTENDENT = frozenset({E.DEPOSEE, E.EN_INSTRUCTION, E.CORRECTION_DEMANDEE})
FINIS = {
    E.LAUREATE: "Votre territoire est lauréat\u00a0: la mission se prépare avec vous.",
    E.NON_RETENUE: "Rien ne suit. Les raisons et les recours sont sur la page du dossier.",
    E.AJOURNEE: "Rien ne suit cette fois. Vous pouvez le présenter de nouveau à une prochaine période de dépôt.",
    E.IRRECEVABLE: "Rien ne suit. Le motif et les recours sont sur la page du dossier.",
    E.RETIREE: "Rien ne suit\u00a0: ce dossier a été retiré.",
    E.EN_INSTRUCTION: "Il est examiné. Les résultats vous seront annoncés par e-mail.",
}


def suite_de(lu: DossierLu, lecture: Lecture) -> str:
    """One sentence or two, on what the reader knows of the file."""
    if lu.etat_connu in FINIS:
        return FINIS[lu.etat_connu]
    if lu.etat_connu is E.CORRECTION_DEMANDEE:
        return _correction(lu, lecture)
    limite = limite_fr(lu.candidature.echeance)
    if lu.phase is Phase.OUVERTE:
        return _ouvert(lu, limite)
    if lu.etat_connu is E.DEPOSEE:
        return "Le dépôt est reçu. Son instruction va commencer."
    return f"Il n’a pas été déposé\u00a0: la date limite était le {limite}. Son contenu est conservé."


def _ouvert(lu: DossierLu, limite: str) -> str:
    if lu.etat_connu is E.DEPOSEE:
        return f"Il est déposé. Vous pouvez le modifier jusqu’au {limite}\u00a0; il sera examiné ensuite."
    if lu.candidature.depot_a_l_echeance_le:
        return f"À la clôture, le {limite}, le portail déposera sa dernière version complète, comme demandé."
    if lu.est_du_porteur:
        return f"Il se dépose jusqu’au {limite}. Tant qu’il n’est pas déposé, personne ne l’examine."
    return f"Son responsable peut le déposer jusqu’au {limite}."


def _correction(lu: DossierLu, lecture: Lecture) -> str:
    avant = lu.candidature.correction_avant
    if avant is None or avant <= lecture.maintenant:
        return "Le délai de la correction est passé\u00a0: le dossier est examiné tel qu’il a été déposé."
    return f"L’instruction attend la correction jusqu’au {limite_fr(avant)}."


def attend_des_resultats(lecture: Lecture) -> bool:
    """Whether somebody wonders when they will know."""
    return any(lu.etat_connu in ATTENDENT and lu.phase is not Phase.OUVERTE for lu in lecture.dossiers)


def rien_a_faire(lecture: Lecture, vague: Vague | None, delais: Delais | None) -> list[str]:
    """What comes next and when, for whoever has nothing to do now: a sentence each. `vague` is open, or the next."""
    if delais is not None:
        return [
            "Votre dossier est examiné. Les résultats vous seront annoncés par e-mail, et ici.",
            *([delais.phrase] if delais.phrase else []),
        ]
    deposes = [lu for lu in lecture.dossiers if lu.etat_connu in ETATS_MODIFIABLES and lu.phase is Phase.OUVERTE]
    if deposes:
        limite = limite_fr(max(lu.candidature.echeance for lu in deposes))
        return [f"La période de dépôt se termine le {limite} (heure de Paris). Les dossiers sont examinés ensuite."]
    if any(lu.etat_connu is E.LAUREATE for lu in lecture.dossiers):
        return ["Votre territoire est lauréat\u00a0: sa mission suit son cours, et se lit ci-dessous."]
    if vague is not None and vague.phase(lecture.maintenant) is Phase.OUVERTE:
        limite = limite_fr(vague.cloture)
        return [f"Une période de dépôt est ouverte jusqu’au {limite} (heure de Paris)."]
    if vague is not None:
        quand = instant_fr(vague.ouverture)
        return [f"La prochaine période de dépôt ouvre le {quand} (heure de Paris). Un dossier se commence alors ici."]
    return ["La date de la prochaine période de dépôt sera publiée sur ce portail."]
