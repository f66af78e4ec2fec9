"""A correction as people read it: what was asked, what was deposited, what is written instead."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from django.db.models import Prefetch

from candidatures.cahier import PieceAttendue, Section
from candidatures.depot.models import Depot
from candidatures.dossier.comparaison import Ligne, comparer
from candidatures.dossier.etats import TRANSITIONS_CANDIDATURE
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.correction.models import DemandeDeCorrection, PieceDeCorrection
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import PARIS, jour_de_paris
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.preuve.empreintes import empreinte

PIECES = PieceDeCorrection.objects.select_related(
    "document__analyse", "document__lisibilite", "document__effacement"
).order_by("pk")


@dataclass(frozen=True)
class SectionCorrigee:
    """`lignes` put the deposited answers first, those of the correction second."""

    section: Section
    lignes: tuple[Ligne, ...]

    @property
    def modifiee(self) -> bool:
        return any(ligne.change for ligne in self.lignes)


@dataclass(frozen=True)
class CorrectionLue:
    demande: DemandeDeCorrection
    sections: tuple[SectionCorrigee, ...]
    natures: tuple[PieceAttendue, ...]
    pieces: tuple[PieceDeCorrection, ...]

    @property
    def modifiee(self) -> bool:
        return bool(self.pieces) or any(section.modifiee for section in self.sections)

    @property
    def sans_reponse(self) -> tuple[str, ...]:
        """What was asked and nothing was done about: an answer left as it was deposited, an attachment not given."""
        inchangees = (ligne.libelle for corrigee in self.sections for ligne in corrigee.lignes if not ligne.change)
        fournies = {piece.nature for piece in self.pieces}
        return (*inchangees, *(attendue.libelle for attendue in self.natures if attendue.cle not in fournies))


def empreinte_de(demande: DemandeDeCorrection) -> str:
    """Fingerprint of what the correction holds: its answers and its attachments."""
    pieces = demande.pieces.order_by("pk").values_list("nature", "nom", "document__sha256")
    return empreinte([demande.reponses, [list(piece) for piece in pieces]])


def corrections_de(dossier: Candidature, deposees: Mapping[str, Mapping[str, Any]]) -> list[CorrectionLue]:
    """Every correction of the file, in two statements; `dossier` comes with its `cahier`, `deposees` are the answers
    of the deposit that counts."""
    lues = dossier.corrections.select_related("auteur", "rendue_par").prefetch_related(Prefetch("pieces", PIECES))
    demandes = list(lues)
    for demande in demandes:
        demande.candidature = dossier
    return [_lire(demande, deposees, tuple(demande.pieces.all())) for demande in demandes]


def lire_correction(demande: DemandeDeCorrection) -> CorrectionLue:
    """`demande.candidature` comes with its `cahier`."""
    return _lire(demande, deposees(demande.candidature), tuple(PIECES.filter(demande=demande)))


def _lire(
    demande: DemandeDeCorrection, avant: Mapping[str, Mapping[str, Any]], pieces: tuple[PieceDeCorrection, ...]
) -> CorrectionLue:
    sections = tuple(
        SectionCorrigee(
            section,
            tuple(
                comparer(
                    section,
                    avant.get(section.cle, {}),
                    {**avant.get(section.cle, {}), **demande.reponses.get(section.cle, {})},
                )
            ),
        )
        for section in sections_demandees(demande)
    )
    natures = tuple(p for p in demande.candidature.cahier.cahier.pieces_attendues if p.cle in demande.natures)
    return CorrectionLue(demande, sections, natures, pieces)


def sections_demandees(demande: DemandeDeCorrection) -> list[Section]:
    """The sections of the file's specifications, reduced to the questions that are asked for."""
    demandees = {tuple(question.split(".", 1)) for question in demande.questions}
    reduites = [
        replace(section, questions=tuple(q for q in section.saisies if (section.cle, q.cle) in demandees))
        for section in demande.candidature.cahier.cahier.sections
    ]
    return [section for section in reduites if section.questions]


def deposees(candidature: Candidature) -> dict[str, dict[str, Any]]:
    """The answers of the deposit that counts, by section: what corrections are read against."""
    depot = Depot.objects.filter(candidature=candidature).qui_comptent().first()
    sections: dict[str, dict[str, Any]] = depot.contenu["sections"] if depot else {}
    return sections


def en_cours(candidature: Candidature) -> DemandeDeCorrection | None:
    """The correction that is awaited, if any."""
    demande = candidature.corrections.filter(rendue_le=None, fermee_le=None).select_related("auteur").first()
    if demande is not None:
        demande.candidature = candidature
    return demande


def attendue(candidature: Candidature) -> DemandeDeCorrection:
    """The correction that is awaited. Raises `RegleEnfreinte` when there is none."""
    demande = en_cours(candidature)
    if demande is None:
        raise RegleEnfreinte(TRANSITIONS_CANDIDATURE["rendre_correction"].refus)
    return demande


def cle_de_rappel(personne: int, maintenant: datetime) -> str:
    """Names the one letter by which somebody is reminded, on that day of Paris, of the corrections that they owe."""
    return f"correction-rappel-{personne}-{jour_de_paris(maintenant).isoformat()}"


def deja_relances(dossiers: Collection[int], maintenant: datetime) -> set[int]:
    """Those of these files (keys) that were reminded of on that day, or of whose people one was reminded of another:
    a second letter would be one too many."""
    gens = list(Participation.objects.filter(candidature__in=dossiers).values_list("candidature", "utilisateur"))
    cles = {cle_de_rappel(personne, maintenant): personne for _, personne in gens}
    ecrits = {cles[cle] for cle in Courrier.objects.filter(cle__in=cles).values_list("cle", flat=True)}
    matin = datetime.combine(jour_de_paris(maintenant), time.min, tzinfo=PARIS)
    au_journal = {str(cle): cle for cle in dossiers}
    rappels = EntreeJournal.objects.filter(
        objet_type=Candidature._meta.label_lower,
        objet_id__in=au_journal,
        acte=ActeDInstruction.RELANCER_CORRECTION,
        fait_le__gte=matin,
    )
    dits = {au_journal[cle] for cle in rappels.values_list("objet_id", flat=True)}
    return dits | {dossier for dossier, personne in gens if personne in ecrits}
