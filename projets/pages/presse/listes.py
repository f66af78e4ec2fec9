"""The releases that were frozen."""

from django.db.models import Q

from projets.publication.models import Communique
from rebond.socle.listes import Cas, Colonne, Genre, JeuDeFiltres, Liste


class FiltresDesCommuniques(JeuDeFiltres):
    """Of releases that come with `contredit_le`."""

    situation = Cas(
        "Situation",
        {
            "contredits": ("Contredits par les données", Q(contredit_le__isnull=False)),
            "conformes": ("Conformes, ou corrigés", Q(contredit_le=None)),
        },
    )


class ListeDesCommuniques(Liste):
    """Rows come with `contredit_le` (`pour_liste`)."""

    modele = Communique
    filtres = FiltresDesCommuniques
    recherche = "Choisir des textes"
    unite = ("texte", "textes")
    titre = "Textes arrêtés, du plus récent au plus ancien"
    titre_masque = False
    vide = "Aucun texte n’a encore été arrêté."
    vide_filtree = "Aucun texte ne correspond."
    vide_mene_a = ("Voir les territoires lauréats", "laureats")
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
