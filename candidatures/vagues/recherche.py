"""What search finds of waves: by their number, their year or their month. Their dates are public."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, TruncDate
from django.urls import reverse

from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import a_le_role
from rebond.recherche.source import NOMME, Ligne, Recherche, Resultat, Source
from rebond.socle.texte.nombres import entier_de_machine
from rebond.socle.texte.noms import nom_nu
from rebond.socle.texte.typographie import MOIS, date_fr
from territoires.etats import Role

# To them a closed wave is its files (`instruction:vague`); to everybody else, its dates.
LISENT_LES_DOSSIERS = (Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR)
CLOSE = "close"
# What people call them, which says nothing of which one.
NOMS = frozenset({"vague", "vagues", "releve", "releves", "periode", "periodes", "depot", "depots", "de"})
RANGS = {nom_nu(mois): rang for rang, mois in enumerate(MOIS, start=1)}
ANNEE_MAX = 9999
# « 0000 » is no year.
ANNEE = re.compile(r"(?!0000)[0-9]{4}")
NUMERO = re.compile(r"[0-9]{1,3}")


class Vagues(Source):
    genre = "vagues"
    titre = "Vagues"

    def lignes(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        designees = _designe(recherche.demande.mots)
        if designees is None:
            return
        closes = Vague.objects.closes(recherche.instant).order_by().filter(pk=OuterRef("pk"))
        yield self.rangee(
            Vague.objects.filter(designees),
            recherche,
            rang=NOMME,
            titre=Concat(Value("Vague "), Cast("numero", TextField()), output_field=TextField()),
            precision=Concat(_jour("ouverture"), Value(" "), _jour("cloture"), output_field=TextField()),
            marque=Case(When(Exists(closes), then=Value(CLOSE)), default=Value("")),
            parent="numero",
        )

    def adresse(self, ligne: Ligne, recherche: Recherche) -> str:
        if ligne.marque == CLOSE and a_le_role(recherche.moi, *LISENT_LES_DOSSIERS):
            return reverse("instruction:vague", args=[ligne.parent])
        return reverse("calendrier")

    def resultat(self, ligne: Ligne, recherche: Recherche) -> Resultat:
        ouverture, cloture = (date_fr(date.fromisoformat(lu)) for lu in ligne.precision.split())
        return super().resultat(replace(ligne, precision=f"Du {ouverture} au {cloture}"), recherche)


def _designe(mots: Sequence[str]) -> Q | None:
    """The waves that these words mean; None when they speak of something else."""
    condition = Q()
    for mot in mots:
        if mot in NOMS:
            continue
        nombre = entier_de_machine(mot, maximum=ANNEE_MAX)
        if mot in RANGS:
            condition &= Q(ouverture__month=RANGS[mot]) | Q(cloture__month=RANGS[mot])
        elif nombre is None:
            return None
        elif ANNEE.fullmatch(mot):
            condition &= Q(ouverture__year=nombre) | Q(cloture__year=nombre)
        elif NUMERO.fullmatch(mot):
            condition &= Q(numero=nombre)
        else:
            return None
    return condition if condition or any(mot.startswith(("vague", "releve")) for mot in mots) else None


def _jour(champ: str) -> Cast:
    return Cast(TruncDate(champ), TextField())
