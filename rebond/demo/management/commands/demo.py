"""`manage.py demo`: loads the demonstration set into an empty portal and prints its accounts."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from rebond.demo import chargement, comptes
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Epci


class Command(BaseCommand):
    help = "Charge le jeu de démonstration (une seule fois) et affiche les comptes."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(
                "Ce portail n’est pas un portail de démonstration : REBOND_DEMONSTRATION=oui est nécessaire."
            )
        if not Epci.objects.filter(fictif=False).exists():
            call_command("charger_referentiel", stdout=self.stdout, stderr=self.stderr)
        try:
            chargement.charger(horloge_base())
        except chargement.DejaChargee:
            if not Utilisateur.objects.filter(email=comptes.COMPTES[0].email).exists():
                raise CommandError(
                    "La base contient déjà des vagues qui ne viennent pas de la démonstration : rien n’a été chargé."
                ) from None
            comptes.completer(horloge_base())
            self.stdout.write("Le jeu de démonstration est déjà chargé.")
        else:
            self.stdout.write(self.style.SUCCESS("Jeu de démonstration chargé."))
        self.stdout.write(f"\nComptes (mot de passe : {comptes.MOT_DE_PASSE})")
        for compte in comptes.COMPTES:
            self.stdout.write(f"  {compte.email:<45} {compte.fonction}")
