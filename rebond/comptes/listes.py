"""The list of who holds which role."""

from functools import reduce
from operator import and_

from django.db.models import Q
from django.utils.text import capfirst

from rebond.socle.listes import Choix, Colonne, JeuDeFiltres, Liste, Recherche, qui
from rebond.socle.texte.noms import par_nom
from territoires.etats import Role
from territoires.models import Habilitation


def _cherche(texte: str) -> Q:
    """Every word names the person or their organisation."""
    return reduce(and_, map(_nomme, texte.split()), Q())


def _nomme(mot: str) -> Q:
    return (
        Q(utilisateur__email__icontains=mot)
        | Q(utilisateur__nom__unaccent__icontains=mot)
        | Q(utilisateur__prenom__unaccent__icontains=mot)
        | Q(organisme__nom__unaccent__icontains=mot)
    )


class FiltresDesRoles(JeuDeFiltres):
    q = Recherche("Personne ou organisme", _cherche)
    role = Choix("Rôle", [(role.value, role.label.capitalize()) for role in Role], champ="role")


class ListeDesRoles(Liste):
    modele = Habilitation
    filtres = FiltresDesRoles
    recherche = "Rechercher une personne"
    titre = "Rôles tenus"
    unite = ("rôle tenu", "rôles tenus")
    vide = ""
    ordre = (*par_nom("utilisateur__"), "role", "pk")
    objet = "habilitation"
    colonnes = (
        Colonne(
            "personne",
            "Personne",
            lambda habilitation: str(habilitation.utilisateur),
            lit=qui("utilisateur"),
            cellule="comptes/cellules/personne.html",
            entete=True,
        ),
        Colonne("role", "Rôle", lambda habilitation: capfirst(habilitation.get_role_display()), lit=["role"]),
        Colonne("organisme", "Organisme", "organisme.nom"),
        Colonne(
            "perimetre",
            "Périmètre",
            lambda habilitation: capfirst(habilitation.perimetre),
            lit=["region__nom", "departement__nom", "departement__code", "territoire__nom"],
        ),
        Colonne("retirer", "Action", cellule="comptes/cellules/retirer.html", fichier=False),
    )
