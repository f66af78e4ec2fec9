"""« Quand le saurai-je ? »: how long each step took after the closing, in the last waves whose results anyone knows.

A wave counts from the instant at which its results are public, embargo over: before, not even a duration tells of it.
What is dated file by file is only told of several together.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from django.db import connection

from rebond.socle.texte.accords import denombrer
from rebond.socle.texte.typographie import compte

#: Two years of a call that closes every four months.
VAGUES_MAX = 6
#: A step of fewer files would be that of somebody in particular.
DOSSIERS_MIN = 5

CLOSES = """
    SELECT id, greatest(cloture, prolongee_au) AS fin, publique_a FROM candidatures_vague
    WHERE publique_a <= %(maintenant)s ORDER BY cloture DESC LIMIT %(vagues)s
"""
ANNONCE = f"""
    SELECT 'annonce' AS etape, id AS vague, publique_a - fin AS duree FROM ({CLOSES}) AS closes
"""  # noqa: S608 (constants alone)
DE_TOUTES_LES_ETAPES = f"""
    WITH instruits AS (
        SELECT dossier.id, closes.id AS vague, fin
        FROM ({CLOSES}) AS closes JOIN candidatures_candidature AS dossier ON dossier.vague_id = closes.id
    )
    SELECT 'recevabilite' AS etape, vague, constatee_le - instruits.fin AS duree
    FROM instruits JOIN candidatures_recevabilite ON candidature_id = instruits.id
    UNION ALL
    SELECT 'avis', vague, max(rendu_le) - instruits.fin
    FROM instruits JOIN candidatures_saisine ON candidature_id = instruits.id
    WHERE rendu_le IS NOT NULL GROUP BY instruits.id, vague, instruits.fin
    UNION ALL
    {ANNONCE}
"""  # noqa: S608 (constants alone)
MESURES = """
SELECT etape,
    date_part('epoch', percentile_cont(0.5) WITHIN GROUP (ORDER BY duree)) / 86400,
    date_part('epoch', min(duree)) / 86400,
    date_part('epoch', max(duree)) / 86400,
    count(*),
    count(DISTINCT vague)
FROM ("""
DE_CHAQUE_ETAPE = ") AS etapes WHERE duree >= interval '0' GROUP BY etape"


class Etape(StrEnum):
    RECEVABILITE = "recevabilite"
    AVIS = "avis"
    ANNONCE = "annonce"


# In the order in which they come.
TITRES = {
    Etape.RECEVABILITE: "Recevabilité vérifiée",
    Etape.AVIS: "Avis des experts rendus",
    Etape.ANNONCE: "Résultats annoncés",
}


@dataclass(frozen=True, slots=True)
class Delai:
    """Whole days from the closing to a step: the median, the shortest and the longest, and what they rest on."""

    etape: Etape
    mediane: int
    minimum: int
    maximum: int
    mesures: int
    vagues: int

    @property
    def titre(self) -> str:
        return TITRES[self.etape]

    @property
    def mediane_en_mots(self) -> str:
        return compte(self.mediane, "jour")

    @property
    def etendue(self) -> str:
        """« de 61 à 82 jours »; « 70 jours » when they are all alike."""
        if self.minimum == self.maximum:
            return compte(self.maximum, "jour")
        return f"de {self.minimum} à {compte(self.maximum, 'jour')}"

    @property
    def repose_sur(self) -> str:
        """« six périodes de dépôt », « 23 dossiers de six périodes de dépôt »."""
        periodes = denombrer(self.vagues, "période de dépôt", "périodes de dépôt", feminin=True, lettres=True)
        return periodes if self.etape is Etape.ANNONCE else f"{compte(self.mesures, 'dossier')} de {periodes}"


@dataclass(frozen=True)
class Delais:
    """In their order; empty as long as no result was ever announced."""

    delais: tuple[Delai, ...]

    @cached_property
    def annonce(self) -> Delai | None:
        return next((delai for delai in self.delais if delai.etape is Etape.ANNONCE), None)

    @property
    def phrase(self) -> str:
        """When results came, for a letter; empty when nobody can say. Never a promise."""
        if self.annonce is None:
            return ""
        quand = (
            f"{self.annonce.mediane_en_mots} après la clôture"
            if self.annonce.minimum == self.annonce.maximum
            else f"entre {self.annonce.minimum} et {compte(self.annonce.maximum, 'jour')} après la clôture, "
            f"{self.annonce.mediane} le plus souvent"
        )
        if self.annonce.vagues == 1:
            periodes = "À la dernière période de dépôt"
        else:
            dernieres = ("dernière période de dépôt", "dernières périodes de dépôt")
            periodes = f"Aux {denombrer(self.annonce.vagues, *dernieres, feminin=True, lettres=True)}"
        return f"{periodes}, les résultats ont été annoncés {quand}. Ce n’est pas une promesse."


def delais(maintenant: datetime) -> Delais:
    """Every step. One statement."""
    return _mesures(DE_TOUTES_LES_ETAPES, maintenant)


def delai_de_l_annonce(maintenant: datetime) -> Delais:
    """The announcement alone, read in the waves and nowhere else: for a page that is made for everyone."""
    return _mesures(ANNONCE, maintenant)


def _mesures(durees: str, maintenant: datetime) -> Delais:
    with connection.cursor() as curseur:
        curseur.execute(MESURES + durees + DE_CHAQUE_ETAPE, {"maintenant": maintenant, "vagues": VAGUES_MAX})
        lus = [
            Delai(Etape(etape), round(mediane), round(minimum), round(maximum), mesures, vagues)
            for etape, mediane, minimum, maximum, mesures, vagues in curseur.fetchall()
        ]
    dits = [delai for delai in lus if delai.etape is Etape.ANNONCE or delai.mesures >= DOSSIERS_MIN]
    return Delais(tuple(sorted(dits, key=lambda delai: list(Etape).index(delai.etape))))
