"""What is allowed, and when: pure predicates shared by actions, views, forms and templates."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from candidatures.cahier import CAHIER, SECTIONS, Question, Type
from candidatures.etats import ETATS_MODIFIABLES, EtatCandidature, NaturePiece, Phase, Qualite

PARIS = ZoneInfo("Europe/Paris")
MOIS_ENTRE_RELEVES = 4
PREMIERE_OUVERTURE = datetime(2022, 8, 1, 0, 0, tzinfo=PARIS)
PREMIERE_RELEVE = datetime(2022, 10, 1, 12, 0, tzinfo=PARIS)


def releve_suivante(releve: datetime) -> datetime:
    """Four months later, same wall-clock time in Paris: noon stays noon across daylight saving time."""
    local = releve.astimezone(PARIS)
    mois = local.month - 1 + MOIS_ENTRE_RELEVES
    return local.replace(year=local.year + mois // 12, month=mois % 12 + 1)


@dataclass(frozen=True)
class Manque:
    """Something that a file needs before it can be deposited; `ancre` leads to it on the page of its section."""

    section: str
    cle: str
    libelle: str

    @property
    def ancre(self) -> str:
        if self.section == PIECES:
            return "id_fichier"
        question = SECTIONS[self.section].question(self.cle)
        return f"id_{self.cle}_groupe" if question.type in TYPES_A_COCHER else f"id_{self.cle}"


PIECES = "pieces"
# Their fields have no single control: links lead to the group.
TYPES_A_COCHER = frozenset({Type.CHOIX, Type.CHOIX_MULTIPLE})


def est_vide(valeur: Any) -> bool:
    return valeur is None or valeur in ("", [])


def manques(contenu: Mapping[str, Mapping[str, Any]], natures: Collection[str]) -> list[Manque]:
    """What is missing from a file, in the order of the form; empty when it may be deposited.

    `natures` are those of its attachments.
    """
    absents = [
        Manque(section.cle, question.cle, question.libelle)
        for section in CAHIER
        for question in section.questions
        if not _repondue(question, contenu.get(section.cle, {}).get(question.cle))
    ]
    if NaturePiece.DELIBERATION not in natures:
        absents.append(Manque(PIECES, NaturePiece.DELIBERATION.value, "Délibération ou mandat (PDF)"))
    return absents


def _repondue(question: Question, valeur: Any) -> bool:
    if est_vide(valeur):
        return not question.obligatoire
    if question.type is Type.BLOC:
        return all(_repondue(champ, ligne.get(champ.cle)) for ligne in valeur for champ in question.champs)
    return True


def section_complete(cle: str, contenu: Mapping[str, Mapping[str, Any]], natures: Collection[str]) -> bool:
    return not any(manque.section == cle for manque in manques(contenu, natures))


def peut_ecrire(etat: str, phase: Phase, qualite: str | None) -> bool:
    """Whether the holder of `qualite` may change the draft now."""
    return etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE and qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR}


def peut_deposer(etat: str, phase: Phase, qualite: str | None) -> bool:
    """Whether to offer the deposit. The deadline itself is judged on reception, by the action and by the database."""
    return etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE and qualite == Qualite.PORTEUR


def peut_retirer(etat: str, phase: Phase, qualite: str | None) -> bool:
    return etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE and qualite == Qualite.PORTEUR


def peut_instruire(etat: str) -> bool:
    return etat in {EtatCandidature.EN_INSTRUCTION, EtatCandidature.INSTRUITE}


def recu_a_temps(recu_le: datetime, ouverture: datetime, cloture: datetime) -> bool:
    """12:00 means 12:00:00.000000: a request received at the very instant of the closing is late."""
    return ouverture <= recu_le < cloture


def grace_ecoulee(maintenant: datetime, cloture: datetime, grace: timedelta) -> bool:
    """From here on nothing received before the deadline can still be recorded: the wave may be closed."""
    return maintenant >= cloture + grace


def peut_constater(etat: str, *, constatee: bool) -> bool:
    """Whether the admissibility is still to be recorded: once a file."""
    return etat == EtatCandidature.EN_INSTRUCTION and not constatee


def peut_proposer(etat: str, *, recevable: bool) -> bool:
    return peut_instruire(etat) and recevable


def embargo_valide(publique_a: datetime, maintenant: datetime) -> bool:
    """Results become public now or later, never in the past."""
    return publique_a >= maintenant
