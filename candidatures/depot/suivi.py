"""Where a file stands, in the words that its territory reads, and what is left to do in it."""

from dataclasses import dataclass
from datetime import datetime

from candidatures.depot.models import Depot
from candidatures.dossier.completude import PIECES, Composition, Manque, est_vide, manques
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import Candidature
from candidatures.vagues.etats import Phase
from rebond.socle.texte.typographie import instant_fr

E = EtatCandidature
COMPLETE, A_COMPLETER, A_COMMENCER = "Complète", "À compléter", "À commencer"
# After these, nothing more is expected from anyone: a title, a text, the kind of alert.
ISSUES = {
    E.LAUREATE: ("Votre territoire est lauréat", "La mission va être organisée avec vous.", "success"),
    E.NON_RETENUE: ("Dossier non retenu", "Votre territoire n’a pas été retenu dans cette période de dépôt.", "info"),
    E.AJOURNEE: ("Dossier ajourné", "Vous pourrez déposer un dossier dans une prochaine période de dépôt.", "info"),
    E.IRRECEVABLE: ("Dossier irrecevable", "Votre dossier ne remplissait pas les conditions de l’appel.", "error"),
    E.RETIREE: ("Dossier retiré", "Ce dossier a été retiré : il ne sera pas examiné.", "info"),
}


@dataclass(frozen=True)
class Situation:
    """What is written largest on the page of a file. `genre` is a kind of DSFR alert."""

    titre: str
    texte: str
    genre: str


@dataclass(frozen=True)
class Rubrique:
    """A line of the checklist; `section` is a key of the call, or `regles.PIECES`."""

    section: str
    titre: str
    manques: tuple[Manque, ...]
    commencee: bool = True

    @property
    def complete(self) -> bool:
        return not self.manques

    @property
    def avancement(self) -> str:
        if self.complete:
            return COMPLETE
        return A_COMPLETER if self.commencee else A_COMMENCER


def situation(
    candidature: Candidature, etat: EtatCandidature, *, depot: Depot | None, a_redeposer: bool, maintenant: datetime
) -> Situation:
    """`etat` is what the territory knows, `depot` the last one; `a_redeposer` when the draft has changed since."""
    if etat in ISSUES:
        return Situation(*ISSUES[etat])
    ouverte = candidature.phase(maintenant) in {Phase.OUVERTE, Phase.PROGRAMMEE}
    cloture = instant_fr(candidature.echeance, secondes=True)
    if depot is None:
        if ouverte:
            return Situation(
                "Brouillon : ce dossier n’est pas déposé",
                "Tant qu’il n’est pas déposé, personne ne l’examine.",
                "warning",
            )
        return Situation(
            "Ce dossier n’a pas été déposé",
            f"L’échéance était le {cloture} (heure de Paris). Le contenu du brouillon est conservé.",
            "error",
        )
    recu = f"Dépôt n° {depot.numero}, reçu le {instant_fr(depot.recu_le, secondes=True)} (heure de Paris)."
    if etat == E.CORRECTION_DEMANDEE:
        return Situation("Une correction vous est demandée", f"{recu} L’instruction attend votre réponse.", "warning")
    if etat == E.EN_INSTRUCTION:
        return Situation("Dossier en instruction", f"{recu} Les résultats vous seront annoncés par e-mail.", "info")
    if not ouverte:
        return Situation("Dossier déposé", f"{recu} Son instruction va commencer.", "success")
    if a_redeposer:
        return Situation(
            "Dossier déposé, mais des modifications ne le sont pas",
            f"{recu} C’est cette version qui sera examinée, sauf si vous déposez de nouveau votre dossier.",
            "warning",
        )
    return Situation("Dossier déposé", f"{recu} Vous pouvez encore le modifier et le déposer de nouveau.", "success")


def rappel(etat: EtatCandidature) -> str:
    """What saving the draft does not do."""
    if etat == E.DEPOSEE:
        return "C’est votre dernier dépôt qui compte : pour y ajouter ces changements, déposez de nouveau."
    return "Ce dossier n’est pas déposé pour autant."


def rubriques(dossier: Composition) -> list[Rubrique]:
    """The checklist: the sections of the call, then the attachments."""
    absents = manques(dossier)
    titres = [(section.cle, section.titre) for section in dossier.cahier.sections] + [(PIECES, "Pièces jointes")]
    return [
        Rubrique(cle, titre, tuple(manque for manque in absents if manque.section == cle), _commencee(dossier, cle))
        for cle, titre in titres
    ]


def _commencee(dossier: Composition, cle: str) -> bool:
    """Whether anything was answered or attached there."""
    if cle == PIECES:
        return bool(dossier.jointes)
    return not all(est_vide(valeur) for valeur in dossier.contenu.get(cle, {}).values())
