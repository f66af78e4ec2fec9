"""Lists declared once: what their columns read and show, how they filter and sort, what they write in a file.

    class ListeDesEntreprises(Liste):
        modele = Industriel
        filtres = FiltresDesEntreprises
        colonnes = (
            Colonne("nom", "Raison sociale", "nom", tri=True, entete=True),
            Colonne("siren", "SIREN", "siren", genre=Genre.SIREN),
            Colonne("effectif", "Effectif", "effectif", genre=Genre.NOMBRE, tri=True),
        )
        ...

    liste = ListeDesEntreprises(mission.industriels.retenus(), request.GET)
    return render(request, "projets/mission/industriels.html", {**liste.contexte, "mission": mission})

and, in the template, `{% liste liste %}`; the view of the downloads answers `Extrait(liste, mentions)`, and its
addresses are made by `rebond.exports.adresses.adresses_d_export`.
"""

from rebond.socle.listes.adresses import adresses_de_telechargement
from rebond.socle.listes.colonnes import Colonne, Genre, qui
from rebond.socle.listes.extrait import Extrait
from rebond.socle.listes.filtres import Cas, Choix, JeuDeFiltres, Jour, Recherche, UnParmi
from rebond.socle.listes.liste import Liste
from rebond.socle.listes.tri import rang

__all__ = [
    "Cas",
    "Choix",
    "Colonne",
    "Extrait",
    "Genre",
    "JeuDeFiltres",
    "Jour",
    "Liste",
    "Recherche",
    "UnParmi",
    "adresses_de_telechargement",
    "qui",
    "rang",
]
