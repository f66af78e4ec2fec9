"""The main menu: what this person may open, and nothing else."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from rebond.comptes.habilitations import Personne, a_le_role, est_sans_role
from territoires.etats import Role


@dataclass(frozen=True)
class Lien:
    """`nom` is a URL name. Without `roles`: for everyone who signed in, but whoever holds roles of `sans` alone, who
    would never find anything there."""

    libelle: str
    nom: str
    roles: tuple[Role, ...] = ()
    sans: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Entree:
    """A line of `composants/en_tete.html`."""

    libelle: str
    url: str
    actif: bool


# For everyone; the home page first.
PUBLICS = (("Accueil", "accueil"), ("Dates de dépôt", "calendrier"), ("Lauréats", "laureats"))
LIENS = (
    Lien("Tableau de bord", "tableau_de_bord"),
    Lien("Mes dossiers", "candidatures:liste"),
    Lien("Missions", "projets:liste", sans=frozenset({Role.EXPERT, Role.COMITE, Role.PRESSE, Role.AUDITEUR})),
    Lien("Instruction", "instruction:vagues", (Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR)),
    Lien("Avis demandés", "instruction:avis", (Role.EXPERT,)),
    Lien("Presse", "presse:accueil", (Role.PRESSE,)),
    Lien("Vagues", "administration:calendrier", (Role.ADMINISTRATEUR,)),
    Lien("Clôtures", "administration:clotures", (Role.ADMINISTRATEUR,)),
    Lien("Collectivités", "administration:rattachements", (Role.ADMINISTRATEUR,)),
    Lien("Rôles", "administration:roles", (Role.ADMINISTRATEUR, Role.AUDITEUR)),
    Lien("E-mails", "courriers", (Role.ADMINISTRATEUR,)),
    Lien("Journal", "journal", (Role.AUDITEUR,)),
    Lien("Accès", "acces", (Role.ADMINISTRATEUR, Role.AUDITEUR)),
)


def menu_propre(request: HttpRequest) -> list[Entree]:
    """What follows the entries of everyone."""
    return menu(request)[len(PUBLICS) :]


def menu(request: HttpRequest) -> list[Entree]:
    """One query for whoever has signed in, none for the others. Active: the entry that the page is under."""
    personne = getattr(request, "user", None)
    liens = [(libelle, reverse(nom)) for libelle, nom in PUBLICS]
    if personne is not None and personne.is_authenticated:
        liens += [(lien.libelle, reverse(lien.nom)) for lien in LIENS if _mene_quelque_part(lien, personne)]
    actif = _le_plus_proche(request.path, [url for _, url in liens])
    return [Entree(libelle, url, url == actif) for libelle, url in liens]


def _mene_quelque_part(lien: Lien, personne: Personne) -> bool:
    if lien.roles:
        return a_le_role(personne, *lien.roles)
    autres = [role for role in Role if role not in lien.sans]
    return est_sans_role(personne) or a_le_role(personne, *autres)


def _le_plus_proche(chemin: str, urls: list[str]) -> str:
    """« /instruction/avis/ » rather than « /instruction/ »; the home page only for itself."""
    accueil, *autres = urls
    parents = [url for url in autres if chemin.startswith(url)]
    return max(parents, key=len, default=accueil if chemin == accueil else "")
