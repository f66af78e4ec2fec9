"""What a label may be, and how many a file may have: pure predicates."""

from rebond.socle.bdd.jumeaux import jumeau_de

LONGUEUR_MAX = 30
PAR_DOSSIER = 10
TROP = f"Un dossier porte au plus {PAR_DOSSIER} étiquettes\u00a0: retirez-en une d’abord."
PAS_LA = "Ce dossier ne porte pas cette étiquette."


@jumeau_de("postgres:etiquettes_en_petit_nombre")
def empechement_d_etiqueter(portees: int) -> str | None:
    """Why one more label may not be put on a file that bears so many; None when it may."""
    return TROP if portees >= PAR_DOSSIER else None


def nette(nom: str) -> str:
    """One line, one space between words."""
    return " ".join(nom.split())
