"""What is allowed, and when: pure predicates shared by actions, views, forms and templates."""

from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from candidatures.cahier import TYPES_A_CHOIX, Cahier, PieceAttendue, Question, Type
from candidatures.etats import (
    ETATS_EN_COURS,
    ETATS_INSTRUITS,
    ETATS_MODIFIABLES,
    ETATS_SANS_SUITE,
    EtatCandidature,
    EtatVague,
    Phase,
    Qualite,
)

PARIS = ZoneInfo("Europe/Paris")
MOIS_ENTRE_RELEVES = 4
PREMIERE_OUVERTURE = datetime(2022, 8, 1, 0, 0, tzinfo=PARIS)
PREMIERE_RELEVE = datetime(2022, 10, 1, 12, 0, tzinfo=PARIS)
DERNIERE_MINUTE = timedelta(minutes=1)
# A date beyond is a slip of the finger, which would be kept for ever: waves are programmed so many years ahead, and an
# extension, a correction or an embargo lasts a year at most.
HORIZON_ANNEES = 5
UN_AN_AU_PLUS = timedelta(days=366)
# What broke a little before a wave opened may still count for it.
INCIDENT_AVANT_L_OUVERTURE = timedelta(days=30)
# What Postgres holds, whoever writes: nothing of the call lies outside.
PREMIER_INSTANT = datetime(2020, 1, 1, tzinfo=UTC)
DERNIER_INSTANT = datetime(2100, 1, 1, tzinfo=UTC)
# How long before the deadline whoever takes part in a draft is reminded of it.
RAPPELS = (timedelta(days=30), timedelta(days=7), timedelta(days=2), timedelta(days=1), timedelta(hours=3))


def horizon(maintenant: datetime) -> datetime:
    """The last instant that a wave may be programmed to, in UTC: same day and hour in Paris, years later."""
    local = maintenant.astimezone(PARIS)
    jour = min(local.day, 28) if local.month == 2 else local.day
    return local.replace(year=local.year + HORIZON_ANNEES, day=jour).astimezone(UTC)


def dans_quelques_mois(jour: date, mois: int) -> date:
    """Month for month; a day that the month lacks gives its last one (31 December + 2 → 28 or 29 February)."""
    annees, rang = divmod(jour.month - 1 + mois, 12)
    annee, mois_final = jour.year + annees, rang + 1
    return date(annee, mois_final, min(jour.day, monthrange(annee, mois_final)[1]))


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
    ancre: str


@dataclass(frozen=True)
class Jointe:
    """An attachment as completeness sees it. `membre` is the key of the authority that it comes from; `saine` is False
    once the antivirus has refused it.
    """

    nature: str
    membre: int | None = None
    saine: bool = True


@dataclass(frozen=True)
class Dossier:
    """Everything that completeness depends on. `membres` are the authorities by key, the lead first."""

    cahier: Cahier
    contenu: Mapping[str, Mapping[str, Any]]
    jointes: Collection[Jointe] = ()
    membres: Mapping[int, str] = field(default_factory=dict)


PIECES = "pieces"


def est_vide(valeur: Any) -> bool:
    return valeur is None or valeur in ("", [])


def manques(dossier: Dossier) -> list[Manque]:
    """What is missing from a file, in the order of the form; empty when it may be deposited."""
    absents = []
    for section in dossier.cahier.sections:
        reponses = dossier.contenu.get(section.cle, {})
        absents += [
            Manque(section.cle, question.cle, question.libelle, ancre(question))
            for question in section.saisies
            if question.posee(reponses) and not _repondue(question, reponses.get(question.cle))
        ]
    return absents + [
        manque for attendue in pieces_demandees(dossier) for manque in _pieces_absentes(dossier, attendue)
    ]


def ancre(question: Question) -> str:
    """Where a link to the question leads: boxes have no single control."""
    return f"id_{question.cle}_groupe" if question.type in TYPES_A_CHOIX else f"id_{question.cle}"


def pieces_demandees(dossier: Dossier) -> list[PieceAttendue]:
    """The kinds of attachment that the file may hold, given its answers."""
    return [piece for piece in dossier.cahier.pieces_attendues if _piece_posee(dossier, piece)]


def membres_attendus(dossier: Dossier, piece: PieceAttendue) -> list[tuple[int | None, str]]:
    """Of whom one `piece` is expected, by key and name; `(None, "")` when it is of the file as a whole."""
    if piece.par_membre and len(dossier.membres) > 1:
        return list(dossier.membres.items())
    return [(None, "")]


def intitule(piece: PieceAttendue, membre: str = "") -> str:
    return f"{piece.libelle} – {membre}" if membre else piece.libelle


def ancre_de_piece(piece: str, membre: int | None = None) -> str:
    return f"piece-{piece}-{membre}" if membre else f"piece-{piece}"


def _piece_posee(dossier: Dossier, piece: PieceAttendue) -> bool:
    if not piece.section:
        return True
    question = dossier.cahier.section(piece.section).question(piece.cle)
    return question.posee(dossier.contenu.get(piece.section, {}))


def _pieces_absentes(dossier: Dossier, piece: PieceAttendue) -> Iterator[Manque]:
    if not piece.obligatoire:
        return
    saines = [jointe for jointe in dossier.jointes if jointe.nature == piece.cle and jointe.saine]
    chef = next(iter(dossier.membres), None)
    for membre, nom in membres_attendus(dossier, piece):
        # What was attached before the grouping grew is the lead's.
        acceptees = {membre, None} if membre == chef else {membre}
        if not any(membre is None or jointe.membre in acceptees for jointe in saines):
            yield Manque(PIECES, piece.cle, intitule(piece, nom), ancre_de_piece(piece.cle, membre))


def _repondue(question: Question, valeur: Any) -> bool:
    if est_vide(valeur):
        return not question.obligatoire
    if question.type is Type.BLOC:
        return all(_repondue(champ, ligne.get(champ.cle)) for ligne in valeur for champ in question.champs)
    return True


def peut_ecrire(etat: str, phase: Phase, qualite: str | None) -> bool:
    """Whether the holder of `qualite` may change the draft now."""
    return etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE and qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR}


def cahier_modifiable(phase: Phase) -> bool:
    """Whether a wave's specifications may still change: whoever writes a file has read what it is judged by."""
    return phase is Phase.PROGRAMMEE


def peut_deposer(etat: str, phase: Phase, qualite: str | None) -> bool:
    """Whether to offer the deposit. The deadline itself is judged on reception, by the action and by the database."""
    return etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE and qualite == Qualite.PORTEUR


def peut_retirer(etat: str, phase: Phase, qualite: str | None) -> bool:
    return etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE and qualite == Qualite.PORTEUR


def peut_changer_equipe(etat_connu: str) -> bool:
    """Whether people may still join or leave a file, from the state that its territory knows.

    They change after the deadline too; those of a laureate file follow the mission.
    """
    return etat_connu not in ETATS_SANS_SUITE


def peut_gerer_equipe(etat_connu: str, qualite: str | None) -> bool:
    return peut_changer_equipe(etat_connu) and qualite == Qualite.PORTEUR


def dernier_rappel(cloture: datetime, maintenant: datetime) -> timedelta | None:
    """The last of `RAPPELS` whose instant has come; None before the first one, and from the deadline on."""
    if maintenant >= cloture:
        return None
    return min((seuil for seuil in RAPPELS if maintenant >= cloture - seuil), default=None)


def est_copiable(etat_connu: str, phase: Phase) -> bool:
    """Whether the open wave may take a copy of a file, from what its territory knows: nothing more will happen in it.

    A draft counts once the closing is recorded: until then the portal may still have to deposit it.
    """
    return etat_connu in ETATS_SANS_SUITE or (etat_connu == EtatCandidature.BROUILLON and phase is Phase.CLOSE)


def peut_copier(etat_connu: str, phase: Phase, qualite: str | None) -> bool:
    return est_copiable(etat_connu, phase) and qualite == Qualite.PORTEUR


def peut_instruire(etat: str) -> bool:
    return etat in {EtatCandidature.EN_INSTRUCTION, EtatCandidature.INSTRUITE}


def refus_d_instruire(etat: str) -> str | None:
    """Why nothing may be recorded or proposed on a file now, in a sentence; None when it may."""
    if etat == EtatCandidature.CORRECTION_DEMANDEE:
        return (
            "Une correction est attendue du territoire sur ce dossier\u00a0: il reviendra en instruction quand elle "
            "sera rendue, ou dès que vous ne l’attendrez plus."
        )
    return None if peut_instruire(etat) else "Ce dossier n’est plus en instruction."


def peut_demander_avis(etat: str) -> bool:
    """An opinion may be asked for while a correction is awaited: it bears on what was deposited."""
    return etat in {*ETATS_EN_COURS, EtatCandidature.INSTRUITE}


def peut_rendre_avis(etat_connu: str) -> bool:
    """Whether an opinion may be given, from the state that its author knows: a refusal never tells a decision."""
    return etat_connu in {*ETATS_EN_COURS, EtatCandidature.INSTRUITE}


def peut_echanger(etat: str) -> bool:
    """Whether the territory and the State write to each other: once the file is instructed, and for ever after.

    It does not depend on what was decided: the thread tells nothing.
    """
    return etat in ETATS_INSTRUITS


def peut_ecrire_un_message(etat: str, qualite: str | None) -> bool:
    return peut_echanger(etat) and qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR}


def peut_demander_correction(etat: str) -> bool:
    return etat == EtatCandidature.EN_INSTRUCTION


def peut_corriger(etat: str, echeance: datetime, maintenant: datetime, qualite: str | None) -> bool:
    """Whether the holder of `qualite` may write the answers asked for, strictly before `echeance`."""
    attendue = etat == EtatCandidature.CORRECTION_DEMANDEE and maintenant < echeance
    return attendue and qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR}


def peut_rendre_correction(etat: str, echeance: datetime, maintenant: datetime, qualite: str | None) -> bool:
    return peut_corriger(etat, echeance, maintenant, qualite) and qualite == Qualite.PORTEUR


def recu_a_temps(recu_le: datetime, ouverture: datetime, cloture: datetime) -> bool:
    """12:00 means 12:00:00.000000: a request received at the very instant of the closing is late."""
    return ouverture <= recu_le < cloture


def derniere_minute(instant: datetime, echeance: datetime) -> bool:
    """Whether it is too late to ask whoever deposits to read again: they might not have the time."""
    return instant >= echeance - DERNIERE_MINUTE


def grace_ecoulee(maintenant: datetime, cloture: datetime, grace: timedelta) -> bool:
    """From here on nothing received before the deadline can still be recorded: the wave may be closed."""
    return maintenant >= cloture + grace


def peut_prolonger(etat_vague: str) -> bool:
    """Whether more time may still be given: until the decisions of the wave are taken, hence before any result."""
    return etat_vague in {EtatVague.PREVUE, EtatVague.EN_INSTRUCTION}


def peut_constater(etat: str, *, constatee: bool) -> bool:
    """Whether the admissibility is still to be recorded: once a file."""
    return etat == EtatCandidature.EN_INSTRUCTION and not constatee


def peut_proposer(etat: str, *, recevable: bool) -> bool:
    return peut_instruire(etat) and recevable


def embargo_valide(publique_a: datetime, maintenant: datetime) -> bool:
    """Results become public now or later, never in the past."""
    return publique_a >= maintenant
