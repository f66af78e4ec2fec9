"""The lists of the portal's own pages: the journal, the outbox, the public calendar."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from candidatures.cloture.regles import PREFIXE_DES_COURRIERS
from candidatures.vagues.models.vagues import Vague
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.retours.models import Retour
from rebond.socle.horloge.temps import debut_de_journee, fin_de_journee
from rebond.socle.journal.actes import actes_possibles, libelle_acte
from rebond.socle.journal.details import details_en_mots
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.journal.requetes import actes_du_journal, acteurs_du_journal, sur_ce_que_nomme
from rebond.socle.listes import Cas, Choix, Colonne, Genre, JeuDeFiltres, Jour, Liste, Recherche, UnParmi
from rebond.socle.texte.noms import nom_nu


def _actes() -> list[tuple[str, str]]:
    """Those that may be done, and those of former versions that the journal holds, by their names: that one was done
    for the first time is told to nobody by a menu."""
    libelles: dict[str, set[str]] = {}
    for acte, objet_type in {*actes_possibles(), *actes_du_journal()}:
        libelles.setdefault(acte, set()).add(libelle_acte(acte, objet_type))
    nommes = [(acte, " ou ".join(sorted(noms, key=nom_nu))) for acte, noms in libelles.items()]
    return sorted(nommes, key=lambda nomme: (nom_nu(nomme[1]), nomme[0]))


def _depuis(jour: date) -> Q:
    return Q(ecrit_le__gte=debut_de_journee(jour))


def _jusqu_au(jour: date) -> Q:
    return Q(ecrit_le__lt=fin_de_journee(jour))


class FiltresDuJournal(JeuDeFiltres):
    acte = Choix("Acte", _actes, champ="acte")
    objet = Recherche("Objet (référence, nom…)", sur_ce_que_nomme)
    acteur = Recherche("Auteur", lambda texte: Q(acteur__in=acteurs_du_journal(texte)))
    du = Jour("À partir du", _depuis)
    au = Jour("Jusqu’au", _jusqu_au)


class ListeDuJournal(Liste):
    modele = EntreeJournal
    cles_d_abord = True
    filtres = FiltresDuJournal
    recherche = "Rechercher dans le journal"
    titre = "Entrées du journal, la dernière d’abord"
    unite = ("entrée",)
    vide = "Aucune entrée ne correspond."
    vide_mene_a = ("Voir qui a accès à quoi", "administration:roles")
    par_page = 25
    ordre = ("-pk",)
    colonnes = (
        Colonne("ecrit_le", "Écrite le (heure de Paris)", "ecrit_le", genre=Genre.INSTANT_PRECIS, entete=True),
        Colonne("acte", "Acte", lambda e: libelle_acte(e.acte, e.objet_type), lit=["acte", "objet_type"]),
        Colonne("objet", "Objet", "objet"),
        Colonne("acteur", "Auteur", "acteur"),
        Colonne(
            "details",
            "Détails",
            lambda e: details_en_mots(e.objet_type, e.details),
            lit=["details", "objet_type"],
            cellule="portail/cellules/details.html",
        ),
    )


SITUATIONS = {
    "attente": ("En attente d’envoi", Q(envoye_le=None, abandonne_le=None, retenu_le=None)),
    "envoyes": ("Envoyés", Q(envoye_le__isnull=False)),
    "abandonnes": ("Mis de côté après échecs", Q(abandonne_le__isnull=False)),
    "non_arrives": ("Non arrivés", Q(Exists(Retour.objects.non_arrives().filter(courrier=OuterRef("pk"))))),
    "retenus": ("Retenus (refusés, réunis dans un résumé, ou adresse perdue)", Q(retenu_le__isnull=False)),
}


class FiltresDesCourriers(JeuDeFiltres):
    situation = Cas("Situation", SITUATIONS)
    q = Recherche(
        "Destinataire ou objet",
        lambda texte: Q(destinataire__icontains=texte) | Q(objet__unaccent__icontains=texte),
    )
    cloture = UnParmi(
        "E-mails de clôture",
        Vague.objects.order_by("-numero"),
        condition=lambda vague: Q(cle__startswith=f"{PREFIXE_DES_COURRIERS}{vague.pk}-"),
        par="numero",
    )


class ListeDesCourriers(Liste):
    """Never their text, which may tell a result under embargo."""

    modele = Courrier
    cles_d_abord = True
    filtres = FiltresDesCourriers
    recherche = "Rechercher un e-mail"
    titre = "E-mails, le dernier d’abord"
    unite = ("e-mail",)
    vide = "Aucun e-mail ne correspond."
    vide_mene_a = ("Voir l’état du portail", "administration:clotures")
    par_page = 20
    ordre = ("-pk",)
    objet = "courrier"
    colonnes = (
        Colonne("destinataire", "Destinataire", "destinataire", entete=True),
        Colonne("objet", "Objet", "objet"),
        Colonne(
            "situation",
            "Situation",
            lit=[
                *("envoye_le", "abandonne_le", "prochain_essai", "perime_le", "retenu_le", "retenue"),
                *("tentatives", "derniere_erreur"),
            ],
            cellule="portail/cellules/situation.html",
        ),
    )

    def completer(self, lignes: list[Any]) -> list[Any]:
        """What came back, beside each letter of the page, in one statement."""
        revenus: dict[int, list[Retour]] = {}
        for retour in Retour.objects.filter(courrier__in=[courrier.pk for courrier in lignes]).order_by("pk"):
            revenus.setdefault(retour.courrier_id, []).append(retour)
        for courrier in lignes:
            courrier.revenus = revenus.get(courrier.pk, [])
        return lignes


class ListeDuCalendrier(Liste):
    """Every wave as everyone may read it at `maintenant`."""

    modele = Vague
    titre = "Périodes de dépôt, de la plus récente à la plus ancienne"
    vide = ""
    par_page = 30
    ordre = ("-ouverture",)
    objet = "vague"
    colonnes = (
        Colonne("vague", "Période de dépôt", "periode", lit=["numero"], entete=True),
        Colonne("ouverture", "Ouverture", "ouverture", genre=Genre.INSTANT),
        Colonne("cloture", "Clôture (heure de Paris)", "cloture", genre=Genre.LIMITE),
        Colonne(
            "ou_en_est",
            "État",
            "situation",
            lit=["etat", "publique_a", "prolongee_au", "motif_suspension"],
            cellule="portail/cellules/vague.html",
        ),
    )

    def __init__(self, *args: Any, maintenant: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.maintenant = maintenant

    def completer(self, lignes: list[Any]) -> list[Any]:
        for vague in lignes:
            publics = vague.resultats_publics(self.maintenant)
            vague.situation = "Résultats annoncés" if publics else vague.phase(self.maintenant).label
        return lignes
