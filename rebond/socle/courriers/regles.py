"""How many letters one person may have the portal send to addresses of their choice."""

from rebond.socle.bdd.jumeaux import jumeau_de

# In the last twenty-four hours. A grouping of eleven authorities invites two people of each in a day.
LETTRES_PAR_JOUR = 25
TROP_DE_LETTRES = (
    f"Le portail envoie pour vous au plus {LETTRES_PAR_JOUR} lettres par jour, invitations et renvois compris\u00a0: "
    "attendez demain pour les suivantes. Rien de ce que vous avez saisi n’est perdu."
)


@jumeau_de("postgres:courrier_lettres_par_jour")
def empechement_d_ecrire_encore(ecrites: int) -> str | None:
    """Why no other letter leaves for someone who had `ecrites` sent in the last twenty-four hours; None when one "
    "may."""
    return None if ecrites < LETTRES_PAR_JOUR else TROP_DE_LETTRES
