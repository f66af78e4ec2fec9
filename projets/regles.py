"""What is allowed in a mission: pure predicates shared by actions, views, forms and templates."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from projets.etats import TRANSITIONS_PROJET, EtatMission, EtatProjet, Voie
from rebond.socle.typographie import INSECABLE, compte, date_fr, euros

# Acts on a project that need nothing but their name, in the order of its life.
ACTES_SIMPLES = ("qualifier", "deposer_demande", "refuser", "engager", "realiser")
# With the one that also asks when and why.
ACTES = (*ACTES_SIMPLES, "abandonner")

# The call is of 2022, and no roadmap looks further: a day outside is a slip of the finger.
PREMIER_JOUR = date(2020, 1, 1)
DERNIER_JOUR = date(2060, 12, 31)
# How far ahead a mission starts or an envelope opens.
A_L_AVANCE = timedelta(days=366)
UN_AN_A_L_AVANCE = "Cette date est à plus d’un an d’ici\u00a0: vérifiez l’année."

# Once the mission is closed, what it gathered is history.
ETAPES_OUVERTES = frozenset(EtatMission) - {EtatMission.A_LANCER, EtatMission.CLOSE}

# A reason that tells readers something: « Un projet oublié ». Postgres holds the same (`communique_figeable`).
MOTIF_SIGNES, MOTIF_MOTS = 15, 3
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


def etape_suivante(etat: str) -> EtatMission | None:
    """The step that follows; None at the end."""
    etapes = list(EtatMission)
    rang = etapes.index(EtatMission(etat)) + 1
    return etapes[rang] if rang < len(etapes) else None


def peut_prendre_en_charge(etat: str) -> bool:
    """A mission waits for its team until it is launched."""
    return etat == EtatMission.A_LANCER


def peut_avancer(etat: str) -> bool:
    """Whether the team may take the mission to the next step; the first one is taken with its charge."""
    return etat != EtatMission.A_LANCER and etape_suivante(etat) is not None


def mission_ouverte(etat: str) -> bool:
    """Whether companies, projects, envelopes and the roadmap may change: launched, and not closed yet."""
    return etat in ETAPES_OUVERTES


def peut_orienter(etat: str) -> bool:
    return TRANSITIONS_PROJET.permet("orienter", etat)


def peut_accorder(etat: str, voie: str) -> bool:
    """A grant goes to a project that was sent to the envelope and has no answer yet."""
    return voie == Voie.ENVELOPPE and TRANSITIONS_PROJET.permet("accorder", etat)


def empechement_d_annuler_un_projet(*, annule: bool, aide: bool, liberee: bool) -> str | None:
    """Why this project may not be declared a mistake of entry, in a sentence; None when it may.

    `aide`: it has or had one. The freed one too stays in the figures of the days at which it had it.
    """
    if annule:
        return "Ce projet est déjà annulé."
    if aide:
        suite = "" if liberee else " Notez plutôt son abandon, qui la libère."
        return f"Une aide a été accordée à ce projet\u00a0: il a existé.{suite}"
    return None


def empechement_d_annuler_un_industriel(*, annule: bool, projets: int) -> str | None:
    """Why this company may not be declared a mistake of entry; `projets` are those that it still carries."""
    if annule:
        return "Cette entreprise est déjà annulée."
    if projets:
        return (
            f"Cette entreprise porte {compte(projets, 'projet')}\u00a0: annulez-les d’abord, ou corrigez l’entreprise."
        )
    return None


def aide_excessive(montant: int, investissement: int | None) -> str | None:
    """Why a grant of `montant` may not go to a project of this investment (whole euros)."""
    if investissement is not None and montant > investissement:
        return f"Le projet prévoit {euros(investissement)} d’investissement\u00a0: l’aide ne peut pas le dépasser."
    return None


def actes_possibles(etat: str) -> list[str]:
    """Those of `ACTES` that a project in this state may go through."""
    return [acte for acte in ACTES if TRANSITIONS_PROJET.permet(acte, EtatProjet(etat))]


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
            f"La journée du {date_fr(au)} n’est pas finie{INSECABLE}: ses chiffres peuvent encore changer. Figez les "
            f"chiffres au {date_fr(aujourd_hui - timedelta(days=1))}, ou revenez demain."
        )
    if not laureats:
        yield f"Aucun territoire lauréat n’était annoncé à cette date{INSECABLE}: il n’y a rien à publier."
    for contact in contacts:
        if not contact_joignable(contact, demonstration=demonstration):
            yield (
                f"Le contact presse «{INSECABLE}{contact}{INSECABLE}» ne permet de joindre personne{INSECABLE}: "
                "l’exploitant du portail doit y mettre un service, avec un téléphone ou une adresse électronique."
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
