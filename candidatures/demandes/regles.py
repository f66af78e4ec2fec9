"""When a request may be answered, and how an authority that no vintage knows is entered."""

from datetime import datetime

from rebond.socle.texte.typographie import instant_fr

DEJA_REPONDUE = "Cette demande a déjà sa réponse."
SANS_SOURCE = "Dites d’où vient cette intercommunalité\u00a0: l’arrêté, sa date, ou la page officielle."
SIREN_FICTIF = "Ce numéro SIREN est réservé aux données de démonstration\u00a0: saisissez le vrai numéro."
EPCI_CONNUE = "Ce numéro SIREN est celui d’une intercommunalité du référentiel\u00a0: choisissez-la plutôt."


def motif_de_prolongation(collectivite: str, recue_le: datetime) -> str:
    """What an administrateur may propose; nobody is given time without two signatures."""
    return (
        f"Le portail ne proposait pas «\u00a0{collectivite}\u00a0». Une personne de cette collectivité l’a signalé le "
        f"{instant_fr(recue_le, secondes=True)} (heure de Paris), avant l’échéance."
    )
