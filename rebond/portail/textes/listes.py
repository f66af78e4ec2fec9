"""The versions of a text, the last one first."""

from django.urls import reverse

from rebond.portail.textes.models import VersionDeTexte
from rebond.socle.listes import Colonne, Genre, Liste
from rebond.socle.listes.colonnes import qui


class ListeDesVersionsDuTexte(Liste):
    modele = VersionDeTexte
    titre = "Versions publiées, de la plus récente à la plus ancienne\u00a0: c’est la plus récente qui se lit"
    titre_masque = False
    vide = "Rien n’a été changé\u00a0: la page dit ce qu’elle disait à l’installation du portail."
    ordre = ("-version",)
    colonnes = (
        Colonne(
            "version",
            "Version",
            lambda lue: f"Version {lue.version}",
            lit=["version", "page"],
            adresse=lambda lue: reverse("version_de_texte", args=[lue.page, lue.version]),
            entete=True,
        ),
        Colonne("ecrite_le", "Publiée le", "ecrite_le", genre=Genre.INSTANT),
        Colonne("auteur", "Par", lambda lue: str(lue.auteur), lit=qui("auteur")),
        Colonne("commentaire", "Ce qui change", "commentaire"),
    )
