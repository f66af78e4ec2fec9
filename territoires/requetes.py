"""What is read of territories."""

from territoires.models import Epci, Territoire


def nom_par_defaut(membres: list[Epci]) -> str:
    """« CA de Cambrai et CA du Caudrésis et du Catésis »; beyond two, the first and how many others."""
    noms = [epci.nom for epci in membres]
    if len(noms) > 2:
        return f"{noms[0]} et {len(noms) - 1} autres intercommunalités"[:160]
    return " et ".join(noms)[:160]


def nom_choisi(territoire: Territoire) -> str:
    """The name that people gave to `territoire`; empty when it only bears those of its members."""
    par_defaut = nom_par_defaut(sorted(territoire.epcis.all(), key=lambda epci: -epci.population))
    return "" if territoire.nom == par_defaut else territoire.nom
