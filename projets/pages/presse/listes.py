"""The releases that were frozen."""

from projets.publication.models import Communique
from rebond.socle.listes import Colonne, Genre, Liste


class ListeDesCommuniques(Liste):
    """Rows come with `contredit_le` (`pour_liste`)."""

    modele = Communique
    titre = "Textes arrêtés, du plus récent au plus ancien"
    titre_masque = False
    vide = "Aucun texte n’a encore été arrêté."
    par_page = 50
    ordre = ("-au", "-version")
    objet = "fige"
    colonnes = (
        Colonne(
            "au", "Chiffres au", "au", lit=["version"], cellule="projets/presse/cellules/communique.html", entete=True
        ),
        Colonne("version", "Version", lambda fige: str(fige.version), lit=["version"]),
        Colonne("fige_le", "Arrêté le", "fige_le", genre=Genre.INSTANT),
        Colonne("motif", "Raison de la correction", "motif"),
    )
