"""How « Ma vague » shows its counts: tabs, the bar by stage, the choices of each filter, what is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from candidatures.instruction.affectation.filtres import A_PRENDRE, MOI
from candidatures.instruction.filtres import ChampConfie, FiltresDesDossiers
from candidatures.instruction.ma_vague.etats import Onglet
from candidatures.instruction.ma_vague.facettes import FACETTES, LIBRE
from candidatures.instruction.ma_vague.requetes import Compte, Comptes
from candidatures.instruction.suivi.etats import Etape
from candidatures.instruction.vues_enregistrees.models import DEMANDE_MAX
from rebond.socle.listes.barres import ETENDUE
from rebond.socle.texte.noms import nom_nu
from rebond.socle.texte.typographie import nombre
from rebond.socle.utilisateur import Utilisateur

#: What a view keeps of an address, beside the filters.
PRESENTATION = ("tri", "colonnes")


@dataclass(frozen=True)
class Choisi:
    """A count that is a way in: `adresse` leads to what it counts, or away from it once it is `choisi`."""

    cle: str
    libelle: str
    nombre: int
    adresse: str
    choisi: bool


@dataclass(frozen=True)
class Part:
    """One stage of the bar, from `debut` on, in parts of `ETENDUE`."""

    choix: Choisi
    debut: int
    largeur: int


@dataclass(frozen=True)
class Demande:
    """One filter that is asked, in words, and the address of the list without it."""

    libelle: str
    sans: str


def adresse(demande: QueryDict, **changements: str) -> str:
    """The same list, changed; an empty value takes a choice away. Its first page."""
    changee = demande.copy()
    changee.pop("page", None)
    for nom, valeur in changements.items():
        if valeur:
            changee[nom] = valeur
        else:
            changee.pop(nom, None)
    return f"?{changee.urlencode()}"


def demande_gardee(demande: QueryDict) -> str:
    """What a view may keep of an address: how one looks, never at which page nor at which files."""
    connus = {*FiltresDesDossiers.base_filters, *PRESENTATION}
    gardee = QueryDict(mutable=True)
    for nom in demande:
        if nom in connus:
            gardee.setlist(nom, [valeur for valeur in demande.getlist(nom) if valeur])
    ecrite = gardee.urlencode()
    return ecrite if len(ecrite) <= DEMANDE_MAX else ""


def onglets_comptes(jeu: FiltresDesDossiers, comptes: Comptes, demande: QueryDict) -> list[Choisi]:
    courant, lus = jeu.demandees.get("onglet", Onglet.TOUS), comptes.de("onglet")
    return [
        Choisi(cle, libelle, lus.get(cle, 0), adresse(demande, onglet=cle), cle == courant)
        for cle, libelle in jeu.filters["onglet"].extra["choices"]
    ]


def barre_des_etapes(comptes: Comptes, demande: QueryDict) -> list[Part]:
    """The stages that have files, in their order, one after the other along the bar."""
    lus = comptes.de("etape")
    total = sum(lus.values())
    parts, debut, lu = [], 0, 0
    for etape in Etape:
        if compte := lus.get(etape, 0):
            choisi = demande.get("etape") == etape
            choix = Choisi(etape, etape.label, compte, adresse(demande, etape="" if choisi else etape), choisi)
            lu += compte
            fin = max(lu * ETENDUE // total, min(debut + 4, ETENDUE))
            parts.append(Part(choix, debut, fin - debut))
            debut = fin
    return parts


def champs_de_choix(jeu: FiltresDesDossiers) -> list[Any]:
    """The fields of the form that are lists."""
    return [jeu.formulaire[nom] for nom in jeu.formulaire.fields if nom not in {*jeu.caches, "q"}]


def compter_les_choix(jeu: FiltresDesDossiers, comptes: Comptes, moi: Utilisateur) -> None:
    """Each list of the form offers what has files, with how many: nothing more is asked of the database."""
    for facette in FACETTES:
        if facette.cle in jeu.caches or facette.cle not in jeu.formulaire.fields:
            continue
        champ: Any = jeu.formulaire.fields[facette.cle]
        lus = comptes.par_facette.get(facette.cle, [])
        if facette.cle == "responsable":
            choix = _responsables(lus, moi)
        elif facette.noms is not None or facette.cle == "etiquette":
            nommes = [(lu.valeur, lu.nom or lu.valeur, lu.nombre) for lu in lus]
            choix = sorted(nommes, key=lambda nomme: (nom_nu(nomme[1]), nomme[0]))
        else:
            choix = _dans_l_ordre(champ.choices, comptes.de(facette.cle))
        demande = jeu.formulaire.data.get(facette.cle, "")
        if demande and demande not in {valeur for valeur, _, _ in choix} and facette.cle not in jeu.errors:
            choix.append((demande, _sans_compte(champ, demande, jeu.demandees[facette.cle]), 0))
        champ.widget.choices = [
            ("", champ.empty_label),
            *((valeur, f"{libelle} ({nombre(compte)})") for valeur, libelle, compte in choix),
        ]


def _dans_l_ordre(choix: Iterable[tuple[Any, Any]], comptes: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(valeur, str(libelle), comptes[valeur]) for valeur, libelle in choix if valeur and comptes.get(valeur)]


def _responsables(lus: list[Compte], moi: Utilisateur) -> list[tuple[str, str, int]]:
    par_cle = {lu.valeur: lu for lu in lus}
    premiers = [(MOI, "Moi", str(moi.pk)), (A_PRENDRE, "À prendre", LIBRE)]
    connus = [(cle, libelle, par_cle.pop(valeur).nombre) for cle, libelle, valeur in premiers if valeur in par_cle]
    autres = sorted(par_cle.values(), key=lambda lu: (nom_nu(lu.nom), lu.valeur))
    return [*connus, *((lu.valeur, lu.nom, lu.nombre) for lu in autres)]


def filtres_demandes(jeu: FiltresDesDossiers, demande: QueryDict) -> list[Demande]:
    """What is asked, but for the tab, which says so itself."""
    dits = []
    for nom, valeur in jeu.demandees.items():
        if nom == "onglet":
            continue
        filtre = jeu.filters[nom]
        dit = Etape(valeur).label if nom == "etape" else _en_mots(jeu, nom, valeur)
        dits.append(Demande(f"{filtre.label}\u00a0: {dit}", adresse(demande, **{nom: ""})))
    return dits


def _en_mots(jeu: FiltresDesDossiers, nom: str, valeur: Any) -> str:
    champ: Any = jeu.formulaire.fields[nom]
    saisie = jeu.formulaire.data.get(nom, "")
    choix = {str(cle): str(libelle) for cle, libelle in getattr(champ.widget, "choices", ())}
    if saisie not in choix:
        return str(valeur)
    comptes = {facette.cle for facette in FACETTES}
    return choix[saisie].rpartition(" (")[0] if nom in comptes else choix[saisie]


def _sans_compte(champ: Any, demande: str, valeur: Any) -> str:
    """How a choice is named that no file answers."""
    if demande == MOI:
        return "Moi"
    if demande == A_PRENDRE:
        return "À prendre"
    if isinstance(champ, ChampConfie):
        return "Une autre personne"
    if isinstance(valeur, str):
        return {str(cle): str(libelle) for cle, libelle in champ.choices}.get(demande, valeur)
    return str(valeur)
