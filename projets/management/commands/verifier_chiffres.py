"""Counts again what was frozen, as it was known then."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from projets.communique.verification import faits_manquants, recompter
from rebond.socle.texte.typographie import compte


class Command(BaseCommand):
    help = (
        "Recompte chaque communiqué arrêté tel que ses faits étaient connus ce jour-là, et compare. "
        "Code de sortie : 0 quand tout est égal, 1 sinon."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        egaux, faux = 0, False
        for lue in recompter():
            if not lue.verifiable:
                self.stdout.write(f"SANS FAITS – {lue.communique} : arrêté avant que le portail ne date ses faits")
            elif not lue.ecarts:
                egaux += 1
            for ecart in lue.ecarts:
                faux = True
                self.stdout.write(f"DIFFÈRE – {lue.communique} : {ecart.libelle}, {ecart.publie} → {ecart.recompte}")
        for table, cle in faits_manquants():
            faux = True
            self.stdout.write(f"FAIT MANQUANT – {table}, ligne {cle}")
        if faux:
            sys.exit(1)
        self.stdout.write(f"{compte(egaux, 'communiqué se recompte', 'communiqués se recomptent')} à l’identique.")
