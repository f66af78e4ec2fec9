"""The lists of the instruction: what their columns read and show."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django.db.models import F, Q
from django.urls import reverse

from candidatures.dossier.etats import ETATS_DECIDES, EtatCandidature
from candidatures.instruction.affectation.etats import ETATS_CONFIES
from candidatures.instruction.comptes import combien, comptes_par_vague
from candidatures.instruction.filtres import FiltresDesAvis, FiltresDesDossiers
from candidatures.instruction.ma_vague.recherche import ou_trouves
from candidatures.instruction.ma_vague.requetes import Comptes
from candidatures.instruction.saisine.models import Saisine
from candidatures.instruction.suivi.etats import Etape
from candidatures.instruction.suivi.models import Suivi
from candidatures.pages.instruction.colonnes_des_notes import COLONNES_DES_NOTES
from candidatures.vagues.models.vagues import Vague
from rebond.socle.listes import Colonne, Genre, Liste, qui
from rebond.socle.utilisateur import Utilisateur


def _adresse(dossier: Any) -> str:
    """The page of the file, which knows the list that it is opened from (`lecture.parcours`)."""
    adresse = reverse("instruction:dossier", args=[dossier.pk])
    liste = getattr(dossier, "liste", None)
    return adresse if liste is None else f"{adresse}?{urlencode({'liste': liste})}"


def _responsable(dossier: Any) -> str:
    """Who holds it; nobody where nothing more is to be done."""
    if dossier.responsable:
        return str(dossier.responsable)
    return "À prendre" if dossier.etat_connu in ETATS_CONFIES else ""


def _avis(dossier: Any) -> str:
    return f"{dossier.avis_rendus} sur {dossier.avis_demandes}" if dossier.avis_demandes else "Aucun"


REFERENCE = Colonne(
    "reference",
    "Référence",
    "candidature.reference",
    tri="pk",
    lit=["candidature__vague__numero"],
    adresse=_adresse,
    entete=True,
)
REGION = Colonne("region", "Région", "territoire.region_pilote.nom", tri=[F("region"), F("nom")])
DEMONSTRATION: Any = {
    "lit": ["candidature__demonstration", "territoire__nom", "territoire__suite"],
    "cellule": "candidatures/instruction/cellules/territoire.html",
}


class ListeDUneVague(Liste):
    """Narrow rows of one wave, with the `etat_connu` of whoever reads them (`moi`): kept counted by bits."""

    modele = Suivi
    cles_d_abord = True
    unite = ("dossier",)
    objet = "dossier"
    #: What all of them are, beside what the filters ask.
    toutes: ClassVar[Q] = Q()

    def __init__(self, *args: Any, moi: Utilisateur, vague: Vague, **options: Any) -> None:
        super().__init__(*args, moi=moi, vague=vague, **options)
        self.moi = moi
        self.vague = vague

    @property
    def conditions(self) -> dict[str, Q]:
        """What is asked of them, by filter."""
        return {}

    def compter(self) -> int:
        return combien(self.moi, self.vague.pk, [self.toutes, *self.conditions.values()])

    def completer(self, lignes: list[Any]) -> list[Any]:
        for ligne in lignes:
            ligne.trouve_dans, ligne.dites = [], []
        return lignes


COCHE = Colonne(
    "choix",
    "Choisir",
    "pk",
    lit=["candidature__vague__numero"],
    cellule="candidatures/instruction/cellules/choix.html",
    fichier=False,
)


class ListeDesDossiers(ListeDUneVague):
    """`colonnes` in the address chooses them, on the page as in its files; those of `proposees` when it chooses none.

    `comptes`, once the page has read them, say how many there are.
    """

    filtres = FiltresDesDossiers
    recherche = "Rechercher un dossier"
    titre = "Dossiers de la vague"
    vide = "Aucun dossier ne correspond."
    tri_par_defaut = "territoire"
    fictive = "candidature.demonstration"
    telechargement = "instruction:export"
    # Whatever its columns: where it was found is told of its bare name, what is invented says so, and its labels stand
    # under its name.
    lit = ("nom", "candidature__demonstration", "etiquettes")
    comptes: Comptes | None = None
    colonnes = (
        COCHE,
        REFERENCE,
        Colonne("territoire", "Territoire", "territoire.nom_suivi", tri=F("nom"), **DEMONSTRATION),
        Colonne("siren", "SIREN du chef de file", "territoire.chef_de_file.siren", page=False),
        Colonne("chef_de_file", "Chef de file", "territoire.chef_de_file.nom", page=False),
        REGION,
        Colonne(
            "etat",
            "État",
            lambda dossier: EtatCandidature(dossier.etat_connu).label,
            lit=(),
            tri="rang",
            cellule="candidatures/instruction/cellules/etat.html",
        ),
        Colonne(
            "etape",
            "Étape",
            lambda dossier: Etape(dossier.etape).label,
            lit=["etape"],
            page=False,
            fichier=False,
        ),
        Colonne("responsable", "Instructeur", _responsable, lit=qui("responsable")),
        Colonne("recu_le", "Reçu le", "recu_le", genre=Genre.INSTANT, tri=True),
        Colonne("avis", "Avis", _avis, lit=["avis_demandes", "avis_rendus"], tri="avis_rendus", fichier=False),
        Colonne("avis_demandes", "Avis demandés", "avis_demandes", page=False),
        Colonne("avis_rendus", "Avis rendus", "avis_rendus", page=False),
        *COLONNES_DES_NOTES,
        Colonne("proposition", "Proposition", "candidature.proposition.get_sens_display"),
        Colonne(
            "etiquettes", "Étiquettes", lambda dossier: ", ".join(dossier.etiquettes), lit=["etiquettes"], page=False
        ),
    )

    def __init__(self, lignes: Any, *args: Any, coches: Sequence[int] | None = None, **options: Any) -> None:
        """`coches`: the keys of those that were ticked, when some were: the list is then of these."""
        super().__init__(lignes if coches is None else lignes.filter(pk__in=coches), *args, **options)
        self.coches = coches

    @property
    def choix(self) -> FiltresDesDossiers:
        """Its filters."""
        return cast("FiltresDesDossiers", self.jeu)

    @cached_property
    def choisies(self) -> set[str]:
        """The columns that the address chooses; none when it leaves them as they are."""
        return {colonne.cle for colonne in self.colonnes} & set(self.demande.getlist("colonnes"))

    @cached_property
    def colonnes_lues(self) -> list[Colonne]:
        permises = super().colonnes_lues
        if not self.choisies:
            return permises
        gardees = [colonne for colonne in permises if colonne.cle in self.choisies or colonne in (COCHE, REFERENCE)]
        return [replace(colonne, page=True, fichier=colonne is not COCHE) for colonne in gardees]

    @property
    def proposees(self) -> list[tuple[str, str, bool]]:
        """Key, title and whether it is shown, of each column that one may choose."""
        montrees = {colonne.cle for colonne in self.colonnes_de_la_page}
        libres = [c for c in self.colonnes if c.cle not in {*self.sans, COCHE.cle, REFERENCE.cle}]
        return [(colonne.cle, colonne.libelle, colonne.cle in montrees) for colonne in libres]

    @property
    def conditions(self) -> dict[str, Q]:
        coches = {} if self.coches is None else {COCHE.cle: Q(pk__in=self.coches)}
        return self.choix.conditions | coches

    def compter(self) -> int:
        return super().compter() if self.comptes is None else self.comptes.total

    def completer(self, lignes: list[Any]) -> list[Any]:
        """Each row leads to its file within this very search; where it was found, when something was looked for."""
        parcourue = self.demande.copy()
        for ailleurs in ("page", "dossiers", "colonnes"):
            parcourue.pop(ailleurs, None)
        demande = self.choix.demande
        ou = ou_trouves(lignes, demande) if demande is not None and lignes else {}
        for ligne in lignes:
            ligne.liste = parcourue.urlencode()
            ligne.trouve_dans, ligne.dites = ou.get(ligne.pk, []), ligne.etiquettes
        return lignes


class ListeDesResultats(ListeDUneVague):
    titre = "Décisions, dossier par dossier"
    vide = ""
    par_page = 50
    ordre = ("etat_connu", "nom", "pk")
    toutes = Q(etat_connu__in=sorted(ETATS_DECIDES))
    fictive = "candidature.demonstration"
    colonnes = (
        replace(REFERENCE, libelle="Dossier", tri=False),
        Colonne("territoire", "Territoire", "territoire.nom_suivi", **DEMONSTRATION),
        Colonne("region", "Région", "territoire.region_pilote.nom"),
        Colonne("decision", "Décision", cellule="candidatures/instruction/cellules/etat.html"),
    )


def _des_dossiers(compte: str, etat: str = "") -> Callable[[Any], str]:
    """Where the files are that this count of a wave counts; nowhere when there are none."""

    def adresse(vague: Any) -> str:
        liste = reverse("instruction:vague", args=[vague.numero])
        return f"{liste}?etat={etat}" * bool(getattr(vague.comptes, compte)) if etat else liste

    return adresse


class ListeDesVaguesCloses(Liste):
    """Rows come with the state of the wave that `moi` may know; each page counts the files that they may read."""

    modele = Vague
    titre = "Vagues closes, de la plus récente à la plus ancienne"
    vide = "Aucune vague n’est encore close\u00a0: il n’y a rien à instruire."
    vide_mene_a = ("Voir les dates de dépôt", "calendrier")
    objet = "vague"
    colonnes = (
        Colonne(
            "vague",
            "Vague",
            str,
            lit=["numero"],
            adresse=lambda vague: reverse("instruction:vague", args=[vague.numero]),
            entete=True,
        ),
        Colonne("cloture", "Clôture", "cloture", genre=Genre.LIMITE),
        Colonne(
            "ou_en_est",
            "Où elle en est",
            lit=["publique_a"],
            cellule="candidatures/instruction/cellules/ou_en_est.html",
        ),
        Colonne("total", "Dossiers", "comptes.total", genre=Genre.NOMBRE, adresse=_des_dossiers("total")),
        Colonne(
            "a_instruire",
            "À instruire",
            "comptes.a_instruire",
            genre=Genre.NOMBRE,
            cellule="candidatures/instruction/cellules/a_instruire.html",
        ),
        Colonne(
            "instruites",
            "Proposition enregistrée",
            "comptes.instruites",
            genre=Genre.NOMBRE,
            adresse=_des_dossiers("instruites", EtatCandidature.INSTRUITE),
        ),
        Colonne(
            "laureates",
            "Lauréats",
            "comptes.laureates",
            genre=Genre.NOMBRE,
            adresse=_des_dossiers("laureates", EtatCandidature.LAUREATE),
        ),
    )

    def __init__(self, *args: Any, moi: Utilisateur, **options: Any) -> None:
        super().__init__(*args, **options)
        self.moi = moi

    def completer(self, lignes: list[Any]) -> list[Any]:
        comptes = comptes_par_vague(self.moi, [vague.pk for vague in lignes])
        for vague in lignes:
            vague.comptes = comptes[vague.pk]
        return lignes


class ListeDesAvis(Liste):
    """Rows come with `a_rendre` and `chez_un_collegue`."""

    modele = Saisine
    filtres = FiltresDesAvis
    recherche = "Choisir des avis"
    unite = ("demande",)
    titre = "Avis demandés, ceux qui sont à rendre le plus tôt d’abord"
    vide = "Aucun avis ne vous est demandé pour l’instant. Vous recevrez un e-mail quand un dossier vous sera soumis."
    vide_filtree = "Aucun avis ne correspond."
    vide_mene_a = ("Revenir au tableau de bord", "tableau_de_bord")
    ordre = (
        *("-a_rendre", "-chez_un_collegue", F("rendu_le").desc(nulls_first=True)),
        *(F("a_rendre_avant").asc(nulls_last=True), "demande_le", "pk"),
    )
    objet = "demande"
    fictive = "candidature.demonstration"
    colonnes = (
        Colonne(
            "dossier",
            "Dossier",
            "candidature.reference",
            lit=["candidature__vague__numero"],
            adresse=lambda demande: reverse("instruction:saisine", args=[demande.pk]),
            entete=True,
        ),
        Colonne(
            "territoire",
            "Territoire",
            "candidature.territoire.nom_suivi",
            lit=["candidature__demonstration", "candidature__territoire__nom", "candidature__territoire__suite"],
            cellule="candidatures/instruction/cellules/territoire_de_l_avis.html",
        ),
        Colonne("region", "Région", "candidature.territoire.region_pilote.nom"),
        Colonne("a_rendre_avant", "À rendre avant le", "a_rendre_avant", genre=Genre.JOUR),
        Colonne(
            "avis",
            "Votre avis",
            "avis.get_sens_display",
            lit=["rendu_le", "expert__prenom", "expert__nom", "expert__email"],
            cellule="candidatures/instruction/cellules/avis.html",
        ),
    )
