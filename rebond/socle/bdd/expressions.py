"""SQL that Django lacks. Migrations name these classes by this address: neither they nor it are ever renamed."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.expressions import Func


class HorlogeBase(Func):
    """`clock_timestamp()`: the instant of the statement, where `now()` is that of its transaction."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


class PeriodeVague(Func):
    """`[ouverture, cloture)`: the instant of closing belongs to the next wave."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Validite(Func):
    """`daterange`, both days included."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Jours(Func):
    """Days of a period, half-open: the last one is not of it; without it the period goes on."""

    function = "daterange"
    output_field = DateRangeField()


class Vecteur(Func):
    """What a text, or two, are searched by: `Vecteur("intitule", "description")`, in an index and in a query alike."""

    function = "recherche_vecteur"
    output_field = SearchVectorField()


class VecteurLong(Func):
    """The same of a text of hundreds of pages, whose beginning alone says where its words are."""

    function = "recherche_vecteur_long"
    output_field = SearchVectorField()


class SessionBase(Func):
    """`session_user`: who signed in to the database, whatever role was taken since."""

    function = "SESSION_USER"
    template = "%(function)s"
    output_field = models.CharField()


class Parmi(Func):
    """Condition `key = ANY(keys)`, the keys being an array or an `ArraySubquery`: as `key IN (…)`, with one relation
    less for the planner to place. Of a query that joins much to read a few rows, planning is the greater part."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    arity = 2
    output_field = models.BooleanField()

    @classmethod
    def dans(cls, cle: str, requete: models.QuerySet) -> "Parmi":
        """`requete` gives one column, the keys."""
        return cls(cle, ArraySubquery(requete))


class ValeursDuChemin(Func):
    """All that `chemin`, an SQL/JSON path, leads to in a JSON value, as an array: what an index may be made of."""

    template = "jsonb_path_query_array(%(expressions)s, '%(chemin)s'::jsonpath)"
    output_field = models.JSONField()
