"""The administrateur's lists: what their columns read and show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch, Q
from django.urls import reverse

from candidatures.cahier.models import CahierDesCharges
from candidatures.cloture.models.incidents import Incident
from candidatures.cloture.models.proces_verbaux import ProcesVerbal
from candidatures.cloture.models.prolongations import Prolongation
from candidatures.cloture.regles import empechement_de_prolonger
from candidatures.pages.administration.tableau_des_clotures import lignes as lignes_de_cloture
from candidatures.vagues.models.vagues import Vague
from rebond.socle.listes import Cas, Colonne, Genre, JeuDeFiltres, Liste, qui
from rebond.socle.texte.citations import citer
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Rattachement

CELLULES = "candidatures/administration/cellules"


class _ALInstant(Liste):
    """What its rows show depends on the instant at which they are read."""

    def __init__(self, *args: Any, maintenant: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.maintenant = maintenant


def _proces_verbaux() -> Sequence[Prefetch]:
    return [Prefetch("proces_verbaux", ProcesVerbal.objects.only("vague", "rang"))]


class ListeDesVagues(_ALInstant):
    """Rows come with the state that their reader may know, and with `deposes`."""

    modele = Vague
    titre = "Vagues, de la plus lointaine à la plus ancienne"
    vide = "Aucune vague n’est programmée."
    ordre = ("-ouverture",)
    objet = "vague"
    colonnes = (
        Colonne("vague", "Vague", str, lit=["numero"], entete=True),
        Colonne("ouverture", "Ouverture", "ouverture", genre=Genre.INSTANT),
        Colonne("cloture", "Clôture", lit=["cloture", "prolongee_au"], cellule=f"{CELLULES}/cloture.html"),
        Colonne("phase", "Phase", lit=["etat"], cellule=f"{CELLULES}/phase.html"),
        Colonne("suite", "Résultat", lit=["publique_a"], cellule=f"{CELLULES}/suite.html"),
        Colonne("deposes", "Dossiers déposés", "deposes", genre=Genre.NOMBRE),
        Colonne("proces_verbal", "Procès-verbal", precharge=_proces_verbaux, cellule=f"{CELLULES}/proces_verbal.html"),
        Colonne("dates", "Dates", cellule=f"{CELLULES}/dates.html"),
        Colonne("cahier", "Cahier des charges", cellule=f"{CELLULES}/cahier.html"),
    )

    def completer(self, lignes: list[Any]) -> list[Any]:
        for vague in lignes:
            vague.phase_lue = vague.phase(self.maintenant)
            vague.a_venir = self.maintenant < vague.ouverture
            vague.prolongeable = empechement_de_prolonger(vague.etat_connu) is None
        return lignes


class ListeDesClotures(_ALInstant):
    """The rows of a page become `LigneCloture`s."""

    modele = Vague
    titre = "Vagues closes, de la plus récente à la plus ancienne"
    vide = "Aucune vague n’est encore close."
    par_page = 10
    lit = ("numero", "cloture", "prolongee_au")
    colonnes = (
        Colonne("vague", "Vague", lambda ligne: str(ligne.vague), lit=(), entete=True),
        Colonne("echeance", "Échéance", "vague.echeance", genre=Genre.INSTANT_PRECIS),
        Colonne("proces_verbal", "Procès-verbal", "etabli_le", cellule=f"{CELLULES}/cloture_etablie.html"),
        Colonne("delai", "Délai depuis l’échéance", "delai", cellule=f"{CELLULES}/delai.html"),
        Colonne("courriels", "E-mails de clôture", cellule=f"{CELLULES}/courriels.html"),
        Colonne("accuses", "Accusés de réception", cellule=f"{CELLULES}/accuses.html"),
        Colonne(
            "incidents",
            "Incidents",
            lambda ligne: ligne.incidents,
            lit=(),
            cellule=f"{CELLULES}/incidents_de_la_vague.html",
        ),
    )

    def completer(self, lignes: list[Any]) -> list[Any]:
        return [*lignes_de_cloture(lignes, self.maintenant)]


def _par(incident: Incident) -> str:
    return f"Par {incident.auteur}" if incident.auteur else "Par le portail"


class ListeDesIncidents(Liste):
    modele = Incident
    titre = "Incidents déclarés ou constatés, le dernier d’abord"
    vide = "Aucun incident n’est déclaré."
    ordre = ("-debut", "-pk")
    lit = ("vague",)
    objet = "incident"
    colonnes = (
        Colonne("nature", "Nature", "get_nature_display", entete=True),
        Colonne("debut", "Début", "debut", genre=Genre.INSTANT_PRECIS),
        Colonne("fin", "Fin", "fin", cellule=f"{CELLULES}/fin_de_l_incident.html"),
        Colonne("description", "Description", "description", cellule=f"{CELLULES}/description.html"),
        Colonne(
            "declare",
            "Déclaré",
            _par,
            lit=["declare_le", *qui("auteur")],
            cellule=f"{CELLULES}/declare.html",
        ),
    )


def _adresse_de_la_version(cahier: CahierDesCharges) -> str:
    return reverse("administration:cahier_version", args=[cahier.vague.numero, cahier.version])


class ListeDesVersionsDuCahier(Liste):
    modele = CahierDesCharges
    titre = "Versions, de la plus récente à la plus ancienne\u00a0: c’est la plus récente qui compte"
    titre_masque = False
    vide = "Aucune version n’est encore enregistrée\u00a0: le cahier des charges est celui de la vague précédente."
    ordre = ("-version",)
    colonnes = (
        Colonne(
            "version",
            "Version",
            lambda cahier: f"Version {cahier.version}",
            lit=["version", "vague__numero"],
            adresse=lambda cahier: reverse(
                "administration:cahier_version", args=[cahier.vague.numero, cahier.version]
            ),
            entete=True,
        ),
        Colonne("etabli_le", "Établie le", "etabli_le", genre=Genre.INSTANT),
        Colonne("auteur", "Par", lambda cahier: str(cahier.auteur or "Le portail"), lit=qui("auteur")),
        Colonne(
            "changement",
            "Ce qui change",
            lambda cahier: cahier.commentaire or ("Point de départ" if cahier.version == 1 else ""),
            lit=["version", "commentaire"],
        ),
    )


def _pour(prolongation: Any) -> str:
    return str(prolongation.candidature) if prolongation.candidature else "Toute la vague"


def _signature(personne: Utilisateur | None, le: datetime | None) -> str:
    return f"{personne}, le {instant_fr(le)}" if personne and le else ""


class ListeDesProlongations(Liste):
    modele = Prolongation
    titre = "Prolongations proposées ou accordées, de la plus récente à la plus ancienne"
    vide = "Aucune prolongation n’a été proposée dans cette vague."
    ordre = ("-pk",)
    objet = "prolongation"
    colonnes = (
        Colonne(
            "pour", "Pour", _pour, lit=["candidature__vague__numero", "candidature__territoire__nom"], entete=True
        ),
        Colonne("jusqu_au", "Jusqu’au", "jusqu_au", genre=Genre.INSTANT_PRECIS),
        Colonne("motif", "Motif", "motif", cellule=f"{CELLULES}/motif.html"),
        Colonne(
            "proposee",
            "Proposée",
            lambda p: _signature(p.demandee_par, p.demandee_le),
            lit=["demandee_le", *qui("demandee_par")],
        ),
        Colonne(
            "signee", "Signée", lambda p: _signature(p.signee_par, p.signee_le), lit=["signee_le", *qui("signee_par")]
        ),
        Colonne("etat", "État", "get_etat_display", cellule=f"{CELLULES}/etat_de_la_prolongation.html"),
    )


class FiltresDesRattachements(JeuDeFiltres):
    lien = Cas(
        "Lien",
        {"a_verifier": ("À vérifier", Q(prouve_le=None)), "verifie": ("Vérifiés", Q(prouve_le__isnull=False))},
    )


class ListeDesRattachements(Liste):
    modele = Rattachement
    filtres = FiltresDesRattachements
    recherche = "Choisir des liens"
    titre = "Demandes de vérification, puis liens reconnus"
    unite = ("lien", "liens")
    vide = "Personne n’a encore demandé de vérification."
    vide_filtree = "Aucun lien ne correspond."
    vide_mene_a = ("Voir le calendrier des vagues", "administration:calendrier")
    ordre = (F("prouve_le").desc(nulls_first=True), "-pk")
    objet = "lien"
    colonnes = (
        Colonne("collectivite", "Collectivité", "nom", lit=["siren"], entete=True),
        Colonne(
            "personne",
            "Personne",
            lambda lien: citer(str(lien.utilisateur)),
            lit=qui("utilisateur"),
            cellule=f"{CELLULES}/rattachement_personne.html",
        ),
        Colonne("demande_le", "Demandé le", "demande_le", genre=Genre.INSTANT),
        Colonne(
            "preuve",
            "Preuve",
            lambda lien: lien.get_moyen_display() or "à apporter",
            lit=["moyen", "prouve_le", "lettre_le", "fini_le"],
            cellule=f"{CELLULES}/rattachement_preuve.html",
        ),
        Colonne("suite", "Suite", cellule=f"{CELLULES}/rattachement_suite.html", fichier=False),
    )
