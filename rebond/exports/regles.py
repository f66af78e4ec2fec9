"""What is written at once and what is prepared; how long a file is kept."""

from datetime import timedelta

from rebond.socle.texte.typographie import nombre

#: Rows that a web process writes by itself: some tenths of a second, one statement, a megabyte.
SEUIL = 2_000
#: Files of an archive, each laid out in seconds, and its bytes.
DOSSIERS_D_UNE_ARCHIVE = 300
OCTETS_D_UNE_ARCHIVE = 4 * 1024**3
#: A file waits so long to be downloaded; it serves nobody afterwards.
CONSERVATION = timedelta(days=3)
#: That it was asked for: « Mes exports » says so to its person.
TRACES = timedelta(days=30)
#: Times that a worker begins before whoever asked is told that it failed.
ESSAIS_MAX = 3
#: What nobody has taken in this time will not be: every worker is dead, or drowned.
ATTENTE_MAX = timedelta(hours=6)
#: Whoever waited longer has left the page: a letter tells them.
ATTENTE_SANS_LETTRE = timedelta(minutes=2)

ACCES_PERDU = "Vous n’avez plus accès à ce que vous aviez demandé."
TROP_D_ESSAIS = "La préparation s’est interrompue plusieurs fois. Recommencez\u00a0; si cela se répète, écrivez-nous."
TROP_LONG = "La préparation a duré trop longtemps. Demandez moins de lignes ou moins de dossiers à la fois."
TROP_D_ATTENTE = "La préparation n’a pas pu commencer. Recommencez\u00a0; si cela se répète, écrivez-nous."
ARCHIVE_VIDE = "Cette sélection ne contient aucun dossier\u00a0: changez la recherche."
ARCHIVE_TROP_LOURDE = "Les pièces de ces dossiers dépassent 4\u00a0Go\u00a0: demandez moins de dossiers à la fois."


def empechement_d_archiver(lignes: int) -> str | None:
    if not lignes:
        return ARCHIVE_VIDE
    if lignes <= DOSSIERS_D_UNE_ARCHIVE:
        return None
    return (
        f"Une archive contient au plus {DOSSIERS_D_UNE_ARCHIVE} dossiers, et cette sélection en compte "
        f"{nombre(lignes)}\u00a0: précisez la recherche, par exemple par région."
    )


def empechement_d_annuler(*, en_cours: bool) -> str | None:
    return None if en_cours else "Cet export n’est plus en préparation\u00a0: il n’y a rien à annuler."
