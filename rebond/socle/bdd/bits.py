"""Strings of bits, which Postgres joins and counts. Migrations name this class by this address, kept for ever."""

from typing import Any

from django.db import models


class Bits(models.Field):
    """`largeur` bits, no fewer: what is joined bit by bit has the same length."""

    def __init__(self, *args: Any, largeur: int, **options: Any) -> None:
        self.largeur = largeur
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        nom, chemin, arguments, options = super().deconstruct()
        return nom, chemin, arguments, options | {"largeur": self.largeur}

    def db_type(self, connection: Any) -> str:
        return f"bit({self.largeur})"
