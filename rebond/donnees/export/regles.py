"""What keeps an export from being asked for: a sentence, or None."""

from datetime import datetime, timedelta

DELAI = timedelta(hours=24)
MOTIF_REQUIS = "Dites comment cette personne l’a demandé, et comment vous savez que c’est elle."
SANS_ADRESSE = (
    "L’adresse de ce compte n’est pas vérifiée : rien ne dit que ces données arriveraient à la bonne personne."
)


def empechement_de_demander(*, en_cours: bool, dernier_pret_le: datetime | None, maintenant: datetime) -> str | None:
    """One at a time, and one a day: each reads every table."""
    if en_cours:
        return "Vos données sont en préparation\u00a0: un e-mail vous préviendra dès qu’elles seront prêtes."
    if dernier_pret_le is not None and maintenant - dernier_pret_le < DELAI:
        return "Vos données ont été préparées il y a moins de 24 heures\u00a0: vous pourrez les redemander demain."
    return None
