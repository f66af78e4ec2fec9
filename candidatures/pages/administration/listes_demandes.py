"""The list of those who do not find their intercommunalité."""

from django.db.models import F, Q
from django.urls import reverse

from candidatures.demandes.models import DemandeDEpci
from rebond.socle.listes import Cas, Colonne, Genre, JeuDeFiltres, Liste


class FiltresDesDemandes(JeuDeFiltres):
    reponse = Cas(
        "Réponse",
        {"a_traiter": ("À traiter", Q(repondue_le=None)), "faite": ("Envoyée", Q(repondue_le__isnull=False))},
    )


class ListeDesDemandes(Liste):
    modele = DemandeDEpci
    filtres = FiltresDesDemandes
    recherche = "Choisir des demandes"
    unite = ("demande", "demandes")
    vide_filtree = "Aucune demande ne correspond."
    titre = "Demandes, celles qui attendent une réponse d’abord"
    vide = "Personne n’a signalé d’intercommunalité introuvable."
    par_page = 20
    ordre = (F("repondue_le").asc(nulls_first=True), "pk")
    objet = "demande"
    colonnes = (
        Colonne(
            "collectivite",
            "Intercommunalité",
            "collectivite",
            adresse=lambda lue: reverse("administration:demande", args=[lue.pk]),
            entete=True,
        ),
        Colonne("situation", "Ce que la personne en sait", "get_situation_display"),
        Colonne("nom", "Demandée par", "nom"),
        Colonne("recue_le", "Reçue le", "recue_le", genre=Genre.INSTANT_PRECIS),
        Colonne("vague", "Vague ouverte alors", "vague.numero", vide="Aucune"),
        Colonne("repondue_le", "Réponse", "repondue_le", genre=Genre.INSTANT, vide="À traiter"),
    )
