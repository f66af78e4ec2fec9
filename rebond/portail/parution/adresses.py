"""Which pages are the same for everyone, and made once."""

from dataclasses import dataclass
from functools import cache

from django.urls import reverse

# The portal's, whatever else is served in its place where something is tried apart.
URLS = "rebond.urls"


@dataclass(frozen=True, slots=True)
class Publique:
    """`nom` is a URL name. `lit_la_requete`: what follows « ? » in its address chooses what it shows: it is
    then a page like any other."""

    nom: str
    lit_la_requete: bool = False

    @property
    def est_une_page(self) -> bool:
        """Rather than a file that a page or a programme loads."""
        return reverse(self.nom, urlconf=URLS).endswith("/")


#: Each shows what is published, to whoever asks, and nothing of who they are. The other addresses that anyone may
#: open are somebody's: forms and their keys, what a session or a receipt tells, the visitor's own map of the site; or
#: tell the time.
PUBLIQUES = (
    Publique("accueil"),
    Publique("calendrier", lit_la_requete=True),
    Publique("calendrier_ics"),
    Publique("calendrier_atom"),
    Publique("cahier_des_charges"),
    Publique("laureats"),
    Publique("carte_laureats"),
    Publique("carte_laureats_etroite"),
    Publique("mentions_legales"),
    Publique("donnees_personnelles"),
    Publique("accessibilite"),
    Publique("contact"),
    Publique("contacts_en_region"),
    Publique("questions_frequentes"),
    Publique("exemple_de_dossier"),
)


@cache
def par_chemin() -> dict[str, Publique]:
    return {reverse(publique.nom, urlconf=URLS): publique for publique in PUBLIQUES}
