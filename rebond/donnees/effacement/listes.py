"""The list of erasures."""

from django.urls import reverse

from rebond.socle.documents.effacements import EffacementDeDocument
from rebond.socle.listes import Colonne, Genre, Liste
from rebond.socle.listes.colonnes import qui


class ListeDesEffacements(Liste):
    modele = EffacementDeDocument
    titre = "Effacements de documents"
    vide = "Aucun effacement n’a été demandé."
    ordre = ("-pk",)
    colonnes = (
        Colonne(
            "empreinte",
            "Document",
            lambda lu: f"{lu.document.sha256[:16]}…",
            lit=["document__sha256"],
            adresse=lambda lu: reverse("effacement", args=[lu.pk]),
            entete=True,
        ),
        Colonne("motif", "Raison", "motif"),
        Colonne("demande_par", "Demandé par", lambda lu: str(lu.demande_par), lit=qui("demande_par")),
        Colonne("demande_le", "Demandé le", "demande_le", genre=Genre.INSTANT),
        Colonne("signe_le", "Effacé le", "signe_le", genre=Genre.INSTANT),
    )
