"""The twenty main pages of the portal, each as its reader comes to it in the demonstration."""

from dataclasses import dataclass

PUBLIC = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """`fichier` names the image; `compte` opens it (`PUBLIC`: nobody). From the page `depart`, each of `liens` is
    followed in turn: a pattern of the address of the first link of the content that matches it."""

    fichier: str
    titre: str
    compte: str
    depart: str
    liens: tuple[str, ...] = ()


DOSSIER = r"^/candidatures/\d+/$"
VAGUE = r"^/instruction/vagues/\d+/$"
RUBRIQUE = r"/rubriques/entreprises/$"
A_INSTRUIRE = r"^/instruction/dossiers/\d+/$"
MISSION = r"^/missions/\d+/$"

CAPTURES = (
    Capture("accueil", "Accueil", PUBLIC, "/"),
    Capture("calendrier", "Dates de dépôt", PUBLIC, "/calendrier/"),
    Capture("cahier", "Ce qu’on vous demandera", PUBLIC, "/cahier-des-charges/"),
    Capture("laureats", "Territoires lauréats", PUBLIC, "/territoires-laureats/"),
    Capture("inscription", "Créer un compte", PUBLIC, "/compte/signup/"),
    Capture("dossiers", "Mes dossiers", "porteur", "/candidatures/"),
    Capture("brouillon", "Un dossier à écrire", "co-porteur", "/candidatures/", (DOSSIER,)),
    Capture("rubrique", "Une rubrique du dossier", "co-porteur", "/candidatures/", (DOSSIER, RUBRIQUE)),
    Capture("groupement", "Le groupement", "co-porteur", "/candidatures/", (DOSSIER, r"/groupement/$")),
    Capture("pieces", "Les pièces jointes", "co-porteur", "/candidatures/", (DOSSIER, r"/pieces/$")),
    Capture("lecture", "Lire le dossier", "co-porteur", "/candidatures/", (DOSSIER, r"/lire/$")),
    Capture("bord-agent", "Tableau de bord d’un agent", "administrateur", "/tableau-de-bord/"),
    Capture("vague", "Les dossiers d’une vague", "instructeur", "/instruction/", (VAGUE,)),
    Capture(
        "instruction",
        "Un dossier à instruire",
        "instructeur",
        "/instruction/",
        (VAGUE, A_INSTRUIRE),
    ),
    Capture("decisions", "Les décisions d’une vague", "valideur", "/instruction/", (VAGUE, r"/decisions/$")),
    Capture("mission", "Une mission", "charge-mission", "/missions/", (MISSION,)),
    Capture("projets", "Le portefeuille de projets", "charge-mission", "/missions/", (MISSION, r"/projets/$")),
    Capture("enveloppe", "L’enveloppe d’aides", "gestionnaire", "/missions/", (MISSION, r"/enveloppe/$")),
    Capture("presse", "Espace presse", "presse", "/presse/"),
    Capture("roles", "Les rôles", "administrateur", "/administration/roles/"),
)
