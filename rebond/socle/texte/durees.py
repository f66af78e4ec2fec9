"""Lengths of time in words."""

from datetime import timedelta

from rebond.socle.texte.typographie import compte

UNITES = (("jour", 86_400), ("heure", 3_600), ("minute", 60), ("seconde", 1))


def temps_restant(duree: timedelta) -> str:
    """The two largest units: « 12 jours et 4 heures », « 3 minutes et 10 secondes »; empty when nothing is left."""
    if duree <= timedelta(0):
        return ""
    reste = int(duree.total_seconds())
    if reste == 0:
        return "moins d’une seconde"
    premiere = next(rang for rang, (_, secondes) in enumerate(UNITES) if reste >= secondes)
    morceaux = []
    for nom, secondes in UNITES[premiere : premiere + 2]:
        quantite, reste = divmod(reste, secondes)
        if quantite:
            morceaux.append(compte(quantite, nom))
    return " et ".join(morceaux)


def change_dans(duree: timedelta) -> timedelta:
    """In how long a countdown that has `duree` left, more than nothing, says something else (`temps_restant`)."""
    secondes = duree // timedelta(seconds=1)
    if secondes == 0:
        return duree
    premiere = next(rang for rang, (_, taille) in enumerate(UNITES) if secondes >= taille)
    _, pas = UNITES[min(premiere + 1, len(UNITES) - 1)]
    return duree - timedelta(seconds=secondes // pas * pas) + timedelta(microseconds=1)
