"""What every import of the command line has in common: it reads all, names all the faults, and says what it changes.

`--a-blanc` does everything, then undoes it. What would lose more than `CHUTE_MAX` of what is here is refused without
`--confirmer`. Exit codes: see `Issue`.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import IO, Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand, CommandError

from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.texte.typographie import compte

CHUTE_MAX = 0.10
MONTRES_MAX = 30
CODES = (
    "Codes de sortie : 0, tout est importé ; 2, des fautes sont nommées, ou une confirmation est demandée ; "
    "1, rien n’a pu être lu."
)


class Issue(IntEnum):
    """The exit code: everything is in; nothing could be read; faults are named."""

    TOUT = 0
    ILLISIBLE = 1
    FAUTES = 2


@dataclass(frozen=True)
class Ecart:
    """What an import changes of one kind of thing, in words; `presents` is how many there were."""

    quoi: str
    presents: int = 0
    ajoutes: tuple[str, ...] = ()
    modifies: tuple[str, ...] = ()
    retires: tuple[str, ...] = ()

    @property
    def chute(self) -> bool:
        """Whether more is lost than a new list honestly loses: the file may not be whole."""
        return len(self.retires) > CHUTE_MAX * self.presents

    def lignes(self) -> Iterator[str]:
        yield (
            f"{self.quoi} ({self.presents} ici)\u00a0: {compte(len(self.ajoutes), 'ajout')}, "
            f"{compte(len(self.modifies), 'changement')}, {compte(len(self.retires), 'retrait')}."
        )
        for titre, noms in (("+", self.ajoutes), ("~", self.modifies), ("−", self.retires)):
            yield from (f"  {titre} {nom}" for nom in noms[:MONTRES_MAX])
            if len(noms) > MONTRES_MAX:
                yield f"  {titre} … et {compte(len(noms) - MONTRES_MAX, 'autre')}"


class ChuteRefusee(RegleEnfreinte):
    """An import that would lose too much, and that nobody has confirmed. Nothing has been written."""

    def __init__(self, ecarts: Collection[Ecart]) -> None:
        pertes = ", ".join(
            f"{compte(len(ecart.retires), 'retrait')} sur {ecart.presents} ({ecart.quoi.lower()})"
            for ecart in ecarts
            if ecart.chute
        )
        super().__init__(
            f"Plus de {CHUTE_MAX * 100:.0f}\u00a0% de ce qui est ici serait perdu\u00a0: {pertes}. "
            "Le fichier est-il entier\u00a0? S’il l’est, recommencez avec --confirmer."
        )
        self.ecarts = tuple(ecarts)


def refuser_une_chute(ecarts: Collection[Ecart], *, confirmer: bool) -> None:
    """Raises `ChuteRefusee`."""
    if not confirmer and any(ecart.chute for ecart in ecarts):
        raise ChuteRefusee(ecarts)


class CommandeDImport(BaseCommand):
    """`importer` does the work, writes its report on `self.stdout`, and returns whether everything is in."""

    # Whether it removes, or leaves behind, what its file does not hold.
    peut_perdre: ClassVar[bool] = False

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        parseur = super().create_parser(prog_name, subcommand, epilog=CODES, **options)

        def finir(status: int = 0, message: str | None = None) -> NoReturn:
            """Wrong arguments: nothing was read."""
            if message:
                sys.stderr.write(message)
            sys.exit(Issue.ILLISIBLE if status else Issue.TOUT)

        parseur.exit = finir  # type: ignore[method-assign]
        return parseur

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--a-blanc", action="store_true", help="tout essayer, ne rien écrire")
        if self.peut_perdre:
            parser.add_argument(
                "--confirmer",
                action="store_true",
                help=f"importer même si plus de {CHUTE_MAX * 100:.0f} %% de ce qui est ici doit être retiré",
            )

    def importer(self, *_args: Any, **options: Any) -> bool:
        """Raises `RegleEnfreinte` when nothing could be read."""
        raise NotImplementedError

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            complet = self.importer(**options)
        except ChuteRefusee as refus:
            self.dire(ligne for ecart in refus.ecarts for ligne in ecart.lignes())
            self.dire(["", f"Rien n’a été importé. {refus.message}"])
            complet = False
        except RegleEnfreinte as refus:
            raise CommandError(refus.message, returncode=Issue.ILLISIBLE) from None
        if options["a_blanc"]:
            self.dire(["", "Essai à blanc\u00a0: rien n’a été écrit."])
        if not complet:
            sys.exit(Issue.FAUTES)

    def dire(self, lignes: Iterable[str], sortie: IO[str] | None = None) -> None:
        for ligne in lignes:
            (sortie or self.stdout).write(ligne)

    def dire_les_fautes(self, fautes: Collection[Any]) -> None:
        self.dire(str(faute) for faute in fautes)
        self.dire(["", f"Rien n’a été importé\u00a0: {compte(len(fautes), 'faute')} à corriger."])
