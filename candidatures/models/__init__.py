"""Waves, their specifications, files, deposits and their instruction."""

from candidatures.models.cahiers import CahierDesCharges
from candidatures.models.depots import AccuseReception, AccuseRectificatif, Depot, PieceDeposee
from candidatures.models.dossiers import Candidature, Participation, PieceJointe
from candidatures.models.echanges import (
    DemandeDeCorrection,
    LectureDesMessages,
    Message,
    PieceDeCorrection,
    PieceDeMessage,
)
from candidatures.models.groupements import Membre
from candidatures.models.incidents import Incident
from candidatures.models.instruction import (
    Avis,
    Decision,
    DeclarationInteret,
    Labellisation,
    Proposition,
    Recevabilite,
)
from candidatures.models.partage import Invitation, Televersement
from candidatures.models.proces_verbaux import Horodatage, ImpressionProcesVerbal, LigneProcesVerbal, ProcesVerbal
from candidatures.models.prolongations import Prolongation
from candidatures.models.series import FinDeSerie
from candidatures.models.vagues import Vague
from candidatures.models.versions import Presence, VersionComplete, VersionDeSection

__all__ = [
    "AccuseReception",
    "AccuseRectificatif",
    "Avis",
    "CahierDesCharges",
    "Candidature",
    "Decision",
    "DeclarationInteret",
    "DemandeDeCorrection",
    "Depot",
    "FinDeSerie",
    "Horodatage",
    "ImpressionProcesVerbal",
    "Incident",
    "Invitation",
    "Labellisation",
    "LectureDesMessages",
    "LigneProcesVerbal",
    "Membre",
    "Message",
    "Participation",
    "PieceDeCorrection",
    "PieceDeMessage",
    "PieceDeposee",
    "PieceJointe",
    "Presence",
    "ProcesVerbal",
    "Prolongation",
    "Proposition",
    "Recevabilite",
    "Televersement",
    "Vague",
    "VersionComplete",
    "VersionDeSection",
]
