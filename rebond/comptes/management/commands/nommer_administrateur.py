"""`manage.py nommer_administrateur ADRESSE`: the first administrateur, whom nobody on the portal could name."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from rebond.comptes.actions.installation import nommer_administrateur
from rebond.comptes.regles import MOTIF_DE_NOMMER_MIN
from rebond.socle.erreurs import RegleEnfreinte
from territoires.etats import TypeOrganisme


class Command(BaseCommand):
    help = "Nomme le premier administrateur du portail ; l’acte est écrit au journal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("adresse", help="adresse e-mail de la personne, à qui elle seule a accès")
        parser.add_argument("--organisme", default="", help="nom de son organisme (par défaut, celui de son type)")
        parser.add_argument(
            "--type",
            default=TypeOrganisme.ANCT.value,
            choices=TypeOrganisme.values,
            help="type de son organisme (par défaut : %(default)s)",
        )
        parser.add_argument(
            "--motif",
            default="",
            help=f"pourquoi en nommer un autre d’ici, si deux sont en poste ({MOTIF_DE_NOMMER_MIN} signes au moins)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            nomme = nommer_administrateur(
                adresse=options["adresse"],
                organisme=options["organisme"],
                type_organisme=TypeOrganisme(options["type"]),
                motif=options["motif"],
            )
        except ValidationError as erreur:
            raise CommandError(" ".join(erreur.messages)) from erreur
        except RegleEnfreinte as refus:
            raise CommandError(refus.message) from refus
        self.stdout.write(
            f"{nomme.adresse} est administrateur dès que cette adresse est confirmée\u00a0: demander un code "
            "à la page «\u00a0Se connecter\u00a0» suffit."
        )
