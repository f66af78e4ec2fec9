"""Groupings of the laureates of the AMI that are publicly known, as they stood in 2023.

Source: announcements of the Government and of the local authorities concerned. Lead: the one known to have been so
(Cambrai), otherwise the most populous member. That Lacq-Pau-Tarbes is one of the 19 is inferred.
"""

from dataclasses import dataclass

from territoires.actions import territoire_pour
from territoires.models import Epci, Territoire


@dataclass(frozen=True, slots=True)
class Groupement:
    """A real grouping: SIREN of its members, the lead first, and INSEE code of its pilot région."""

    nom: str
    region: str
    sirens: tuple[str, ...]

    @property
    def chef_de_file(self) -> str:
        return self.sirens[0]


ARDENNES_NORD = Groupement("Ardennes nord", "44", ("200041630", "240800821", "200067759"))
BLOIS_ROMORANTIN = Groupement("Blois – Romorantin", "24", ("200030385", "200018406"))
MORLAIX = Groupement("Morlaix", "53", ("242900835",))
DOUAISIS = Groupement("Douaisis", "32", ("200044618",))
COLLINES_DE_NORMANDIE = Groupement("Collines de Normandie", "28", ("200035814", "200068799"))
GERS_TARN_ET_GARONNE = Groupement(
    "Gers – Tarn-et-Garonne",
    "76",
    (
        "200066652",
        "200066322",
        "200023620",
        "200034726",
        "200040418",
        "200042372",
        "200067122",
        "243200391",
        "243200599",
        "248200016",
        "248200065",
    ),
)
CAMBRESIS = Groupement("Cambrésis et Caudrésis-Catésis", "32", ("200068500", "200030633"))
CHAUMONT_LANGRES = Groupement("Chaumont – Langres", "44", ("200068658", "200072999"))
ALES = Groupement("Alès", "76", ("200066918",))
SILLON_MOSELLAN = Groupement("Sillon mosellan", "44", ("200039865", "245701362", "245701222", "200039949"))
GRAND_PARIS_SEINE_ET_OISE = Groupement("Grand Paris Seine & Oise", "11", ("200059889",))
DREUX = Groupement("Dreux – Portes Euréliennes", "24", ("200040277", "200069953"))
LACQ_PAU_TARBES = Groupement(
    "Lacq – Pau – Tarbes",
    "75",
    (
        "200067254",
        "200039204",
        "200069300",
        "200067239",
        "200067262",
        "200067288",
        "200067296",
        "246400337",
        "246401756",
        "246500482",
    ),
)

LAUREATS_CONNUS = (
    ARDENNES_NORD,
    BLOIS_ROMORANTIN,
    MORLAIX,
    DOUAISIS,
    COLLINES_DE_NORMANDIE,
    GERS_TARN_ET_GARONNE,
    CAMBRESIS,
    CHAUMONT_LANGRES,
    ALES,
    SILLON_MOSELLAN,
    GRAND_PARIS_SEINE_ET_OISE,
    DREUX,
    LACQ_PAU_TARBES,
)
# A laureate of a later wave, outside the 19 announced on 28 August 2023.
LORIENT = Groupement("Lorient", "53", ("200042174",))


def territoire_du_groupement(groupement: Groupement) -> Territoire:
    """The territory of a known grouping, created once. Needs the reference data.

    Its pilot région is the one announced; for all of them it is also the main one of the lead.
    """
    epcis = {epci.siren: epci for epci in Epci.objects.filter(siren__in=groupement.sirens).select_related("region")}
    absents = [siren for siren in groupement.sirens if siren not in epcis]
    if absents:
        raise Epci.DoesNotExist(f"{groupement.nom} : {', '.join(absents)} hors du référentiel chargé.")
    return territoire_pour(epcis=epcis.values(), chef_de_file=epcis[groupement.chef_de_file], nom=groupement.nom)
