"""The releases that were frozen."""

from projets.publication.models import Communique
from rebond.socle.listes import Colonne, Genre, Liste


class ListeDesCommuniques(Liste):
    """Rows come with `contredit_le` (`pour_liste`)."""

    modele = Communique
    titre = "Communiqués figés, du plus récent au plus ancien"
    titre_masque = False
    vide = "Aucun communiqué n’a encore été figé."
    par_page = 50
    ordre = ("-au", "-version")
    objet = "fige"
    colonnes = (
        Colonne(
            "au", "Chiffres au", "au", lit=["version"], cellule="projets/presse/cellules/communique.html", entete=True
        ),
        Colonne("version", "Version", lambda fige: str(fige.version), lit=["version"]),
        Colonne("fige_le", "Figé le", "fige_le", genre=Genre.INSTANT),
        Colonne("motif", "Motif du rectificatif", "motif"),
    )
