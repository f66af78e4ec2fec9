"""What the commands that print figures share."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date

from django.core.management.base import CommandError

from projets.mission.regles import PREMIER_JOUR
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.texte.jours import Illisible, lire_jour
from rebond.socle.texte.typographie import date_fr


def ajouter_au(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--au", type=jour, metavar="AAAA-MM-JJ", help="jour des chiffres, inclus (par défaut : aujourd’hui, à Paris)"
    )


def jour(saisie: str) -> date:
    try:
        return lire_jour(saisie, minimum=PREMIER_JOUR)
    except Illisible as refus:
        raise ArgumentTypeError(f"«\u00a0{saisie}\u00a0»\u00a0: {refus.message}") from None


def au_ou_aujourd_hui(au: date | None) -> date:
    """Today at the latest: tomorrow's figures are not known."""
    aujourd_hui = jour_de_paris(horloge_base())
    if au is not None and au > aujourd_hui:
        raise CommandError(f"Le {date_fr(au)} est dans l’avenir : choisissez aujourd’hui au plus tard.")
    return au or aujourd_hui
