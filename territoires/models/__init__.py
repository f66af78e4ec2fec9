"""Reference data of territories, and the rights that people hold within organisations.

The reference data are public: no QuerySet of this app needs `visibles_par`.
"""

from territoires.models.habilitation import AdresseDeTitulaire, Habilitation, Organisme, PreuveDAdresse
from territoires.models.industrie import MembreTerritoireIndustrie, ProgrammeIndustrie, TerritoireIndustrie
from territoires.models.millesimes import MillesimeDEpci, Succession
from territoires.models.rattachement import AdresseOfficielle, Rattachement
from territoires.models.referentiel import Commune, Departement, Epci, Region
from territoires.models.territoire import Petr, Territoire

__all__ = [
    "AdresseDeTitulaire",
    "AdresseOfficielle",
    "Commune",
    "Departement",
    "Epci",
    "Habilitation",
    "MembreTerritoireIndustrie",
    "MillesimeDEpci",
    "Organisme",
    "Petr",
    "PreuveDAdresse",
    "ProgrammeIndustrie",
    "Rattachement",
    "Region",
    "Succession",
    "Territoire",
    "TerritoireIndustrie",
]
