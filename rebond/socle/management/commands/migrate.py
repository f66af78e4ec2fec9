"""Django's `migrate`, as the role that owns the tables."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from rebond.socle.bdd.etats_de_migration import ne_redessiner_que_ce_qui_change
from rebond.socle.bdd.roles import en_proprietaire, peut_migrer


class Command(migrate.Command):
    def handle(self, *arguments: Any, **options: Any) -> None:
        connexion = connections[options["database"]]
        with en_proprietaire(connexion):
            if not peut_migrer(connexion):
                raise CommandError(
                    f"Le rôle « {connexion.settings_dict['USER']} » n'a pas le droit de migrer la base : indiquez par "
                    "REBOND_BASE_PROPRIETAIRE l'adresse de celui qui possède les tables."
                )
            with ne_redessiner_que_ce_qui_change():
                super().handle(*arguments, **options)
