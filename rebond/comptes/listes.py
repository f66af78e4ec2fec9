"""The list of who holds which role, and what it gives access to."""

from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst

from rebond.comptes.habilitations import a_le_role
from rebond.comptes.regles import POUVOIRS
from rebond.comptes.requetes import a_confirmer_par, a_signer_par
from rebond.socle.listes import Choix, Colonne, Genre, JeuDeFiltres, Liste, Recherche, qui
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import ETATS_VIVANTS, Role
from territoires.models import Habilitation

PERIMETRE = ["region__nom", "departement__nom", "departement__code", "territoire__nom"]


def _cherche(texte: str) -> Q:
    """Every word names the person or their organisation."""
    return reduce(and_, map(_nomme, texte.split()), Q())


def _nomme(mot: str) -> Q:
    return (
        Q(adresse__icontains=mot)
        | Q(utilisateur__email__icontains=mot)
        | Q(utilisateur__nom__unaccent__icontains=mot)
        | Q(utilisateur__prenom__unaccent__icontains=mot)
        | Q(organisme__nom__unaccent__icontains=mot)
    )


class FiltresDesRoles(JeuDeFiltres):
    q = Recherche("Personne ou organisme", _cherche)
    role = Choix("Rôle", [(role.value, role.label.capitalize()) for role in Role], champ="role")
    etat = Choix("État", [(etat.value, capfirst(etat.label)) for etat in ETATS_VIVANTS], champ="etat")
    attente = Choix("Ce qui vous attend", [("signer", "À signer"), ("confirmer", "À confirmer")], tous="Tout")

    def __init__(self, *args: Any, moi: Utilisateur, maintenant: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        if not a_le_role(moi, Role.ADMINISTRATEUR):
            del self.filters["attente"]
            return
        attendent = {"signer": a_signer_par(moi), "confirmer": a_confirmer_par(moi, maintenant)}
        self.filters["attente"].condition = lambda attente: Q(pk__in=attendent[attente].values("pk"))


def _pouvoir(habilitation: Habilitation) -> str:
    return capfirst(POUVOIRS[Role(habilitation.role)])


class ListeDesRoles(Liste):
    modele = Habilitation
    filtres = FiltresDesRoles
    recherche = "Rechercher une personne"
    titre = "Qui a accès à quoi"
    unite = ("rôle", "rôles")
    vide = "Personne n’a de rôle."
    vide_filtree = "Aucun rôle ne répond à cette recherche."
    ordre = ("adresse", "role", "pk")
    objet = "habilitation"
    telechargement = "administration:exporter_les_roles"
    colonnes = (
        Colonne(
            "personne",
            "Personne",
            "titulaire",
            lit=[*qui("utilisateur"), "adresse"],
            cellule="comptes/cellules/personne.html",
            entete=True,
        ),
        Colonne("adresse", "Adresse e-mail", "adresse", page=False),
        Colonne("role", "Rôle", lambda habilitation: capfirst(habilitation.get_role_display()), lit=["role"]),
        Colonne("acces", "Ce qu’il permet", _pouvoir, lit=["role"]),
        Colonne("organisme", "Organisme", "organisme.nom"),
        Colonne("perimetre", "Périmètre", lambda habilitation: capfirst(habilitation.perimetre), lit=PERIMETRE),
        Colonne("etat", "État", lambda habilitation: capfirst(habilitation.etat_dit), lit=["etat"]),
        Colonne("jusqu_au", "Dernier jour", "dernier_jour", Genre.JOUR, lit=["jusqu_au"]),
        Colonne("origine", "Origine", "get_origine_display", page=False),
        Colonne(
            "proposee_par",
            "Donné par",
            lambda habilitation: str(habilitation.proposee_par or ""),
            lit=qui("proposee_par"),
            page=False,
        ),
        Colonne(
            "signee_par",
            "Signé par",
            lambda habilitation: str(habilitation.signee_par or ""),
            lit=qui("signee_par"),
            page=False,
        ),
        Colonne("activee_le", "En vigueur depuis", "activee_le", Genre.INSTANT, page=False),
        Colonne("confirmee_le", "Confirmé le", "confirmee_le", Genre.INSTANT, page=False),
        Colonne("a_confirmer_avant", "À confirmer avant", "a_confirmer_avant", Genre.INSTANT, page=False),
    )
