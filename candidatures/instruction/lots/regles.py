"""How often a file is tried, and what is said of one that could not be done."""

from datetime import timedelta

#: A file that kills its worker each time must end.
ESSAIS_MAX = 5
#: What nobody has done in this time will not be: who asked is told.
ATTENTE_MAX = timedelta(hours=6)
TROP_D_ESSAIS = "Le traitement s’est interrompu plusieurs fois sur ce dossier\u00a0: faites-le depuis sa page."
TROP_D_ATTENTE = "Le traitement n’a pas pu commencer\u00a0: recommencez."
PLUS_LE_ROLE = "Vous n’instruisez plus ce dossier."
