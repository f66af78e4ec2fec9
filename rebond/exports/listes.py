"""« Mes exports »."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst

from rebond.exports.models import Export
from rebond.socle.listes import Colonne, Genre, Liste


class ListeDeMesExports(Liste):
    """Each row says its state at `maintenant`."""

    modele = Export
    titre = "Mes exports, le dernier d’abord"
    unite = ("export",)
    vide = "Aucun fichier n’est en préparation, ni prêt."
    ordre = ("-pk",)
    objet = "export"
    colonnes = (
        Colonne(
            "fichier",
            "Fichier",
            "fichier",
            adresse=lambda export: reverse("exports:export", args=[export.pk]),
            entete=True,
        ),
        Colonne(
            "etat",
            "État",
            lambda export: capfirst(export.etat_a(export.maintenant).label),
            lit=["essais", "pret_le", "expire_le", "echoue_le", "annule_le"],
        ),
        Colonne("intitule", "Contenu", "intitule"),
        Colonne(
            "contenance",
            "Taille",
            "contenance",
            lit=["lignes", "fichier", "document__taille"],
            cellule="exports/cellules/contenance.html",
        ),
        Colonne("demande_le", "Demandé le", "demande_le", genre=Genre.INSTANT),
    )

    def __init__(self, *args: Any, maintenant: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.maintenant = maintenant

    def completer(self, lignes: list[Any]) -> list[Any]:
        for export in lignes:
            export.maintenant = self.maintenant
        return lignes
