"""Where what was looked for stands, in the files of one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, TextField, Value, When
from django.utils.safestring import SafeString

from candidatures.instruction.recherche.models import TexteDuDossier, TexteLu
from candidatures.instruction.recherche.verite import REPONSES
from rebond.recherche.demande import Demande
from rebond.recherche.expressions import Extrait, RequeteDe, Trouve, surligner


@dataclass(frozen=True, slots=True)
class Endroit:
    """`ou` in words; `extrait` the passage, when there is one to quote."""

    ou: str
    extrait: SafeString | str = ""


def ou_trouves(lignes: Sequence[Any], demande: Demande) -> dict[int, list[Endroit]]:
    """By key of `lignes` (narrow rows, all of them found), where; one statement, of these rows alone."""
    endroits: dict[int, list[Endroit]] = {ligne.pk: [] for ligne in lignes}
    for ligne in lignes:
        if demande.nom and demande.nom in ligne.nom:
            endroits[ligne.pk].append(Endroit("Dans le nom du territoire"))
    if not demande.refus:
        requete = RequeteDe(demande.mots)
        passage = Case(
            When(origine=REPONSES, then=Extrait(TexteLu("candidature", "origine"), requete)),
            default=Value(""),
            output_field=TextField(),
        )
        textes = TexteDuDossier.objects.filter(Trouve("vecteur", requete), candidature__in=list(endroits))
        pieces: dict[int, int] = {}
        for cle, origine, extrait in textes.order_by("pk").values_list("candidature", "origine", passage):
            if origine == REPONSES:
                endroits[cle].append(Endroit("Dans les réponses", surligner(extrait)))
            else:
                pieces[cle] = pieces.get(cle, 0) + 1
        for cle, nombre in pieces.items():
            endroits[cle].append(Endroit("Dans une pièce jointe" if nombre == 1 else f"Dans {nombre} pièces jointes"))
    for trouves in endroits.values():
        if not trouves:
            trouves.append(Endroit("Dans le nom ou le SIREN d’une de ses collectivités"))
    return endroits
