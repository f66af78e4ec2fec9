"""Says what the time of each kind of object has passed for; with `--appliquer`, ends it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rebond.donnees.conservation import actions
from rebond.donnees.conservation.regles import REGLES, Regle
from rebond.donnees.conservation.requetes import compter
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import compte


class Command(BaseCommand):
    help = (
        "Compte, sorte par sorte, ce dont la durée de conservation est passée, sans nommer personne. Rien n’est "
        "changé sans --appliquer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        cles = [regle.cle for regle in REGLES]
        parser.add_argument("--appliquer", action="store_true", help="efface ou rend anonyme, et le dit au journal")
        parser.add_argument("--sorte", action="append", choices=cles, help="cette sorte seulement ; peut être répété")

    def handle(self, *_args: Any, appliquer: bool, sorte: list[str] | None, **_options: Any) -> None:
        regles = [regle for regle in REGLES if sorte is None or regle.cle in sorte]
        if appliquer:
            self._appliquer([regle for regle in regles if regle.finir])
            return
        dus = compter(maintenant=horloge_base(), regles=regles)
        for regle in regles:
            nombre = compte(dus[regle.cle], "objet")
            self.stdout.write(f"{regle.nom} : {nombre} à finir ({regle.en_mots} ; {_par(regle)})")
        self.stdout.write("Rien n’a été changé. Pour l’appliquer : manage.py appliquer_conservation --appliquer")

    def _appliquer(self, regles: list[Regle]) -> None:
        finis = actions.appliquer(maintenant=horloge_base(), regles=regles)
        if regles and not finis:
            raise CommandError("Une autre application des durées est en cours : réessayez quand elle sera finie.")
        for regle in regles:
            finis_en_mots = compte(finis[regle.cle], f"objet {regle.fin}", f"objets {regle.fin.pluriel}")
            self.stdout.write(f"{regle.nom} : {finis_en_mots}")


def _par(regle: Regle) -> str:
    if regle.ailleurs:
        return f"par la tâche {regle.ailleurs}"
    return "d’office, chaque heure" if regle.d_office else "par cette commande"
