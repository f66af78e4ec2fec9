"""What lists are sorted by: names by their bare letters, enumerations by their own order, what is empty last."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Case, CharField, Choices, F, Field, IntegerField, Model, TextField, Value, When
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import NullIf

from rebond.socle.texte.noms import alphabetique

Cle = str | Combinable


def rang(champ: str, valeurs: type[Choices]) -> Case:
    """The order in which an enumeration is written: `champ` is a field or an annotation."""
    return _rang(champ, [valeur.value for valeur in valeurs])


def _rang(champ: str, valeurs: Sequence[Any]) -> Case:
    return Case(
        *(When(**{champ: valeur}, then=Value(place)) for place, valeur in enumerate(valeurs)),
        output_field=IntegerField(),
    )


def cle_de(modele: type[Model], chemin: str) -> Combinable:
    """How the field at `chemin` sorts (« epci__nom »); an annotation sorts as it is."""
    champ = champ_de(modele, chemin)
    if champ is None:
        return F(chemin)
    if champ.choices:
        return _rang(chemin, [valeur for valeur, _ in champ.flatchoices])
    if isinstance(champ, CharField | TextField):
        return alphabetique(NullIf(F(chemin), Value("")) if champ.blank else chemin)
    return F(chemin)


def champ_de(modele: type[Model], chemin: str) -> Field | None:
    """The field at `chemin`, through relations; None when its first step is no field of the model."""
    *relations, nom = chemin.split(LOOKUP_SEP)
    for relation in relations:
        suivant: Any = modele._meta.get_field(relation).related_model
        modele = suivant
    try:
        trouve = modele._meta.get_field(nom)
    except FieldDoesNotExist:
        if relations:
            raise
        return None
    return trouve if isinstance(trouve, Field) else None


def ordonner(
    cles: Sequence[Cle], *, descendant: bool = False, modele: type[Model] | None = None
) -> list[OrderBy | str]:
    """What has no value comes last in both directions; the primary key settles the rest, always the same way.

    Of a field of `modele` that always has a value nothing is said of those without: the same index, read backwards,
    then gives both directions.
    """
    expressions = [F(cle) if isinstance(cle, str) else cle for cle in cles]
    return [*(_sens(cle, modele, descendant=descendant) for cle in expressions), "pk"]


def _sens(cle: Any, modele: type[Model] | None, *, descendant: bool) -> OrderBy:
    nom = getattr(cle, "name", "") if isinstance(cle, F) else ""
    champ = champ_de(modele, nom) if modele is not None and nom and LOOKUP_SEP not in nom else None
    vides = None if nom == "pk" or (champ is not None and not champ.null) else True
    sens: OrderBy = cle.desc(nulls_last=vides) if descendant else cle.asc(nulls_last=vides)
    return sens
