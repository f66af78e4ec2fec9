"""The journal of accesses as a list: by person, by object, by day."""

from datetime import date

from django.db.models import Q

from rebond.socle.horloge.temps import debut_de_journee, fin_de_journee
from rebond.socle.journal.acces import Acces
from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.listes import Choix, Colonne, Genre, JeuDeFiltres, Jour, Liste, Recherche
from territoires.etats import Role


def _depuis(jour: date) -> Q:
    return Q(instant__gte=debut_de_journee(jour))


def _jusqu_au(jour: date) -> Q:
    return Q(instant__lt=fin_de_journee(jour))


class FiltresDesAcces(JeuDeFiltres):
    personne = Recherche("Personne (adresse)", lambda texte: Q(personne__icontains=texte))
    objet = Recherche(
        "Document ou page", lambda texte: Q(objet__unaccent__icontains=texte) | Q(chemin__icontains=texte)
    )
    nature = Choix("Accès", NatureAcces.choices, champ="nature")
    adresse = Recherche("Adresse IP", lambda texte: Q(adresse__startswith=texte))
    du = Jour("À partir du", _depuis)
    au = Jour("Jusqu’au", _jusqu_au)


def _roles(acces: Acces) -> str:
    return ", ".join(Role(role).label if role in Role.values else role for role in acces.roles.split(", ") if role)


class ListeDesAcces(Liste):
    modele = Acces
    cles_d_abord = True
    filtres = FiltresDesAcces
    recherche = "Rechercher un accès"
    titre = "Accès, le dernier d’abord"
    unite = ("accès", "accès")
    vide = "Aucun accès ne correspond."
    vide_mene_a = ("Voir qui a accès à quoi", "administration:roles")
    par_page = 50
    ordre = ("-pk",)
    objet = "acces"
    telechargement = "acces"
    colonnes = (
        Colonne("instant", "Instant", "instant", genre=Genre.INSTANT_PRECIS, entete=True),
        Colonne("nature", "Accès", "get_nature_display"),
        Colonne("personne", "Personne", "personne"),
        Colonne("roles", "Rôle employé", _roles, lit=["roles"]),
        Colonne("objet", "Objet", "objet"),
        Colonne("chemin", "Page", "chemin"),
        Colonne("adresse", "Adresse IP", "adresse"),
        Colonne("navigateur", "Navigateur", "navigateur", page=False),
    )
