"""The lists of missions: what their columns show, and how they are searched."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from candidatures.models import Labellisation
from projets.etats import EtatMission, EtatProjet, NatureProjet
from projets.models import Industriel, Mission, MissionLabellisation, Projet
from rebond.socle.listes import Cas, Choix, Colonne, Genre, JeuDeFiltres, Liste, Recherche, UnParmi
from rebond.socle.noms import alphabetique
from territoires.models import Epci, Region, Territoire
from territoires.recherche import territoires_cherches
from territoires.regles import siren_compact


def _accompagne(territoires: QuerySet[Territoire]) -> Q:
    rattachements = MissionLabellisation.objects.filter(labellisation__territoire__in=territoires.values("pk"))
    return Q(pk__in=rattachements.values("mission"))


def _cherche_mission(texte: str) -> Q:
    return Q(titre__unaccent__icontains=texte) | _accompagne(territoires_cherches(texte))


class FiltresDesMissions(JeuDeFiltres):
    q = Recherche("Mission ou territoire", _cherche_mission)
    etape = Choix("Étape", "etat", EtatMission.choices, tous="Toutes")
    region = UnParmi(
        "Région",
        Region.objects.order_by(alphabetique("nom")),
        condition=lambda region: _accompagne(Territoire.objects.en_region(region)),
        par="code",
    )


def _laureats() -> list[Prefetch]:
    laureats = Labellisation.objects.select_related("territoire__region_pilote")
    return [Prefetch("labellisations", laureats.only("territoire__nom", "territoire__region_pilote__nom"))]


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
    tri_par_defaut = "-debut"
    objet = "mission"
    colonnes = (
        Colonne(
            "titre",
            "Mission",
            "titre",
            tri=True,
            lit=["demonstration"],
            cellule="projets/cellules/mission.html",
            entete=True,
        ),
        Colonne("territoires", "Territoires", precharge=_laureats, cellule="projets/cellules/territoires.html"),
        Colonne("etape", "Étape", "get_etat_display", tri=True, cellule="projets/_etape.html"),
        Colonne("debut", "Début", "debut", genre=Genre.JOUR, tri=True),
        Colonne("restituee_le", "Restitution", "restituee_le", genre=Genre.JOUR, tri=True),
    )


def epcis_de(mission: Mission) -> QuerySet[Epci]:
    """Members of the territories that the mission serves."""
    membres = mission.labellisations.values("territoire__epcis")
    return Epci.objects.filter(pk__in=membres).order_by(alphabetique("nom"), "pk")


def _cherche_industriel(texte: str, prefixe: str = "") -> Q:
    siren = siren_compact(texte)
    if siren.isascii() and siren.isdecimal():
        return Q(**{f"{prefixe}siren__startswith": siren})
    nom, activite = (f"{prefixe}{champ}__unaccent__icontains" for champ in ("nom", "activite"))
    return Q(**{nom: texte}) | Q(**{activite: texte})


class FiltresDUneMission(JeuDeFiltres):
    """Its places are those of the mission's territories."""

    def __init__(self, *args: Any, mission: Mission, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["epci"].field.queryset = epcis_de(mission)


class FiltresDesIndustriels(FiltresDUneMission):
    q = Recherche("Raison sociale, activité ou SIREN", _cherche_industriel)
    rencontre = Cas(
        "Rencontre",
        {
            "oui": ("Rencontrés", Q(rencontre_le__isnull=False)),
            "non": ("À rencontrer", Q(rencontre_le=None)),
        },
    )
    epci = UnParmi("Intercommunalité", Epci.objects.none(), champ="epci")


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
        Colonne("corriger", "Corriger", cellule="projets/cellules/corriger_industriel.html", fichier=False),
    )


def _cherche_projet(texte: str) -> Q:
    return Q(intitule__unaccent__icontains=texte) | _cherche_industriel(texte, "industriel__")


class FiltresDesProjets(FiltresDUneMission):
    largeurs = {"q": 8}

    q = Recherche("Projet, industriel ou SIREN", _cherche_projet)
    epci = UnParmi("Intercommunalité", Epci.objects.none(), champ="epci")
    nature = Choix("Nature", "nature", NatureProjet.choices, tous="Toutes")
    etat = Choix("État", "etat", EtatProjet.choices)
    structurant = Cas(
        "Projets structurants",
        {"oui": ("Structurants", Q(structurant=True)), "non": ("Autres", Q(structurant=False))},
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
    pied = "projets/cellules/totaux.html"
    telechargement = "projets:exporter"
    colonnes = (
        Colonne(
            "intitule",
            "Projet",
            "intitule",
            tri=True,
            lit=["structurant"],
            cellule="projets/cellules/projet.html",
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
