"""What the projects of a mission are searched by."""

from django.db.models import Q

from projets.mission.filtres import FiltresDUneMission, cherche_industriel
from projets.portefeuille.etats import EtatProjet, NatureProjet
from rebond.socle.listes import Cas, Choix, Recherche, UnParmi
from territoires.models import Epci


def cherche_projet(texte: str) -> Q:
    return Q(intitule__unaccent__icontains=texte) | cherche_industriel(texte, "industriel__")


class FiltresDesProjets(FiltresDUneMission):
    largeurs = {"q": 8}

    q = Recherche("Projet, industriel ou SIREN", cherche_projet)
    epci = UnParmi("Intercommunalité", Epci.objects.none(), champ="epci")
    nature = Choix("Nature", NatureProjet.choices, champ="nature", tous="Toutes")
    etat = Choix("État", EtatProjet.choices, champ="etat")
    structurant = Cas(
        "Projets structurants",
        {"oui": ("Structurants", Q(structurant=True)), "non": ("Autres", Q(structurant=False))},
    )
