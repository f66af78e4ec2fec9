"""Layers made from the database."""

from collections.abc import Iterable
from datetime import date

from rebond.socle.texte.noms import nom_nu
from rebond.socle.texte.typographie import compte
from territoires.carte.donnees import Couche, Forme, Motif
from territoires.etats import NatureMembre, Programme
from territoires.models import MembreTerritoireIndustrie, ProgrammeIndustrie, Territoire, TerritoireIndustrie

LIBELLE_LAUREATS = "Territoires lauréats de l’AMI Rebond industriel"
LIBELLE_PILOTES = "Territoires Rebond industriel France Relance"


def formes_de(territoires: Iterable[Territoire], *, numeroter: bool = False) -> tuple[Forme, ...]:
    """One shape per territory, by pilot région then name. No query after `pour_liste`."""
    ranges = sorted(territoires, key=lambda territoire: (nom_nu(territoire.region_pilote.nom), nom_nu(territoire.nom)))
    return tuple(
        Forme(
            nom=territoire.nom,
            region=territoire.region_pilote.nom,
            sirens=tuple(epci.siren for epci in territoire.epcis.all() if not epci.fictif),
            departement=territoire.departements[0].code if territoire.departements else "",
            numero=numero if numeroter else None,
            fictive=territoire.demonstration,
        )
        for numero, territoire in enumerate(ranges, start=1)
    )


def couche_laureats(territoires: Iterable[Territoire], *, libelle: str = LIBELLE_LAUREATS) -> Couche:
    return Couche(libelle, Motif.LAUREAT, formes_de(territoires, numeroter=True))


def couche_pilotes() -> Couche | None:
    """The pilots of France Relance, outside the laureates; None when the database knows none."""
    formes = formes_de(Territoire.objects.filter(pilote_france_relance=True).pour_liste())
    return Couche(LIBELLE_PILOTES, Motif.PILOTE, formes) if formes else None


def couche_perimetre(au: date) -> Couche | None:
    """The perimeter of the programme in force on the day `au`; None when its list has not been imported."""
    en_vigueur = ProgrammeIndustrie.objects.en_vigueur(au).first()
    if en_vigueur is None:
        return None
    programme = Programme(en_vigueur.programme)
    nombre = TerritoireIndustrie.objects.du_programme(programme).count()
    if not nombre:
        return None
    membres = MembreTerritoireIndustrie.objects.filter(territoire_industrie__programme=programme)
    entiers = membres.exclude(nature=NatureMembre.COMMUNE).order_by("siren").values_list("siren", flat=True)
    communes = membres.filter(nature=NatureMembre.COMMUNE).order_by("code_commune")
    nommes = f"des {compte(nombre, '', 'territoires d’industrie')}" if nombre > 1 else "d’un territoire d’industrie"
    libelle = f"Périmètre {nommes}"
    return Couche(
        libelle=libelle,
        motif=Motif.PERIMETRE,
        formes=(Forme(nom=libelle, region="", sirens=tuple(dict.fromkeys(entiers))),),
        communes=tuple(dict.fromkeys(communes.exclude(code_commune="").values_list("code_commune", flat=True))),
    )
