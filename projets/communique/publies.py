"""Figures that anyone may read: those of the last press release that is out, as it froze them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.db.models import DateTimeField, Q
from django.db.models.fields.json import KT, KeyTransform
from django.db.models.functions import Cast

from projets.chiffres import DE_TOUTES, PREFIXE_ENSEMBLE, Unite, ecrire, montrer
from projets.communique.arrondis import en_millions
from projets.publication.models import Communique
from rebond.socle.texte.accords import periode

# Laureates are not among them: the page counts those of today (`projets.chiffres.publics`), and says one number.
EN_VUE = tuple(
    f"{PREFIXE_ENSEMBLE}{cle}"
    for cle in ("industriels_rencontres", "projets_recenses", "investissements", "creations_potentielles")
)

# Of the last mission alone.
DU_RECIT = (
    "industriels_rencontres",
    "projets_recenses",
    "investissements",
    "creations_potentielles",
    "projets_orientes",
    "enveloppe",
    "creations_previsionnelles",
)


@dataclass(frozen=True, slots=True)
class ChiffrePublie:
    """A frozen figure as pages print it: `texte` is what its release says, coverage included; `en_bref` what is put on
    display. The page says once, for all of them, that they are those of all missions restituted."""

    cle: str
    libelle: str
    valeur: int | None
    texte: str
    en_bref: str
    definition: str
    au: date
    demonstration: bool

    def __str__(self) -> str:
        return self.texte

    @property
    def en_mots(self) -> str:
        """In a sentence: « plus de 286 millions d’euros ». A partial total goes on saying that it is one."""
        return en_millions(self.valeur) if self.valeur and self.texte.endswith("€") else self.texte

    @classmethod
    def depuis_json(cls, cle: str, donnees: Mapping[str, Any]) -> Self:
        """Figures frozen before coverage was kept were whole."""
        couverture = donnees.get("couverture") or {"renseignees": 0, "lignes": 0}
        dit = donnees["valeur"], Unite(donnees["unite"]), (couverture["renseignees"], couverture["lignes"])
        return cls(
            cle=cle,
            libelle=donnees["libelle"].removesuffix(f" ({DE_TOUTES.mot})"),
            valeur=donnees["valeur"],
            texte=ecrire(*dit),
            en_bref=montrer(*dit),
            definition=donnees["definition"],
            au=date.fromisoformat(donnees["au"]),
            demonstration=donnees["demonstration"],
        )


@dataclass(frozen=True, slots=True)
class Recit:
    """The last mission restituted, as the last release froze it: its name, its days, its own figures by key; None for
    those that it does not have."""

    titre: str
    debut: date | None
    restituee_le: date
    chiffres: Mapping[str, ChiffrePublie | None]

    @property
    def duree_en_mots(self) -> str:
        """« d’avril à août 2023 »; empty when its first day is not known."""
        return periode(self.debut, self.restituee_le) if self.debut else ""


@dataclass(frozen=True, slots=True)
class Publie:
    """What the last release out of embargo says: the figures of all missions, and the last of them."""

    chiffres: list[ChiffrePublie]
    recit: Recit | None


def publie(maintenant: datetime) -> Publie:
    """One query; nothing before the first release."""
    lu = (
        Communique.objects.annotate(publique_a=Cast(KT("resume__publique_a"), DateTimeField()))
        .filter(Q(publique_a=None) | Q(publique_a__lte=maintenant))
        .order_by("-au", "-version")
        .values_list("resume", KeyTransform("restitutions", "sommaire"))
        .first()
    )
    if lu is None:
        return Publie([], None)
    resume, restitutions = lu
    return Publie(_de_toutes(resume["chiffres"]), _recit(resume["chiffres"], restitutions))


def _recit(chiffres: Mapping[str, Any], restitutions: Sequence[Mapping[str, Any]] | None) -> Recit | None:
    """The first restitution is the latest. A release that tells of none has no story."""
    if not restitutions:
        return None
    derniere = restitutions[0]
    return Recit(
        titre=derniere["titre"],
        debut=date.fromisoformat(derniere["debut"]) if derniere.get("debut") else None,
        restituee_le=date.fromisoformat(derniere["restituee_le"]),
        chiffres={
            cle: ChiffrePublie.depuis_json(cle, chiffres[cle]) if chiffres.get(cle, {}).get("valeur") else None
            for cle in DU_RECIT
        },
    )


def derniers_chiffres(maintenant: datetime) -> list[ChiffrePublie]:
    """The headline figures of the last release out of embargo; empty before the first one. One query.

    They are those of all missions restituted so far, which never go down because the latest one was small. A release
    that counted otherwise « toutes missions » has none to show.
    """
    return publie(maintenant).chiffres


def _de_toutes(chiffres: Mapping[str, Any]) -> list[ChiffrePublie]:
    return [
        ChiffrePublie.depuis_json(cle, chiffres[cle])
        for cle in EN_VUE
        if chiffres[cle]["valeur"] and chiffres[cle]["definition"].endswith(DE_TOUTES.texte)
    ]
