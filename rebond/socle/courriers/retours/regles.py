"""What a report of delivery says of a letter: pure predicates, and the sentences that people read.

RFC 3464 gives each recipient an action and a status; RFC 3463 what the digits of a status mean: 5.x.x is for good,
4.x.x for now; the second digit says whether the address, the mailbox, the network or the message is at fault.
"""

import re
from datetime import timedelta

from django.db.models import TextChoices

# Of what did not arrive: the status of a success (2.x.x) says nothing of a failure.
STATUT = re.compile(r"\b[45](\.\d{1,3}){2}\b", re.ASCII)
#: How long a server may wait before it says that a letter did not arrive: one that left before has arrived.
DELAI_DE_RETOUR = timedelta(days=3)


class Genre(TextChoices):
    """What became of a letter that left."""

    ADRESSE = "adresse", "L’adresse ne reçoit pas"
    REFUS = "refus", "L’e-mail est refusé"
    PERDU = "perdu", "Le serveur n’a pas répondu"
    RETARD = "retard", "L’e-mail est retardé"


class Source(TextChoices):
    """Who said it."""

    BOITE = "boite", "Boîte des retours"
    PRESTATAIRE = "prestataire", "Prestataire d’envoi"
    SMTP = "smtp", "Serveur d’envoi"


#: The letter did not arrive, and will not.
NON_ARRIVEES = (Genre.ADRESSE, Genre.REFUS, Genre.PERDU)
#: By the last two figures of a status that is for good. Those of the message (5.6.x), of policy (5.7.x) and of size
#: say nothing against the address.
PHRASES = {
    "1.1": "l’adresse n’existe pas",
    "1.2": "ce qui suit «\u00a0@\u00a0» dans l’adresse n’existe pas",
    "1.3": "l’adresse est mal écrite",
    "1.6": "la personne n’est plus à cette adresse",
    "1.10": "l’adresse ne reçoit pas d’e-mail",
    "2.1": "la boîte aux lettres est fermée",
    "2.2": "la boîte aux lettres est pleine",
    "2.3": "l’e-mail est trop lourd pour cette boîte aux lettres",
    "3.4": "l’e-mail est trop lourd pour ce serveur",
    "4.4": "ce qui suit «\u00a0@\u00a0» dans l’adresse n’existe pas",
}
PAR_GENRE = {
    Genre.ADRESSE: "l’adresse ne reçoit pas d’e-mail",
    Genre.REFUS: "le serveur du destinataire l’a refusé",
    Genre.PERDU: "le serveur du destinataire n’a pas répondu",
    Genre.RETARD: "le serveur du destinataire le fait attendre",
}
DE_LA_LETTRE = frozenset({"2.3", "3.4"})


def genre_de(action: str, statut: str) -> Genre | None:
    """What an `Action` and a `Status` of a report mean; None when the letter arrived, or for what is no report."""
    action = action.strip().lower()
    if action == "delayed":
        return Genre.RETARD
    if action != "failed":
        return None
    classe, _, reste = statut.partition(".")
    if classe == "4":
        return Genre.PERDU
    return Genre.REFUS if reste in DE_LA_LETTRE or reste.startswith(("6.", "7.")) else Genre.ADRESSE


def statut_dans(texte: str) -> str:
    """The first enhanced status (RFC 3463) of a failure in a text; empty when there is none."""
    trouve = STATUT.search(texte)
    return trouve[0] if trouve else ""


def statut_de_refus(texte: str) -> str:
    """The same, when it is one of a refusal for good; empty otherwise."""
    statut = statut_dans(texte)
    return statut if statut.startswith("5") else ""


def raison(genre: str, statut: str) -> str:
    """Why, in the words of whoever wrote the letter: « l’adresse n’existe pas »."""
    reste = statut.partition(".")[2]
    connue = PHRASES.get(reste) if genre in (Genre.ADRESSE, Genre.REFUS) else None
    return connue or PAR_GENRE[Genre(genre)]
