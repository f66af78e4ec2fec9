"""The deadline rule: when a deposit is in time, and when people are reminded of it."""

from datetime import datetime, timedelta

from candidatures.dossier.etats import ETATS_A_INSTRUIRE, ETATS_MODIFIABLES, Qualite
from candidatures.vagues.etats import Phase
from rebond.socle.bdd.jumeaux import jumeau_de

# What whoever presses the button says, written beside it and kept with the act. Nothing to tick: a request that came
# in time is not lost for a box.
ATTESTATION = (
    "En déposant, j’atteste que les informations de ce dossier sont exactes, à ma connaissance, et que chaque "
    "collectivité du groupement est d’accord pour qu’il soit déposé."
)
DERNIERE_MINUTE = timedelta(minutes=1)
# How long before the deadline whoever takes part in a draft is reminded of it.
RAPPELS = (timedelta(days=30), timedelta(days=7), timedelta(days=2), timedelta(days=1), timedelta(hours=3))
SANS_DECISION = (
    "Seul le responsable du dossier peut demander ce dépôt ou y renoncer, tant que la période de dépôt est ouverte et "
    "que le dossier peut être déposé."
)


def empechement_de_deposer(qualite: str | None) -> str | None:
    """Why the holder of `qualite` may not deposit the file, whenever it is."""
    return None if qualite == Qualite.PORTEUR else "Seul le responsable du dossier peut le déposer."


def empechement_de_decider_du_depot(etat: str, phase: Phase, qualite: str | None) -> str | None:
    """Why there is no deposit to offer now, nor to ask for at the deadline; None when there is.

    The deadline itself is judged on reception, by the action and by the database (`recu_a_temps`).
    """
    ouvert = etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE
    if ouvert and empechement_de_deposer(qualite) is None:
        return None
    return SANS_DECISION


def empechement_de_retirer(etat: str, phase: Phase, qualite: str | None) -> str | None:
    """Why the holder of `qualite` may not take the file back now; None when they may."""
    if etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE and qualite == Qualite.PORTEUR:
        return None
    return "Ce dossier ne peut plus être retiré, ou vous n’en êtes pas le responsable."


def dernier_rappel(cloture: datetime, maintenant: datetime) -> timedelta | None:
    """The last of `RAPPELS` whose instant has come; None before the first one, and from the deadline on."""
    if maintenant >= cloture:
        return None
    return min((seuil for seuil in RAPPELS if maintenant >= cloture - seuil), default=None)


@jumeau_de("postgres:depot_recu_dans_la_vague")
def recu_a_temps(recu_le: datetime, ouverture: datetime, cloture: datetime) -> bool:
    """12:00 means 12:00:00.000000: a request received at the very instant of the closing is late."""
    return ouverture <= recu_le < cloture


def derniere_minute(instant: datetime, echeance: datetime) -> bool:
    """Whether it is too late to ask whoever deposits to read again: they might not have the time."""
    return instant >= echeance - DERNIERE_MINUTE


def nom_du_rappel(seuil: timedelta) -> str:
    """« J7 », « H3 »."""
    return f"J{seuil.days}" if seuil.days else f"H{seuil.seconds // 3600}"


REPONDU_PAR_UN_TIERS = (
    "Vous participez à ce dossier, ou y avez participé\u00a0: un autre administrateur doit répondre."
)


def empechement_de_contester(etat_connu: str, *, participe: bool) -> str | None:
    """Why an authority may not say any more that a file is not its own, from the state that its territory knows; None
    when it may. Whoever takes part in the file leaves it instead.
    """
    if participe:
        return "Vous participez à ce dossier\u00a0: vous pouvez le quitter ou le retirer, pas le signaler."
    if etat_connu in {*ETATS_MODIFIABLES, *ETATS_A_INSTRUIRE}:
        return None
    return "Ce dossier n’est plus en cours\u00a0: il ne peut plus être signalé."


def empechement_de_trancher(reponse: str, *, tranchee: bool, participe: bool) -> str | None:
    """Why an administrateur may not answer an authority now; None when they may. `participe`: in the file, or until
    they left it.
    """
    if tranchee:
        return "Une réponse a déjà été donnée à cette collectivité."
    if participe:
        return REPONDU_PAR_UN_TIERS
    return (
        None
        if reponse.strip()
        else "Écrivez votre réponse\u00a0: la collectivité et les auteurs du dossier la liront."
    )
