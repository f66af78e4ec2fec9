"""What the files of a wave are searched by."""

import re
from typing import Any

from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django_filters.fields import ChoiceField

from candidatures.cahier import FILIERES
from candidatures.dossier.etats import ETATS_INSTRUITS, EtatCandidature, SensDecision
from candidatures.instruction.affectation.filtres import A_PRENDRE, MOI, suivi_par
from candidatures.instruction.attente import Attente, attentes_de, qui_attendent
from candidatures.instruction.etiquettes.regles import LONGUEUR_MAX
from candidatures.instruction.lieux import Lieux, UnLieu
from candidatures.instruction.ma_vague.cas import avis, onglets, onglets_de, particularites, particularites_de
from candidatures.instruction.ma_vague.etats import Onglet, Particularite
from candidatures.instruction.recherche.sources import textes_trouves_par
from candidatures.instruction.suivi.etats import ChoixDAvis, Etape
from candidatures.vagues.models.vagues import Vague
from rebond.recherche.demande import Demande, comprendre
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.listes import Cas, Choix, JeuDeFiltres, Recherche
from rebond.socle.texte.nombres import entier_de_machine
from rebond.socle.texte.noms import alphabetique
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Departement, Region
from territoires.recherche import territoires_cherches

REFERENCE = re.compile(r"R[0-9]+-0*([0-9]+)", re.IGNORECASE)
CLE_MAX = 2**62
ETATS = [(etat.value, etat.label) for etat in EtatCandidature if etat in ETATS_INSTRUITS]


# What the narrow rows say of evaluations, once all those who read the file read them.
EVALUATIONS = {
    "lues": ("Notes connues", Q(evaluations_ouvertes=True)),
    "desaccord": ("Évaluateurs en désaccord", Q(desaccord=True)),
    "attendues": ("Notes pas encore connues", Q(evaluations_ouvertes=False)),
}


def _notes_entre(seuil: int, plafond: int | None = None) -> Q:
    """Those whose median is from `seuil` to `plafond` excluded, out of a hundred, whatever its scale."""
    au_moins = Q(GreaterThanOrEqual(F("note") * 100, F("note_sur") * seuil))
    return au_moins if plafond is None else au_moins & Q(LessThan(F("note") * 100, F("note_sur") * plafond))


NOTES = {
    "75": ("75 et plus", _notes_entre(75)),
    "50": ("De 50 à 75", _notes_entre(50, 75)),
    "25": ("De 25 à 50", _notes_entre(25, 50)),
    "0": ("Moins de 25", _notes_entre(0, 25)),
}


def _nomme(texte: str) -> Q:
    """By the territory's name, or by whatever names one of its members."""
    return Q(territoire__in=territoires_cherches(texte).order_by().values("pk"))


def _en_region(region: Region) -> Q:
    return Q(regions__contains=[region.pk])


def _en_departement(departement: Departement) -> Q:
    return Q(departements__contains=[departement.pk])


def _touche(filiere: str) -> Q:
    """What was deposited names this trade."""
    return Q(filieres__contains=[filiere])


def _etiquete(nom: str) -> Q:
    return Q(etiquettes__contains=[nom])


class ChampConfie(ChoiceField):
    """Instructeurs are not listed beforehand: « moi », « a_prendre », or the key of an account."""

    def valid_value(self, value: Any) -> bool:
        return value in {MOI, A_PRENDRE} or entier_de_machine(str(value), maximum=CLE_MAX) is not None


class Confie(Choix):
    field_class = ChampConfie


class ChampEtiquete(ChoiceField):
    """Labels are not listed beforehand: any short text may be one."""

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) <= LONGUEUR_MAX


class Etiquetes(Choix):
    field_class = ChampEtiquete


class FiltresDesDossiers(JeuDeFiltres):
    """Of `Suivi`, on the states that the reader may know (`etat_connu`)."""

    largeurs = {"q": 12}
    caches = ("onglet", "etape")

    onglet = Choix("Onglet", Onglet.choices)
    etape = Choix("Étape", Etape.choices, champ="etape")
    q = Recherche("Territoire, SIREN ou référence", _nomme)
    etat = Choix("État", ETATS, champ="etat_connu")
    region = UnLieu("Région", Region.objects.order_by(alphabetique("nom")), condition=_en_region, par="code")
    departement = UnLieu(
        "Département", Departement.objects.order_by("code"), condition=_en_departement, par="code", tous="Tous"
    )
    filiere = Choix(
        "Filière", [(filiere.cle, filiere.libelle) for filiere in FILIERES], condition=_touche, tous="Toutes"
    )
    avis = Choix("Avis", ChoixDAvis.choices, condition=lambda choisi: avis()[choisi])
    responsable = Confie("Instructeur", [])
    particularite = Choix("Particularité", Particularite.choices, tous="Toutes")
    etiquette = Etiquetes("Étiquette", [], condition=_etiquete, tous="Toutes")
    proposition = Choix("Proposition", SensDecision.choices, champ="candidature__proposition__sens", tous="Toutes")
    evaluations = Cas("Évaluations", EVALUATIONS, tous="Toutes")
    note = Cas("Note sur 100", NOTES, tous="Toutes")
    attente = Choix("Ce qui reste à faire", Attente.choices, tous="Tout")

    def __init__(self, *args: Any, moi: Utilisateur | None = None, vague: Vague | None = None, **options: Any) -> None:
        """`moi`: whoever reads, for whom something is left to do."""
        super().__init__(*args, **options)
        self.moi = moi
        self.demande: Demande | None = None
        self.filters["q"].condition = self._cherche
        genres = {"region": Region, "departement": Departement}
        lieux = Lieux({genre: self.data.get(nom, "") for nom, genre in genres.items()})
        for nom in genres:
            self.filters[nom].field.lieux = lieux
        self._cherches: dict[str, Q] = {}
        if moi is None or vague is None:
            for propre in ("attente", "onglet", "responsable", "particularite"):
                del self.filters[propre]
            return
        self.filters["attente"].condition = lambda attente: qui_attendent(moi, attente, jour_de_paris(horloge_base()))
        permis = [(attente.value, attente.label) for attente in attentes_de(moi)]
        self.filters["attente"].extra["choices"] = permis
        self.filters["responsable"].condition = lambda choisi: suivi_par(moi, choisi)
        # Nothing is made of what is not asked: a list has a form whatever it is asked.
        self.filters["onglet"].condition = lambda onglet: onglets(moi)[onglet]
        self.filters["onglet"].extra["choices"] = [(onglet, onglet.label) for onglet in onglets_de(moi)]
        self.filters["particularite"].condition = lambda choisie: particularites(moi, vague)[choisie]
        self.filters["particularite"].extra["choices"] = [(une, une.label) for une in particularites_de(moi)]

    def _cherche(self, texte: str) -> Q:
        """By reference, by name, or by what is written in the file; asked once of the database."""
        if texte not in self._cherches:
            self._cherches[texte] = self._lire_la_recherche(texte)
        return self._cherches[texte]

    def _lire_la_recherche(self, texte: str) -> Q:
        if reference := REFERENCE.fullmatch(texte):
            return Q(pk=int(reference.group(1)))
        self.demande = comprendre(texte)
        nommes = _nomme(texte)
        return nommes if self.demande.refus else nommes | Q(pk__in=textes_trouves_par(self.demande.mots))

    @property
    def demandees(self) -> dict[str, Any]:
        """What could be read of what is asked."""
        lues: dict[str, Any] = self.formulaire.cleaned_data if self.errors is not None else {}
        return {nom: valeur for nom, valeur in lues.items() if valeur}

    @property
    def conditions(self) -> dict[str, Q]:
        """What is asked, filter by filter, as conditions on narrow rows: nothing answers what cannot be read."""
        if self.formulaire.illisible:
            return {"": Q(pk__in=[])}
        return {nom: self.filters[nom].q(valeur) for nom, valeur in self.demandees.items()}


class FiltresDesAvis(JeuDeFiltres):
    """Of requests that come with `a_rendre` and `chez_un_collegue`."""

    avis = Cas(
        "Votre avis",
        {
            "a_rendre": ("Encore attendus", Q(a_rendre=True)),
            "a_prendre": ("À prendre par quelqu’un", Q(a_rendre=True, expert=None)),
            "collegue": ("Tenus par un collègue", Q(chez_un_collegue=True)),
            "rendu": ("Rendus", Q(rendu_le__isnull=False)),
        },
    )
