"""SQL that Django lacks. Migrations name these classes by this address: neither they nor it are ever renamed."""

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


class SessionBase(Func):
    """`session_user`: who signed in to the database, whatever role was taken since."""

    function = "SESSION_USER"
    template = "%(function)s"
    output_field = models.CharField()


class ValeursDuChemin(Func):
    """All that `chemin`, an SQL/JSON path, leads to in a JSON value, as an array: what an index may be made of."""

    template = "jsonb_path_query_array(%(expressions)s, '%(chemin)s'::jsonpath)"
    output_field = models.JSONField()
