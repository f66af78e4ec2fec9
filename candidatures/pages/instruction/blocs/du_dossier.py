"""The blocks of what is done on a file: its acts, its thread with the territory, its instruction so far."""

from candidatures.pages.instruction.blocs.bloc import Bloc

ACTES = Bloc("candidatures/instruction/blocs/actes.html")
LIENS = Bloc("candidatures/instruction/blocs/liens.html")
INSTRUCTION = Bloc("candidatures/instruction/blocs/instruction.html")
