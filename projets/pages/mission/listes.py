"""The lists of missions: what their columns read and show."""

from django.db.models import Prefetch
from django.urls import reverse

from candidatures.labellisation.models import Labellisation
from projets.mission.filtres import FiltresDesIndustriels, FiltresDesMissions
from projets.mission.models import Industriel, Mission
from projets.portefeuille.filtres import FiltresDesProjets
from projets.portefeuille.models import Projet
from projets.rapport.models import Rapport
from rebond.socle.listes import Colonne, Genre, Liste


def _laureats() -> list[Prefetch]:
    laureats = Labellisation.objects.select_related("territoire__region_pilote")
    return [
        Prefetch(
            "labellisations", laureats.only("territoire__nom", "territoire__suite", "territoire__region_pilote__nom")
        )
    ]


class ListeDesMissions(Liste):
    modele = Mission
    filtres = FiltresDesMissions
    recherche = "Rechercher une mission"
    titre = "Missions"
    pages = "les pages de missions"
    unite = ("mission",)
    vide = (
        "Aucune mission ne vous est ouverte pour le moment. Celle d’un territoire lauréat apparaît ici dès l’annonce "
        "des résultats."
    )
    vide_filtree = "Aucune mission ne correspond à votre recherche."
    vide_mene_a = ("Voir les territoires lauréats", "laureats")
    tri_par_defaut = "-debut"
    objet = "mission"
    fictive = "demonstration"
    colonnes = (
        Colonne(
            "titre",
            "Mission",
            "titre",
            tri=True,
            lit=["demonstration"],
            cellule="projets/mission/cellules/mission.html",
            entete=True,
        ),
        Colonne(
            "territoires", "Territoires", precharge=_laureats, cellule="projets/mission/cellules/territoires.html"
        ),
        Colonne("etape", "Étape", "get_etat_display", tri=True, cellule="projets/mission/_etape.html"),
        Colonne("debut", "Début", "debut", genre=Genre.JOUR, tri=True),
        Colonne("restituee_le", "Restitution", "restituee_le", genre=Genre.JOUR, tri=True),
    )


class ListeDesIndustriels(Liste):
    """Rows come with `nombre_projets`."""

    modele = Industriel
    filtres = FiltresDesIndustriels
    recherche = "Rechercher une entreprise"
    titre = "Entreprises de la mission"
    pages = "les pages d’entreprises"
    unite = ("entreprise",)
    vide = "Aucune entreprise n’est encore inscrite dans cette mission."
    vide_filtree = "Aucune entreprise ne correspond à votre recherche."
    tri_par_defaut = "nom"
    objet = "industriel"
    lit = ("mission",)
    colonnes = (
        Colonne("nom", "Raison sociale", "nom", tri=True, entete=True),
        Colonne("siren", "SIREN", "siren", genre=Genre.SIREN),
        Colonne("epci", "Intercommunalité", "epci.nom", tri=True),
        Colonne("activite", "Activité", "activite"),
        Colonne("effectif", "Effectif", "effectif", genre=Genre.NOMBRE, tri=True),
        Colonne("rencontre_le", "Rencontrée le", "rencontre_le", genre=Genre.JOUR, tri=True, vide="À rencontrer"),
        Colonne("projets", "Projets", "nombre_projets", genre=Genre.NOMBRE),
        Colonne("corriger", "Corriger", cellule="projets/mission/cellules/corriger_industriel.html", fichier=False),
    )


class ListeDesProjets(Liste):
    """Rows come with their estimate (`avec_estimation`), and the page with `totaux`."""

    modele = Projet
    filtres = FiltresDesProjets
    recherche = "Rechercher un projet"
    titre = "Projets de la mission"
    pages = "les pages de projets"
    unite = ("projet",)
    vide = "Aucun projet n’est encore recensé dans cette mission."
    vide_filtree = "Aucun projet ne correspond à votre recherche."
    tri_par_defaut = "intitule"
    objet = "projet"
    lit = ("mission",)
    pied = "projets/mission/cellules/totaux.html"
    telechargement = "projets:exporter"
    colonnes = (
        Colonne(
            "intitule",
            "Projet",
            "intitule",
            tri=True,
            lit=["structurant"],
            cellule="projets/mission/cellules/projet.html",
            entete=True,
        ),
        Colonne("industriel", "Industriel", "industriel.nom", tri=True),
        Colonne("siren", "SIREN", "industriel.siren", page=False),
        Colonne("epci", "Intercommunalité", "epci.nom", tri=True),
        Colonne("nature", "Nature", "get_nature_display"),
        Colonne(
            "structurant",
            "Structurant",
            lambda projet: "oui" if projet.structurant else "non",
            lit=["structurant"],
            page=False,
        ),
        Colonne("etat", "État", "get_etat_display", tri=True),
        Colonne("recense_le", "Recensé le", "recense_le", genre=Genre.JOUR, tri=True),
        Colonne("voie", "Orientation", "get_voie_display", page=False),
        Colonne("oriente_le", "Orienté le", "oriente_le", page=False),
        Colonne(
            "investissement",
            "Investissement",
            "investissement",
            genre=Genre.EUROS,
            tri=True,
            libelle_du_fichier="Investissement (€)",
        ),
        Colonne(
            "emplois",
            "Créations potentielles",
            "emplois_potentiels",
            genre=Genre.EMPLOIS,
            tri=True,
            libelle_du_fichier="Créations potentielles d’emplois",
        ),
        Colonne("previsionnels", "Créations prévisionnelles d’emplois", "emplois_previsionnels", page=False),
        Colonne(
            "aide",
            "Aide accordée (€)",
            "aide.montant",
            lit=["concours__montant", "concours__liberation__libere_le"],
            page=False,
        ),
    )


class ListeDesRapports(Liste):
    modele = Rapport
    titre = "Rapports, du plus récent au plus ancien"
    titre_masque = False
    vide = "Aucun rapport n’a encore été demandé."
    par_page = 20
    ordre = ("-version",)
    colonnes = (
        Colonne(
            "version",
            "Version",
            lambda rapport: f"Version {rapport.version}",
            lit=["version"],
            adresse=lambda rapport: reverse("rapports:rapport", args=[rapport.pk]),
            entete=True,
        ),
        Colonne("au", "Chiffres au", "au", genre=Genre.JOUR),
        Colonne("demande_le", "Demandé le", "demande_le", genre=Genre.INSTANT),
        Colonne("etat", "État", "get_etat_display"),
    )
