"""Reads again what lists of agents are made from, and names the files of which they would tell something else."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from candidatures.instruction.suivi.models import Suivi
from candidatures.instruction.suivi.requetes import ecarts, vagues_mal_comptees
from candidatures.vagues.models.vagues import Vague
from rebond.socle.preuve.instantane import instantane
from rebond.socle.texte.typographie import compte


class Command(BaseCommand):
    help = (
        "Compare ce que les listes des agents lisent de chaque dossier à ce que disent les tables. "
        "Code de sortie : 0 quand tout concorde, 1 sinon."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        with instantane():
            faux, lus = ecarts(), Suivi.objects.count()
            mal_comptees = list(Vague.objects.filter(pk__in=vagues_mal_comptees()).order_by("numero"))
        for cle in faux:
            self.stdout.write(f"DIFFÈRE – dossier {cle}")
        for vague in mal_comptees:
            self.stdout.write(f"DIFFÈRE – décompte de la vague {vague.numero}")
        if faux or mal_comptees:
            sys.exit(1)
        self.stdout.write(f"{compte(lus, 'dossier concorde', 'dossiers concordent')}.")
