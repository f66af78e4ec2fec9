"""Lengths of time in words."""

from datetime import timedelta

from rebond.socle.texte.typographie import compte

UNITES = (("jour", 86_400), ("heure", 3_600), ("minute", 60), ("seconde", 1))
#: From so many days on, nobody counts hours; `static/rebond/echeance.js` knows it too.
JOURS_SANS_HEURES = 3


def temps_restant(duree: timedelta) -> str:
    """The two largest units: « 2 jours et 4 heures », « 3 minutes et 10 secondes », but « 12 jours »; empty when
    nothing is left.
    """
    if duree <= timedelta(0):
        return ""
    reste = int(duree.total_seconds())
    if reste == 0:
        return "moins d’une seconde"
    morceaux = []
    for nom, secondes in _unites_dites(reste):
        quantite, reste = divmod(reste, secondes)
        if quantite:
            morceaux.append(compte(quantite, nom))
    return " et ".join(morceaux)


def change_dans(duree: timedelta) -> timedelta:
    """In how long a countdown that has `duree` left, more than nothing, says something else (`temps_restant`)."""
    secondes = duree // timedelta(seconds=1)
    if secondes == 0:
        return duree
    _, pas = _unites_dites(secondes)[-1]
    return duree - timedelta(seconds=secondes // pas * pas) + timedelta(microseconds=1)


def _unites_dites(secondes: int) -> tuple[tuple[str, int], ...]:
    """The units in which so many seconds, one at least, are told."""
    premiere = next(rang for rang, (_, taille) in enumerate(UNITES) if secondes >= taille)
    jours = secondes // UNITES[0][1]
    return UNITES[premiere : premiere + (1 if jours >= JOURS_SANS_HEURES else 2)]
