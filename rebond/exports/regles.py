"""What is written at once and what is prepared; how long a file is kept."""

from datetime import timedelta

#: Rows that a web process writes by itself: some tenths of a second, one statement, a megabyte.
SEUIL = 2_000
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

ACCES_PERDU = "Vous n’avez plus accès à cette liste."
TROP_D_ESSAIS = "La préparation s’est interrompue plusieurs fois. Recommencez\u00a0; si cela se répète, écrivez-nous."
TROP_LONG = "La préparation a duré trop longtemps. Filtrez la liste, ou demandez-la en CSV."
TROP_D_ATTENTE = "La préparation n’a pas pu commencer. Recommencez\u00a0; si cela se répète, écrivez-nous."


def empechement_d_annuler(*, en_cours: bool) -> str | None:
    return None if en_cours else "Cet export n’est plus en préparation\u00a0: il n’y a rien à annuler."
