"""Lengths of time in words."""

from datetime import timedelta

from rebond.socle.texte.typographie import compte


def temps_restant(duree: timedelta) -> str:
    """The two largest units: « 12 jours et 4 heures », « 3 minutes et 10 secondes »; empty when nothing is left."""
    if duree <= timedelta(0):
        return ""
    reste = int(duree.total_seconds())
    if reste == 0:
        return "moins d’une seconde"
    unites = [("jour", 86_400), ("heure", 3_600), ("minute", 60), ("seconde", 1)]
    premiere = next(rang for rang, (_, secondes) in enumerate(unites) if reste >= secondes)
    morceaux = []
    for nom, secondes in unites[premiere : premiere + 2]:
        quantite, reste = divmod(reste, secondes)
        if quantite:
            morceaux.append(compte(quantite, nom))
    return " et ".join(morceaux)
