"""What bounds a secret link: pure predicates and numbers, the same in Postgres."""

from datetime import datetime, timedelta

from candidatures.dossier.etats import ETATS_MODIFIABLES, EtatCandidature, GenreDeLien, Qualite
from candidatures.vagues.etats import Phase

#: How long a link lasts, in days, as people choose; those of a member end with the deadline at the latest.
DUREES = (7, 30, 60)
DUREE_MAX = timedelta(days=60)
#: Files that one link brings, whatever became of them.
ENVOIS_MAX = 5
#: Links of one file: alive at once, and made in twenty-four hours; those of one member for one thing in a day.
EN_COURS_MAX = 40
PAR_JOUR_MAX = 60
PAR_MEMBRE_ET_JOUR_MAX = 3
UN_JOUR = timedelta(days=1)
REDACTEURS = frozenset({Qualite.PORTEUR, Qualite.CO_PORTEUR})

SEULS_LES_REDACTEURS = "Seules les personnes qui écrivent dans le dossier créent ou annulent un lien."
LIEN_FINI = (
    "Ce lien vient d’être annulé ou remplacé\u00a0: rien n’a été enregistré. Demandez-en un nouveau à la personne qui "
    "vous l’a envoyé."
)
TROP_DE_LIENS = (
    "Beaucoup de liens ont été créés pour ce dossier\u00a0: annulez ceux qui ne servent plus, ou attendez demain."
)
TROP_D_ENVOIS = (
    f"Ce lien a déjà reçu {ENVOIS_MAX} fichiers. Pour en envoyer un autre, demandez un nouveau lien à la personne qui "
    "vous l’a envoyé."
)
ACCORD_A_SOI = (
    "Cette adresse est la vôtre, ou celle du responsable du dossier : le bon pour dépôt se donne par une autre "
    "personne, de cette collectivité. Écrivez son adresse."
)
#: The same request twice is one (a double click); a third one counts.
FOIS_PAR_ENVOI = 2
DEJA_ECRIT = (
    "Un message est parti à cette adresse il y a moins de vingt-quatre heures\u00a0: laissez à la collectivité le "
    "temps de répondre. Vous pourrez la relancer demain."
)


def empechement_de_partager(etat_connu: str, qualite: str | None) -> str | None:
    """Why the holder of `qualite` makes no reading link, from the state that is known; None when they do."""
    if etat_connu == EtatCandidature.RETIREE:
        return "Ce dossier est retiré\u00a0: il ne se partage plus."
    return None if qualite in REDACTEURS else SEULS_LES_REDACTEURS


def empechement_d_envoyer_par_lien(envois: int) -> str | None:
    """Why a link that has brought `envois` files brings no other; None when it does."""
    return None if envois < ENVOIS_MAX else TROP_D_ENVOIS


def empechement_de_relancer(dernier: datetime | None, maintenant: datetime) -> str | None:
    """Why nobody writes again to a member, last written to at `dernier`; None when they may."""
    return DEJA_ECRIT if dernier is not None and maintenant < dernier + UN_JOUR else None


def est_ouvert(genre: str, etat: str, phase: Phase) -> bool:
    """Whether a living link of that kind opens anything, from where the file stands.

    A withdrawn file is nobody's to read; what changes it ends with its deadline.
    """
    if genre == GenreDeLien.LECTURE:
        return etat != EtatCandidature.RETIREE
    return etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE
