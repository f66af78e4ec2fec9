"""À ÉCRIRE."""

from django.db import models
from django.db.models.expressions import Func


class HorlogeBase(Func):
    """`clock_timestamp()`: the instant of the statement, where `now()` is that of its transaction."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()
