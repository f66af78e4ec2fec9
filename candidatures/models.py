"""Waves, their specifications, files, deposits and their instruction."""

from candidatures.cahier.models import CahierDesCharges
from candidatures.cloture.models.incidents import Incident
from candidatures.cloture.models.proces_verbaux import (
    Horodatage,
    ImpressionProcesVerbal,
    LigneProcesVerbal,
    ProcesVerbal,
)
from candidatures.cloture.models.prolongations import Prolongation
from candidatures.demandes.models import DemandeDEpci
from candidatures.depot.models import AccuseReception, AccuseRectificatif, Depot, PieceDeposee
from candidatures.depot.reliure.models import Reliure
from candidatures.dossier.models.accords import Accord
from candidatures.dossier.models.anciennes_participations import AncienneParticipation
from candidatures.dossier.models.contestations import Contestation
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.invitations import Invitation
from candidatures.dossier.models.liens import Lien
from candidatures.dossier.models.pieces import PieceJointe, Televersement
from candidatures.dossier.models.reserves import Reserve
from candidatures.dossier.models.versions import Presence, VersionComplete, VersionDeSection
from candidatures.evaluation.models.evaluateurs import Evaluateur
from candidatures.evaluation.models.evaluations import Evaluation, Note, OuvertureDesEvaluations
from candidatures.instruction.affectation.models import Affectation
from candidatures.instruction.annotations.models import Annotation, LectureDePiece, Mention
from candidatures.instruction.conditions.models import ExamenDeRecevabilite, PropositionDIrrecevabilite
from candidatures.instruction.correction.models import DemandeDeCorrection, PieceDeCorrection
from candidatures.instruction.echanges.models import LectureDesMessages, Message, PieceDeMessage
from candidatures.instruction.etiquettes.models import Etiquette
from candidatures.instruction.lots.models import ActeGroupe, ActeSurDossier
from candidatures.instruction.models import DeclarationInteret, Proposition, Recevabilite, RevisionDeProposition
from candidatures.instruction.recherche.models import TexteDuDossier
from candidatures.instruction.saisine.models import (
    AnnonceDAvis,
    AvisRendu,
    BrouillonDAvis,
    LeveeDeReserve,
    RelanceDAvis,
    Saisine,
)
from candidatures.instruction.suivi.models import BitsDeSuivis, Suivi
from candidatures.instruction.suivi.suites import DepartementDEpci, MembreDeTerritoire, RegionDEpci
from candidatures.instruction.vues_enregistrees.models import VueEnregistree
from candidatures.labellisation.models import Decision, Labellisation
from candidatures.vagues.models.phases import PhaseVague
from candidatures.vagues.models.series import FinDeSerie
from candidatures.vagues.models.vagues import Vague

__all__ = [
    "Accord",
    "AccuseReception",
    "AccuseRectificatif",
    "ActeGroupe",
    "ActeSurDossier",
    "Affectation",
    "AncienneParticipation",
    "AnnonceDAvis",
    "Annotation",
    "AvisRendu",
    "BitsDeSuivis",
    "BrouillonDAvis",
    "CahierDesCharges",
    "Candidature",
    "Contestation",
    "Decision",
    "DeclarationInteret",
    "DemandeDEpci",
    "DemandeDeCorrection",
    "DepartementDEpci",
    "Depot",
    "Etiquette",
    "Evaluateur",
    "Evaluation",
    "ExamenDeRecevabilite",
    "FinDeSerie",
    "Horodatage",
    "ImpressionProcesVerbal",
    "Incident",
    "Invitation",
    "Labellisation",
    "LectureDePiece",
    "LectureDesMessages",
    "LeveeDeReserve",
    "Lien",
    "LigneProcesVerbal",
    "Membre",
    "MembreDeTerritoire",
    "Mention",
    "Message",
    "Note",
    "OuvertureDesEvaluations",
    "Participation",
    "PhaseVague",
    "PieceDeCorrection",
    "PieceDeMessage",
    "PieceDeposee",
    "PieceJointe",
    "Presence",
    "ProcesVerbal",
    "Prolongation",
    "Proposition",
    "PropositionDIrrecevabilite",
    "Recevabilite",
    "RegionDEpci",
    "RelanceDAvis",
    "Reliure",
    "Reserve",
    "RevisionDeProposition",
    "Saisine",
    "Suivi",
    "Televersement",
    "TexteDuDossier",
    "Vague",
    "VersionComplete",
    "VersionDeSection",
    "VueEnregistree",
]
