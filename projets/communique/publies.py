"""Figures that anyone may read: those of the last press release that is out, as it froze them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.db.models import DateTimeField, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from projets.chiffres import DE_TOUTES, PREFIXE_ENSEMBLE, Unite, ecrire
from projets.publication.models import Communique

# Laureates are not among them: the page counts those of today (`projets.chiffres.publics`), and says one number.
EN_VUE = tuple(
    f"{PREFIXE_ENSEMBLE}{cle}"
    for cle in ("industriels_rencontres", "projets_recenses", "investissements", "creations_potentielles")
)


@dataclass(frozen=True, slots=True)
class ChiffrePublie:
    """A frozen figure as pages print it: `texte` is what its release says, coverage included. The page says once, for
    all of them, that they are those of all missions restituted."""

    cle: str
    libelle: str
    valeur: int | None
    texte: str
    definition: str
    au: date
    demonstration: bool

    def __str__(self) -> str:
        return self.texte

    @classmethod
    def depuis_json(cls, cle: str, donnees: Mapping[str, Any]) -> Self:
        """Figures frozen before coverage was kept were whole."""
        couverture = donnees.get("couverture") or {"renseignees": 0, "lignes": 0}
        return cls(
            cle=cle,
            libelle=donnees["libelle"].removesuffix(f" ({DE_TOUTES.mot})"),
            valeur=donnees["valeur"],
            texte=ecrire(
                donnees["valeur"], Unite(donnees["unite"]), (couverture["renseignees"], couverture["lignes"])
            ),
            definition=donnees["definition"],
            au=date.fromisoformat(donnees["au"]),
            demonstration=donnees["demonstration"],
        )


def derniers_chiffres(maintenant: datetime) -> list[ChiffrePublie]:
    """The headline figures of the last release out of embargo; empty before the first one. One query.

    They are those of all missions restituted so far, which never go down because the latest one was small. A release
    that counted otherwise « toutes missions » has none to show.
    """
    resume = (
        Communique.objects.annotate(publique_a=Cast(KT("resume__publique_a"), DateTimeField()))
        .filter(Q(publique_a=None) | Q(publique_a__lte=maintenant))
        .order_by("-au", "-version")
        .values_list("resume", flat=True)
        .first()
    )
    if resume is None:
        return []
    chiffres = resume["chiffres"]
    return [
        ChiffrePublie.depuis_json(cle, chiffres[cle])
        for cle in EN_VUE
        if chiffres[cle]["valeur"] and chiffres[cle]["definition"].endswith(DE_TOUTES.texte)
    ]
