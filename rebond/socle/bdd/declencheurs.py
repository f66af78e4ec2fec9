"""Triggers that several tables bear."""

from typing import cast

import pgtrigger
from django.apps import apps
from django.db import models

IMMUABLE = pgtrigger.Update | pgtrigger.Delete


def interdites(modele: type[models.Model]) -> set[str]:
    """Of UPDATE and DELETE, what the triggers of `modele` refuse on every row, whatever it holds."""
    return {
        str(operation)
        for declencheur in getattr(modele._meta, "triggers", ())
        if type(declencheur) is pgtrigger.Protect and declencheur.condition is None
        for operation in declencheur.operation or ()
    }


def garder_du_vidage() -> None:
    """Beside each trigger that keeps rows of a table, one that keeps the table whole: TRUNCATE fires no row trigger.

    A model made tomorrow gets it by itself; `makemigrations` sees it as if it were written in its Meta.
    """
    for modele in apps.get_models():
        if any(isinstance(d, pgtrigger.Protect) for d in getattr(modele._meta, "triggers", ())):
            JAMAIS_VIDEE.register(cast("models.Model", modele))


JAMAIS_VIDEE = pgtrigger.Trigger(
    name="jamais_videe",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;",
)
