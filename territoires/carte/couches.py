"""Layers made from the database."""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from rebond.socle.texte.noms import nom_nu
from rebond.socle.texte.typographie import compte
from territoires.carte.donnees import Couche, Forme, Motif
from territoires.etats import NatureMembre
from territoires.models import MembreTerritoireIndustrie, ProgrammeIndustrie, Territoire, TerritoireIndustrie

LIBELLE_LAUREATS = "Territoires lauréats de l’AMI Rebond industriel"
LIBELLE_PILOTES = "Territoires Rebond industriel France Relance"


def couches_des_territoires(
    laureats: "QuerySet[Territoire]", jour: date, *, suivis: bool = False
) -> tuple[Couche, Couche | None]:
    """Laureates, and the pilots of France Relance (None when the database knows none), as of `jour`. One query.

    `suivis`: each says what became of its members that are gone, which a release does not.
    """
    laureat = Q(pk__in=laureats.order_by().values("pk"))
    montres = Territoire.objects.filter(laureat | Q(pilote_france_relance=True)).pour_carte(jour)
    lus = list(montres.annotate(laureat=ExpressionWrapper(laureat, output_field=BooleanField())))
    pilotes = _formes((lu for lu in lus if lu.pilote_france_relance), suivis=suivis)
    return (
        Couche(
            LIBELLE_LAUREATS, Motif.LAUREAT, _formes((lu for lu in lus if lu.laureat), numeroter=True, suivis=suivis)
        ),
        Couche(LIBELLE_PILOTES, Motif.PILOTE, pilotes) if pilotes else None,
    )


def _formes(territoires: Iterable[Territoire], *, numeroter: bool = False, suivis: bool = False) -> tuple[Forme, ...]:
    """One shape per territory (`pour_carte`), by pilot région then name."""
    ranges = sorted(territoires, key=lambda territoire: (nom_nu(territoire.region_pilote.nom), nom_nu(territoire.nom)))
    return tuple(
        Forme(
            nom=territoire.nom,
            region=territoire.region_pilote.nom,
            sirens=tuple(territoire.sirens_reels),
            departement=territoire.premier_departement or "",
            numero=numero if numeroter else None,
            fictive=territoire.demonstration,
            suite=territoire.suite if suivis else "",
        )
        for numero, territoire in enumerate(ranges, start=1)
    )


def couche_perimetre(au: date) -> Couche | None:
    """The perimeter of the programme in force on the day `au`; None when its list has not been imported. One query."""
    industrie = TerritoireIndustrie.objects.filter(programme=OuterRef("programme"))
    membres = MembreTerritoireIndustrie.objects.filter(territoire_industrie__programme=OuterRef("programme"))
    entiers = membres.exclude(nature=NatureMembre.COMMUNE).order_by("siren")
    communes = membres.filter(nature=NatureMembre.COMMUNE).exclude(code_commune="").order_by("code_commune")
    en_vigueur = (
        ProgrammeIndustrie.objects.en_vigueur(au)
        .annotate(
            nombre=Subquery(industrie.order_by().values("programme").annotate(n=Count("pk")).values("n")),
            sirens=ArraySubquery(entiers.values("siren")),
            communes=ArraySubquery(communes.values("code_commune")),
        )
        .first()
    )
    if en_vigueur is None or not en_vigueur.nombre:
        return None
    nombre = en_vigueur.nombre
    nommes = f"des {compte(nombre, '', 'territoires d’industrie')}" if nombre > 1 else "d’un territoire d’industrie"
    libelle = f"Périmètre {nommes}"
    return Couche(
        libelle=libelle,
        motif=Motif.PERIMETRE,
        formes=(Forme(nom=libelle, region="", sirens=tuple(dict.fromkeys(en_vigueur.sirens))),),
        communes=tuple(dict.fromkeys(en_vigueur.communes)),
    )
