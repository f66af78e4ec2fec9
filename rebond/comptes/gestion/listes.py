"""The list of accounts."""

from rebond.comptes.requetes import nomme
from rebond.socle.listes import Choix, Colonne, Genre, JeuDeFiltres, Liste, Recherche
from rebond.socle.texte.noms import par_nom
from rebond.socle.utilisateur import Utilisateur


class FiltresDesComptes(JeuDeFiltres):
    q = Recherche("Personne", nomme)
    actif = Choix("Compte", [("True", "Ouvert"), ("False", "Désactivé")], champ="is_active")


class ListeDesComptes(Liste):
    modele = Utilisateur
    cles_d_abord = True
    filtres = FiltresDesComptes
    recherche = "Rechercher une personne"
    titre = "Comptes"
    unite = ("compte", "comptes")
    vide = "Aucun compte."
    ordre = (*par_nom(""), "pk")
    objet = "compte"
    colonnes = (
        Colonne(
            "personne", "Personne", str, lit=["nom", "prenom", "email"], cellule="gestion/personne.html", entete=True
        ),
        Colonne("etat", "Compte", lambda compte: "Ouvert" if compte.is_active else "Désactivé", lit=["is_active"]),
        Colonne("cree_le", "Créé le", "cree_le", genre=Genre.INSTANT),
    )
