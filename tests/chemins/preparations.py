"""What has happened before each journey begins, which is not its subject."""

from dataclasses import dataclass, replace
from datetime import timedelta

from candidatures.cahier import MODELE, Question, Type, vers_json
from candidatures.cloture.actions import cloture
from candidatures.dossier.actions import dossiers, redaction
from candidatures.dossier.etats import SensDecision
from candidatures.instruction.correction.actions import demander_correction
from candidatures.labellisation import actions as labellisation
from candidatures.models import CahierDesCharges, Candidature, Vague
from projets.models import Mission
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.actions import territoire_pour
from territoires.etats import Role
from territoires.models import Epci
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire
from tests.projets import decor

VALLEE, PLATEAU, PLAINE = "CC de la Vallée d’Essai", "CC du Plateau d’Essai", "CA de la Plaine d’Essai"
NOUVELLE_QUESTION = "Quel foncier faut-il\u00a0?"


@dataclass(frozen=True)
class Depart:
    """What the portal knows; `dossier` is of `porteur`, and a newcomer has neither."""

    epcis: tuple[Epci, ...]
    porteur_connu: Utilisateur | None = None
    dossier: Candidature | None = None

    @property
    def porteur(self) -> Utilisateur:
        assert self.porteur_connu is not None
        return self.porteur_connu

    @property
    def reference(self) -> str:
        assert self.dossier is not None
        return self.dossier.reference


def une_vague_ouverte(*noms: str) -> tuple[Epci, ...]:
    """The wave, and the authorities that the portal knows."""
    f.une_vague()
    return tuple(f.un_epci(nom) for nom in noms)


def un_porteur(*epcis: Epci) -> Utilisateur:
    porteur = f.un_utilisateur(prenom="Camille", nom="Exemple", mot_de_passe=f.MOT_DE_PASSE)
    for epci in epcis:
        f.un_rattachement(porteur, epci.siren, nom=epci.nom)
    return porteur


def ecrire_les_reponses(candidature: Candidature) -> None:
    """Every obligatory one; nothing is attached."""
    for section, reponses in f.un_contenu().items():
        redaction.enregistrer_section(
            candidature=candidature,
            section=section,
            reponses=reponses,
            auteur=f.porteur_de(candidature),
            maintenant=horloge_base(),
        )


def un_dossier_sans_piece() -> Depart:
    epcis = une_vague_ouverte(VALLEE)
    porteur = un_porteur(*epcis)
    territoire = territoire_pour(epcis=list(epcis), chef_de_file=epcis[0])
    dossier = dossiers.ouvrir_candidature(
        vague=Vague.objects.get(), territoire=territoire, auteur=porteur, maintenant=horloge_base()
    )
    ecrire_les_reponses(dossier)
    return Depart(epcis, porteur, dossier)


def un_dossier_en_instruction() -> Depart:
    epcis = une_vague_ouverte(VALLEE)
    porteur = un_porteur(*epcis)
    territoire = territoire_pour(epcis=list(epcis), chef_de_file=epcis[0])
    dossier = f.une_candidature(vague=Vague.objects.get(), territoire=territoire, porteur=porteur)
    f.un_depot(dossier)
    Vague.objects.update(cloture=horloge_base(), grace=timedelta(0))
    assert cloture.clore(vague_id=dossier.vague_id, maintenant=horloge_base())
    dossier.refresh_from_db()
    return Depart(epcis, porteur, dossier)


def une_correction_demandee() -> Depart:
    depart = un_dossier_en_instruction()
    assert depart.dossier is not None
    maintenant = horloge_base()
    demander_correction(
        candidature=depart.dossier,
        questions=["projets.projets"],
        natures=[],
        motif="Citez tous les projets.",
        echeance=maintenant + timedelta(days=6),
        auteur=f.un_agent(Role.INSTRUCTEUR),
        maintenant=maintenant,
    )
    return depart


def un_dossier_non_retenu() -> Depart:
    """Announced; the wave that follows is open, and asks one thing more."""
    depart = _annoncer(un_dossier_en_instruction(), SensDecision.NE_PAS_RETENIR)
    suivante = f.une_vague(ouverture=horloge_base())
    question = Question("foncier_voulu", NOUVELLE_QUESTION, Type.TEXTE_LONG)
    sections = tuple(
        replace(section, questions=(*section.questions, question)) if section.cle == "projets" else section
        for section in MODELE.sections
    )
    CahierDesCharges.objects.create(
        vague=suivante, version=1, definition=vers_json(replace(MODELE, sections=sections))
    )
    return depart


def un_laureat() -> Depart:
    """Announced; its mission has met companies and listed projects."""
    depart = _annoncer(un_dossier_en_instruction(), SensDecision.LABELLISER)
    mission = Mission.objects.get()
    auteur = f.un_utilisateur()
    for rang in range(2):
        decor.un_projet(decor.un_industriel(mission, rang), auteur)
    return depart


def _annoncer(depart: Depart, sens: SensDecision) -> Depart:
    dossier = depart.dossier
    assert dossier is not None
    instruire(dossier, sens=sens)
    valideur, maintenant = f.un_agent(Role.VALIDEUR), horloge_base()
    vague = Vague.objects.get()
    labellisation.labelliser(vague=vague, decisions={dossier.pk: sens}, valideur=valideur, maintenant=maintenant)
    labellisation.annoncer(vague=vague, valideur=valideur, publique_a=maintenant, maintenant=maintenant)
    return depart


def un_groupement_a_venir() -> Depart:
    """Three authorities, and an agent known to work for the first, who has begun nothing."""
    epcis = une_vague_ouverte(VALLEE, PLATEAU, PLAINE)
    return Depart(epcis, un_porteur(epcis[0]))


def un_nouveau_venu() -> Depart:
    return Depart(une_vague_ouverte(VALLEE, PLATEAU))
