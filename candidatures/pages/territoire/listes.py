"""The lists of the territories: their files, and the versions of a section."""

from typing import Any

from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.versions import VersionDeSection
from candidatures.pages.territoire.acces import adresse
from rebond.socle.listes import Colonne, Genre, Liste, qui

CELLULES = "candidatures/territoire/cellules"
REFERENCE = ("vague__numero",)
ECHEANCE = ("vague__cloture", "vague__prolongee_au", "prolongee_au")


class ListeDeMesDossiers(Liste):
    """Rows come with `qualite`, `etat_connu` and `a_redeposer`."""

    modele = Candidature
    titre = "Les dossiers auxquels vous participez, le plus récent d’abord"
    titre_masque = False
    vide = "Vous ne participez encore à aucun dossier."
    par_page = 20
    ordre = ("-pk",)
    objet = "candidature"
    fictive = "demonstration"
    colonnes = (
        Colonne("reference", "Dossier", "reference", lit=REFERENCE, adresse=lambda d: adresse(d.pk), entete=True),
        Colonne(
            "territoire",
            "Territoire",
            "territoire.nom_suivi",
            lit=["demonstration", "territoire__nom", "territoire__suite"],
            cellule=f"{CELLULES}/territoire.html",
        ),
        Colonne("etat", "État", lambda d: EtatCandidature(d.etat_connu), lit=(), cellule=f"{CELLULES}/etat.html"),
        Colonne("qualite", "Votre rôle", lambda d: Qualite(d.qualite).label, lit=()),
        Colonne("echeance", "Clôture de la période de dépôt", "echeance", genre=Genre.LIMITE, lit=ECHEANCE),
    )


def _comment(version: Any) -> str:
    if version.restauree_de:
        return f"Reprise de la version {version.restauree_de}"
    return "Pendant la saisie" if version.automatique else "Bouton « Enregistrer »"


class ListeDesVersions(Liste):
    modele = VersionDeSection
    titre = "Versions de la rubrique, la plus récente d’abord"
    titre_masque = False
    vide = "Rien n’est encore enregistré dans cette rubrique."
    par_page = 30
    ordre = ("-revision",)
    objet = "version"
    colonnes = (
        Colonne("version", "Version", "revision", cellule=f"{CELLULES}/version.html", entete=True),
        Colonne(
            "enregistree_le",
            "Enregistrée le (heure de Paris)",
            "enregistree_le",
            genre=Genre.INSTANT_PRECIS,
        ),
        Colonne("auteur", "Par", lambda version: str(version.auteur), lit=qui("auteur")),
        Colonne("comment", "Comment", _comment, lit=["restauree_de", "automatique"]),
    )
