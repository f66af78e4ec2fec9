"""What is allowed in a file, and when: pure predicates shared by actions, views, forms and templates."""

from datetime import timedelta

from candidatures.dossier.etats import ETATS_MODIFIABLES, ETATS_SANS_SUITE, EtatCandidature, Qualite
from candidatures.vagues.etats import Phase
from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.texte.typographie import nombre

MO = 1024 * 1024
# Bytes: all that a file holds, old deposits, messages and corrections included; what an account sends in 24 hours.
OCTETS_PAR_DOSSIER = 2048 * MO
OCTETS_PAR_COMPTE_ET_JOUR = 2048 * MO
# After its deadline, what a draft that nobody deposited holds: the nine waves in which it may still be copied.
CONSERVATION_DES_BROUILLONS = timedelta(days=1096)
# Opened by one account in the last twenty-four hours.
OUVERTURES_PAR_JOUR = 10
TROP_D_OUVERTURES = (
    f"Vous avez déjà ouvert {OUVERTURES_PAR_JOUR} dossiers en un jour\u00a0: attendez demain pour le suivant. Si vous "
    "en préparez vraiment davantage, écrivez à l’équipe du portail."
)
#: Those of whom it is the work, as long as it may be written and afterwards.
QUI_ECRIVENT = frozenset({Qualite.PORTEUR, Qualite.CO_PORTEUR})
SANS_PART = "Vous ne pouvez pas modifier ce dossier en ce moment."
SEUL_LE_PORTEUR = "Seul le responsable du dossier compose son équipe."
CONFIE_PAR_UN_TIERS = (
    "Vous participez à ce dossier, ou y avez participé\u00a0: un autre administrateur doit le confier."
)


@jumeau_de("postgres:dossiers_ouverts_par_jour")
def empechement_d_ouvrir_encore(ouverts: int) -> str | None:
    """Why someone who opened `ouverts` files in the last twenty-four hours opens no other; None when they may."""
    return None if ouverts < OUVERTURES_PAR_JOUR else TROP_D_OUVERTURES


def empechement_d_ecrire(etat: str, phase: Phase, qualite: str | None) -> str | None:
    """Why the holder of `qualite` may not change the draft now; None when they may."""
    ouvert = etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE
    if ouvert and qualite in QUI_ECRIVENT:
        return None
    return SANS_PART


def empechement_de_changer_l_equipe(etat_connu: str) -> str | None:
    """Why people may no longer join or leave a file, from the state that its territory knows; None when they may.

    They change after the deadline too; those of a laureate file follow the mission.
    """
    if etat_connu not in ETATS_SANS_SUITE:
        return None
    return f"L’équipe de ce dossier ne change plus (état\u00a0: {EtatCandidature(etat_connu).label.lower()})."


def empechement_de_gerer_l_equipe(etat_connu: str, qualite: str | None) -> str | None:
    """Why the holder of `qualite` may not invite, change roles or hand the file on; None when they may."""
    return empechement_de_changer_l_equipe(etat_connu) or (None if qualite == Qualite.PORTEUR else SEUL_LE_PORTEUR)


def empechement_d_y_repondre(email: str, *, acceptee: bool, revoquee: bool, declinee: bool) -> str | None:
    """Why an invitation waits for no answer any more; None when it does."""
    if acceptee:
        return f"{email} a déjà accepté cette invitation."
    if declinee:
        return f"{email} a décliné cette invitation."
    return "Cette invitation a déjà été annulée." if revoquee else None


def empechement_d_inviter(*, signale: bool) -> str | None:
    """Why the portal writes to nobody in the name of this file; None when it does."""
    if signale:
        return (
            "Une collectivité dit que ce dossier n’est pas d’elle\u00a0: le portail n’envoie plus d’invitation en son "
            "nom, tant que nous ne lui avons pas répondu."
        )
    return None


def empechement_d_ecarter(qualite: str, *, de_soi: bool, par: str | None) -> str | None:
    """Why a participant of that `qualite` may not leave, or be taken out by a holder of `par`; None when they may."""
    if not de_soi and par != Qualite.PORTEUR:
        return SEUL_LE_PORTEUR
    if qualite == Qualite.PORTEUR:
        return "Le responsable du dossier ne quitte pas son dossier sans avoir passé la main à quelqu’un."
    return None


def empechement_de_changer_de_role(qualite: str) -> str | None:
    """Why the role of a participant may not be changed; None when it may."""
    if qualite == Qualite.PORTEUR:
        return "Un dossier a un responsable, et un seul\u00a0: pour en changer, passez la main."
    return None


def empechement_de_joindre(nombre: int, *, au_plus: int) -> str | None:
    """Why nothing more may be attached to a file that has `nombre` attachments; None when it may."""
    return None if nombre < au_plus else f"Un dossier compte au plus {au_plus} pièces jointes."


@jumeau_de("postgres:reserve_dossier_dans_sa_limite")
def empechement_d_alourdir(presents: int, octets: int) -> str | None:
    """Why a file that holds `presents` bytes, uploads on their way included, takes no `octets` more; None when it
    does."""
    if presents + octets <= OCTETS_PAR_DOSSIER:
        return None
    return (
        f"Avec ce fichier, le dossier dépasserait {_mo(OCTETS_PAR_DOSSIER)}, dépôts, messages et corrections "
        f"compris\u00a0: il en reste {_mo(max(OCTETS_PAR_DOSSIER - presents, 0))}. Réduisez ce fichier, ou enlevez "
        "des pièces qui ne servent plus."
    )


@jumeau_de("postgres:reserve_compte_dans_sa_limite")
def empechement_d_envoyer_encore(envoyes: int, octets: int) -> str | None:
    """Why an account that sent `envoyes` bytes in the last 24 hours sends no `octets` more; None when it may."""
    if envoyes + octets <= OCTETS_PAR_COMPTE_ET_JOUR:
        return None
    return (
        f"Vous avez envoyé {_mo(envoyes)} de fichiers en vingt-quatre heures, et ne pouvez pas dépasser "
        f"{_mo(OCTETS_PAR_COMPTE_ET_JOUR)}\u00a0: envoyez ce fichier demain, ou demandez à un collègue du dossier "
        "de le joindre. Le dossier se dépose comme il est."
    )


def _mo(octets: int) -> str:
    return f"{nombre(octets // MO)}\u00a0Mo"


@jumeau_de("candidatures.dossier.models.dossiers.CandidatureQuerySet.copiables")
def est_copiable(etat_connu: str, phase: Phase) -> bool:
    """Whether the open wave may take a copy of a file, from what its territory knows: nothing more will happen in it.

    A draft counts once the closing is recorded: until then the portal may still have to deposit it.
    """
    return etat_connu in ETATS_SANS_SUITE or (etat_connu == EtatCandidature.BROUILLON and phase is Phase.CLOSE)


def empechement_de_copier(etat_connu: str, phase: Phase, qualite: str | None) -> str | None:
    """Why the holder of `qualite` may not take a copy of the file into the open wave; None when they may."""
    if est_copiable(etat_connu, phase) and qualite == Qualite.PORTEUR:
        return None
    return "Ce dossier ne peut pas être copié, ou vous n’en êtes pas le responsable."
