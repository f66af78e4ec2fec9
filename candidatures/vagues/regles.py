"""The rhythm of the waves and the bounds of their dates."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from candidatures.vagues.etats import NatureDePhase, Phase
from rebond.socle.horloge.temps import PARIS, debut_de_journee, fin_de_journee, jour_de_paris

MOIS_ENTRE_RELEVES = 4
PREMIERE_OUVERTURE = datetime(2022, 8, 1, 0, 0, tzinfo=PARIS)
PREMIERE_RELEVE = datetime(2022, 10, 1, 12, 0, tzinfo=PARIS)
# A date beyond is a slip of the finger, which would be kept for ever: waves are programmed so many years ahead, and an
# extension, a correction or an embargo lasts a year at most.
HORIZON_ANNEES = 5
# Ends are excluded: a day that is over at midnight is the one before.
UN_INSTANT = timedelta(microseconds=1)
UN_AN_AU_PLUS = timedelta(days=366)
# What Postgres holds, whoever writes: nothing of the call lies outside.
PREMIER_INSTANT = datetime(2020, 1, 1, tzinfo=UTC)
DERNIER_INSTANT = datetime(2100, 1, 1, tzinfo=UTC)
# From which day after that of the closing to which, both included, when no wave before says otherwise: all ends before
# two months, when silence is a decision.
JOURS_DES_PHASES = {
    NatureDePhase.RECEVABILITE: (0, 14),
    NatureDePhase.AVIS: (10, 30),
    NatureDePhase.EVALUATION: (14, 38),
    NatureDePhase.COMITE: (45, 46),
    NatureDePhase.ANNONCE: (52, 56),
}
#: What an applicant may be told of when it comes; an administrateur says for each wave.
PHASES_DITES = frozenset({NatureDePhase.RECEVABILITE, NatureDePhase.AVIS, NatureDePhase.EVALUATION})
PHASES_PASSEES = "Les résultats de cette vague sont publics : les dates de son instruction ne changent plus."
VAGUE_CLOSE = "Cette vague est close\u00a0: ses dates ne changent plus."
REFUS_DE_DEPLACER = {
    Phase.OUVERTE: "Cette vague est ouverte\u00a0: ses dates ne changent plus. Reporter sa clôture serait une "
    "prolongation, motivée et signée par deux personnes.",
    Phase.PROLONGEE: VAGUE_CLOSE,
    Phase.EN_CLOTURE: VAGUE_CLOSE,
    Phase.CLOSE: VAGUE_CLOSE,
    Phase.SUSPENDUE: "Cette vague est suspendue\u00a0: rétablissez-la avant de changer ses dates.",
}
CAHIER_FIGE = "Le cahier des charges est figé depuis l’ouverture de la vague."
ACCORDS_FIGES = (
    "Cette vague est ouverte\u00a0: qui y dépose a lu ce qu’elle demande. La règle du bon pour dépôt ne change plus."
)
SILENCE_FIGE = (
    "Cette vague est ouverte\u00a0: des accusés de réception disent déjà ce que vaut le silence. Cela ne change plus."
)
RIEN_NE_COMMENCE = "aucun dossier ne peut y être commencé."
VAGUE_SUSPENDUE = f"Cette période de dépôt est suspendue\u00a0: {RIEN_NE_COMMENCE}"


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


def empechement_de_deplacer(phase: Phase) -> str | None:
    """Why the dates of a wave may not change any more; None when they may."""
    return REFUS_DE_DEPLACER.get(phase)


def empechement_de_changer_le_cahier(phase: Phase) -> str | None:
    """Why a wave's specifications may not change any more; None when they may: whoever writes a file has read what it
    is judged by."""
    return None if phase is Phase.PROGRAMMEE else CAHIER_FIGE


def empechement_de_fixer_le_silence(phase: Phase) -> str | None:
    """Why what silence means in a wave may not change any more; None when it may."""
    return None if phase is Phase.PROGRAMMEE else SILENCE_FIGE


def empechement_de_regler_les_accords(phase: Phase) -> str | None:
    """Why a wave no longer changes whether it asks for the marks of the members; None when it may."""
    return None if phase is Phase.PROGRAMMEE else ACCORDS_FIGES


def empechement_de_commencer(phase: Phase, numero: int) -> str | None:
    """Why no file may be begun in wave `numero`; None when one may."""
    if phase is Phase.OUVERTE:
        return None
    return f"La période de dépôt n°\u00a0{numero} n’est pas ouverte\u00a0: {RIEN_NE_COMMENCE}"


def bornes_de_phase(du: date, au: date, cloture: datetime) -> tuple[datetime, datetime]:
    """The instants of a phase that goes from one day to another, both included; that of the closing begins with it."""
    debut = cloture if du == jour_de_paris(cloture) else debut_de_journee(du)
    return debut, fin_de_journee(au)


def jours_de_phase(debut: datetime, fin: datetime) -> tuple[date, date]:
    """The first day of a phase and its last one."""
    return jour_de_paris(debut), jour_de_paris(fin - UN_INSTANT)


def empechement_de_fixer_les_phases(*, resultats_publics: bool) -> str | None:
    """Why the phases of a wave may not change any more; None when they may."""
    return PHASES_PASSEES if resultats_publics else None
