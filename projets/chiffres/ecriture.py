"""How a figure is written: exact, or as it is put on display."""

from datetime import date
from enum import StrEnum

from rebond.socle.texte.typographie import compte, date_fr, euros, millions, nombre

JAMAIS = "non programmée"
INCONNU = "non renseigné"
MILLION = 1_000_000


class Unite(StrEnum):
    """Of what `Chiffre.valeur` counts; amounts are whole euros."""

    TERRITOIRES = "territoires"
    REGIONS = "régions"
    INDUSTRIELS = "industriels"
    PROJETS = "projets"
    EMPLOIS = "emplois"
    EUROS = "euros"
    DATE = "date"


SINGULIERS = {
    Unite.TERRITOIRES: "territoire",
    Unite.REGIONS: "région",
    Unite.INDUSTRIELS: "industriel",
    Unite.PROJETS: "projet",
    Unite.EMPLOIS: "emploi",
}


def reserve(renseignees: int, total: int) -> str:
    """What must be read beside a sum of `renseignees` projects out of `total`; empty when all of them speak."""
    return f"renseigné pour {compte(renseignees, 'projet')} sur {nombre(total)}" if renseignees < total else ""


def ecrire(valeur: int | date | None, unite: Unite, couverture: tuple[int, int]) -> str:
    """Exact, with its unit and what is missing: « 286 340 000 € », « 18 emplois (renseigné pour 1 projet sur 14) »."""
    if unite is Unite.DATE:
        return date_fr(valeur) if isinstance(valeur, date) else JAMAIS
    if not isinstance(valeur, int):
        return INCONNU
    texte = euros(valeur) if unite is Unite.EUROS else compte(valeur, SINGULIERS[unite])
    manque = reserve(*couverture)
    return f"{texte} ({manque})" if manque else texte


def montrer(valeur: int | date | None, unite: Unite, couverture: tuple[int, int]) -> str:
    """On display: whole millions of euros, « 286 M€ », and what is missing; whatever else as `ecrire` says it.

    The exact amount stands where it is read rather than looked at: tables, definitions, what backs a figure.
    """
    if unite is not Unite.EUROS or not isinstance(valeur, int) or valeur < MILLION:
        return ecrire(valeur, unite, couverture)
    manque = reserve(*couverture)
    return f"{millions(valeur)} ({manque})" if manque else millions(valeur)
