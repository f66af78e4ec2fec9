"""What keeps a release from being frozen."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from projets.publication.regles import MOTIF_MOTS, MOTIF_SIGNES
from rebond.socle.texte.typographie import INSECABLE, date_fr

MOTIF_TROP_COURT = (
    "Le motif figure en tête du rectificatif : dites en une phrase ce qui a changé, par exemple "
    f"«{INSECABLE}Un projet recensé en juin avait été oublié.{INSECABLE}»"
)
# RFC 2606, 6761, 6762 and 9476: names that nobody can reach from elsewhere.
DOMAINES_RESERVES = ("example", "invalid", "test", "localhost", "local", "internal", "lan", "home", "arpa")
EXEMPLES = re.compile(r"(?:^|\.)example(?:\.(?:com|net|org))?$")
COURRIEL = re.compile(r"[^\s@:<>()]+@([^\s@:<>(),;]+)")
TELEPHONE = re.compile(r"(?:\+?\d[\s.\u00a0\u202f-]*){9,}")
A_REMPLIR = re.compile(r"\[[^\]]*\]|à renseigner|à compléter|\bxx+\b", re.IGNORECASE)


def motif_suffisant(motif: str) -> bool:
    """Whether the reason of a rectificatif says something: a few words, not « x »."""
    mots = re.findall(r"\w{2,}", motif)
    return len(motif.strip()) >= MOTIF_SIGNES and len(mots) >= MOTIF_MOTS


def hote_joignable(hote: str, *, demonstration: bool) -> bool:
    """Whether a reader elsewhere can reach this host: no private address, no reserved name.

    In a demonstration invented names (`.example`) are what they should be.
    """
    try:
        return ip_address(hote).is_global
    except ValueError:
        domaine = hote.rstrip(".").lower()
    if EXEMPLES.search(domaine):
        return demonstration
    return "." in domaine and domaine.rpartition(".")[2] not in DOMAINES_RESERVES


def contact_joignable(contact: str, *, demonstration: bool) -> bool:
    """Whether a journalist can write or call: no placeholder, and an e-mail address or a telephone number."""
    if A_REMPLIR.search(contact):
        return False
    domaines = COURRIEL.findall(contact)
    if domaines:
        return all(hote_joignable(domaine.rstrip("."), demonstration=demonstration) for domaine in domaines)
    return TELEPHONE.search(contact) is not None


def adresses_injoignables(textes: Iterable[str], *, demonstration: bool) -> list[str]:
    """The web addresses of these texts that lead nowhere outside, each once."""
    adresses = (adresse.rstrip(".,;") for texte in textes for adresse in re.findall(r"https?://[^\s»)]+", texte))
    return [
        adresse
        for adresse in dict.fromkeys(adresses)
        if not hote_joignable(urlsplit(adresse).hostname or "", demonstration=demonstration)
    ]


def refus_de_figer(
    *,
    au: date,
    aujourd_hui: date,
    laureats: int,
    textes: Iterable[str],
    contacts: Sequence[str],
    sans_feuille: Sequence[str],
    demonstration: bool,
) -> Iterator[str]:
    """All that keeps a press release from being frozen, each in a sentence; nothing when it may be.

    `textes` is what it prints, `sans_feuille` the titles of the restituted missions whose roadmap is empty.
    """
    if au >= aujourd_hui:
        yield (
            f"La journée du {date_fr(au)} n’est pas finie{INSECABLE}: ses chiffres peuvent encore changer. Arrêtez "
            f"les chiffres au {date_fr(aujourd_hui - timedelta(days=1))}, ou revenez demain."
        )
    if not laureats:
        yield f"Aucun territoire lauréat n’était annoncé à cette date{INSECABLE}: il n’y a rien à publier."
    for contact in contacts:
        if not contact_joignable(contact, demonstration=demonstration):
            yield (
                f"Le contact presse «{INSECABLE}{contact}{INSECABLE}» ne permet de joindre personne{INSECABLE}: "
                "l’exploitant du portail doit y mettre un service, avec un téléphone ou une adresse e-mail."
            )
    for adresse in adresses_injoignables(textes, demonstration=demonstration):
        yield (
            f"L’adresse {adresse}, imprimée dans le texte, n’est pas celle d’un site public{INSECABLE}: l’exploitant "
            "du portail doit renseigner l’adresse du dépôt en ligne."
        )
    for titre in sans_feuille:
        yield (
            f"La feuille de route de «{INSECABLE}{titre}{INSECABLE}» est vide, alors que le communiqué dit que chaque "
            f"mission en apporte une{INSECABLE}: l’équipe de la mission doit d’abord en écrire les axes."
        )
