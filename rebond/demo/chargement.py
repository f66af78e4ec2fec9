"""Loads the demonstration set: the waves since 2022, the real laureates that are known, and whatever completes them.

Everything goes through the actions that people use, in one transaction: all of it is there, or nothing.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from candidatures.calendrier.actions.phases import fixer_les_phases
from candidatures.calendrier.actions.vagues import generer_calendrier
from candidatures.cloture.actions import cloture
from candidatures.depot.actions import depots, retrait
from candidatures.depot.relecture import lecture_du_brouillon
from candidatures.dossier.actions import dossiers
from candidatures.dossier.etats import Qualite, SensDecision
from candidatures.dossier.instantane import membres_de, pieces_de
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.affectation import actions as affectations
from candidatures.instruction.etiquettes.actions import etiqueter
from candidatures.instruction.recevabilite import actions as recevabilite
from candidatures.labellisation import actions as labellisation
from candidatures.labellisation.models import Labellisation
from candidatures.vagues.etats import NatureDePhase
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import PHASES_DITES, PREMIERE_RELEVE, releve_suivante
from candidatures.vagues.requetes import PhaseProposee, phases_de, version_de
from projets.communique.actions import figer
from rebond.comptes.rattachements.actions import demander
from rebond.demo import comptes, mission
from rebond.demo.dossiers import Atelier
from rebond.demo.marque import marquer
from rebond.socle.horloge.temps import PARIS, horloge_base, jour_de_paris
from rebond.socle.utilisateur import Utilisateur
from territoires import groupements
from territoires.groupements import Groupement, territoire_du_groupement
from territoires.models import Territoire

# Which laureate came in which of the first waves, and the day of the first two announcements, are suppositions;
# the third
# announcement is that of the communiqué. Six laureates are not public here: invented territories stand for them.
VAGUE_1 = groupements.LAUREATS_CONNUS[:4]
VAGUE_2 = groupements.LAUREATS_CONNUS[4:7]
VAGUE_3 = groupements.LAUREATS_CONNUS[7:]
VAGUE_3_FICTIFS = (
    ("Plaine des Moulins", "03"),
    ("Val des Forges", "42"),
    ("Côte des Tisserands", "80"),
    ("Pays des Verriers", "88"),
    ("Boucles de l’Aune", "27"),
    ("Plateau des Tanneurs", "36"),
)
ANNONCES = {
    1: datetime(2022, 12, 8, 10, tzinfo=PARIS),
    2: datetime(2023, 3, 27, 10, tzinfo=PARIS),
    3: datetime(2023, 8, 28, 12, tzinfo=PARIS),
    4: datetime(2023, 12, 18, 10, tzinfo=PARIS),
}
ECARTES = (
    ("Vallée des Fondeurs", "21", SensDecision.NE_PAS_RETENIR),
    ("Bassin des Ardoisières", "49", SensDecision.AJOURNER),
    ("Haut Pays des Scieries", "39", SensDecision.NE_PAS_RETENIR),
    ("Rives des Filatures", "81", SensDecision.NE_PAS_RETENIR),
    ("Coteaux des Faïenciers", "71", SensDecision.AJOURNER),
    ("Marche des Papetiers", "16", SensDecision.NE_PAS_RETENIR),
    ("Landes des Chantiers", "40", SensDecision.NE_PAS_RETENIR),
    ("Terres des Sucriers", "02", SensDecision.AJOURNER),
)
DERNIERE_ANNONCE_CONNUE = max(ANNONCES)
GRACE_MAX = timedelta(minutes=10)
EN_INSTRUCTION = (
    ("Bocage des Ateliers", "59"),
    ("Lisière des Bobines", "62"),
    ("Vallon des Horlogers", "25"),
    ("Causse des Gantiers", "12"),
    ("Archipel des Voiliers", "56"),
    ("Gorges des Coutelleries", "63"),
    ("Plateau des Potiers", "43"),
)


class DejaChargee(Exception):
    """The database already holds waves: the demonstration only loads into an empty portal."""


@transaction.atomic
def charger(maintenant: datetime) -> None:
    """Load everything as of `maintenant`, the database's clock; the open wave is the one of that instant.

    Needs the reference data. Raises `DejaChargee` when there is anything to overwrite.
    """
    if Vague.objects.exists():
        raise DejaChargee
    marquer()
    personnes = comptes.creer(maintenant)
    atelier = Atelier(personnes)
    _calendrier(personnes["administrateur"], maintenant)
    *passees, derniere = Vague.objects.closes(maintenant - GRACE_MAX).order_by("numero")
    for vague in passees:
        _vague_passee(vague, atelier)
    _vague_en_instruction(derniere, atelier, maintenant)
    cambrai = Labellisation.objects.get(territoire=territoire_du_groupement(groupements.CAMBRESIS))
    mission.charger(cambrai, personnes)
    pilote = atelier.territoire_fictif("Pilote des Quatre-Canaux", "76")
    Territoire.objects.filter(pk=pilote.pk).update(pilote_france_relance=True)
    figer(au=mission.RESTITUTION, acteur=personnes["presse"], maintenant=maintenant)
    _vague_ouverte(Vague.objects.ouvertes(maintenant).get(), atelier, maintenant)


def _calendrier(administrateur: Utilisateur, maintenant: datetime) -> None:
    """The waves that are over, then the open one and those that follow, which ask for the marks of the members."""
    generer_calendrier(jusqu_a=_derniere_releve(maintenant), acteur=administrateur, maintenant=maintenant)
    generer_calendrier(
        jusqu_a=maintenant + timedelta(days=121), acteur=administrateur, maintenant=maintenant, accords_requis=True
    )


def _derniere_releve(maintenant: datetime) -> datetime:
    """Just before the last closing that is past."""
    releve = PREMIERE_RELEVE
    while (suivante := releve_suivante(releve)) <= maintenant:
        releve = suivante
    return releve - timedelta(microseconds=1)


def _vague_passee(vague: Vague, atelier: Atelier) -> None:
    decisions = [
        (atelier.repris(vague, territoire), SensDecision.LABELLISER) for territoire in _laureats(vague.numero, atelier)
    ]
    if vague.numero > DERNIERE_ANNONCE_CONNUE:
        nom, departement, sens = ECARTES[vague.numero % len(ECARTES)]
        decisions.append((atelier.repris(vague, atelier.territoire_fictif(nom, departement)), sens))
    _clore(vague)
    _decider(vague, decisions, atelier)


def _clore(vague: Vague) -> None:
    cloture.clore(vague_id=vague.pk, maintenant=vague.cloture + vague.grace)
    vague.refresh_from_db()


def _decider(vague: Vague, decisions: list[tuple[Candidature, SensDecision]], atelier: Atelier) -> None:
    annonce = ANNONCES.get(vague.numero, vague.cloture + timedelta(days=75))
    for dossier, sens in decisions:
        dossier.refresh_from_db()
        atelier.instruire(dossier, sens, vague.cloture + timedelta(days=12))
    valideur = atelier.comptes["valideur"]
    labellisation.labelliser(
        vague=vague,
        decisions={dossier.pk: sens for dossier, sens in decisions},
        valideur=valideur,
        maintenant=annonce - timedelta(days=5),
    )
    vague.refresh_from_db()
    labellisation.annoncer(vague=vague, valideur=valideur, publique_a=annonce, maintenant=annonce)


def _laureats(numero: int, atelier: Atelier) -> list[Territoire]:
    reels: tuple[Groupement, ...] = {1: VAGUE_1, 2: VAGUE_2, 3: VAGUE_3, 4: (groupements.LORIENT,)}.get(numero, ())
    territoires = [territoire_du_groupement(groupement) for groupement in reels]
    if numero == 3:
        territoires += [atelier.territoire_fictif(nom, departement) for nom, departement in VAGUE_3_FICTIFS]
    return territoires


def _vague_en_instruction(vague: Vague, atelier: Atelier, maintenant: datetime) -> None:
    """Files at every step of the instruction, and one draft that missed the deadline."""
    dossiers_ = [atelier.repris(vague, atelier.territoire_fictif(*lieu)) for lieu in EN_INSTRUCTION]
    atelier.brouillon(
        vague,
        atelier.territoire_fictif("Mesnil des Retardataires", "35"),
        vague.cloture - timedelta(days=2),
        sections=4,
    )
    _clore(vague)
    for dossier in dossiers_:
        dossier.refresh_from_db()
    attendu, consulte, irrecevable, propose, a_ecarter, a_corriger, a_signer = dossiers_
    _dater_l_instruction(vague, atelier.comptes["administrateur"], maintenant)
    le = vague.cloture + timedelta(days=6)
    instructeur = atelier.comptes["instructeur"]
    recevabilite.declarer_recevable(candidature=attendu, auteur=instructeur, maintenant=le)
    # One is taken, one is entrusted to the region; the others are to be taken.
    confies = {attendu.pk: instructeur.pk, consulte.pk: atelier.comptes["instructeur-region"].pk}
    affectations.affecter(choix=confies, acteur=instructeur, maintenant=le)
    atelier.evaluer(attendu, le, ("instructeur-region", "instructeur-2"), 1, 2)
    atelier.consulter(consulte, le)
    atelier.evaluer(consulte, le, ("instructeur-2", "instructeur"), 2)
    atelier.proposer_l_irrecevabilite(
        irrecevable, "choc", "le territoire ne décrit aucun choc industriel.", signee=True, le=le
    )
    atelier.proposer_l_irrecevabilite(
        a_signer, "mandat", "la délibération jointe ne parle pas de cet appel.", signee=False, le=le
    )
    atelier.instruire(propose, SensDecision.LABELLISER, le)
    atelier.instruire(a_ecarter, SensDecision.AJOURNER, le)
    for dossier, nom in ((attendu, "Site à reconvertir"), (consulte, "Site à reconvertir"), (consulte, "À revoir")):
        etiqueter(candidature=dossier, etiquette=f"{nom} (fictif)", auteur=instructeur, maintenant=le)
    atelier.echanger(attendu, le)
    atelier.faire_corriger(a_corriger, maintenant)


def _dater_l_instruction(vague: Vague, administrateur: Utilisateur, maintenant: datetime) -> None:
    """Under way whatever the day on which the demonstration is loaded: the admissibility ends soon, the committee sits
    in a month."""
    debut, ce_jour = jour_de_paris(vague.cloture), jour_de_paris(maintenant)
    jours = {
        NatureDePhase.RECEVABILITE: (debut, 5),
        NatureDePhase.AVIS: (debut, 15),
        NatureDePhase.EVALUATION: (ce_jour, 20),
        NatureDePhase.COMITE: (ce_jour + timedelta(days=28), 29),
        NatureDePhase.ANNONCE: (ce_jour + timedelta(days=38), 42),
    }
    fixer_les_phases(
        vague=vague,
        phases=[
            PhaseProposee(nature, du, ce_jour + timedelta(days=au), nature in PHASES_DITES)
            for nature, (du, au) in jours.items()
        ],
        vues=version_de(phases_de(vague)),
        acteur=administrateur,
        maintenant=maintenant,
    )


def _vague_ouverte(vague: Vague, atelier: Atelier, maintenant: datetime) -> None:
    """An empty draft, one half written by several authorities and people, one that a member has yet to sign, one
    deposited, one withdrawn."""
    vide = atelier.territoire_fictif("Marais des Imprimeurs", "59")
    atelier.rattacher("porteur", vide)
    dossiers.ouvrir_candidature(
        vague=vague,
        territoire=vide,
        auteur=atelier.comptes["porteur"],
        maintenant=maintenant,
        demonstration=True,
    )
    entame = atelier.brouillon(vague, atelier.territoire_fictif("Versant des Luthiers", "88"), maintenant, sections=3)
    atelier.grouper(
        entame, ("Coteaux des Tourneurs", "54"), "Versant des Luthiers et Coteaux des Tourneurs", maintenant
    )
    atelier.associer(entame, "co-porteur", Qualite.CO_PORTEUR)
    atelier.associer(entame, "lecteur", Qualite.LECTEUR)
    # One that waits, for whoever tries the administrateur's page.
    demander(
        utilisateur=atelier.comptes["lecteur"],
        siren=entame.territoire.chef_de_file.siren,
        adresse_proposee="accueil@demonstration.example",
        maintenant=maintenant,
    )
    a_signer = atelier.brouillon(vague, atelier.territoire_fictif("Plaine des Ferblantiers", "54"), maintenant)
    lieu = ("Collines des Émailleurs", "57")
    atelier.attendre_un_accord(a_signer, lieu, "Plaine des Ferblantiers et Collines des Émailleurs", maintenant)
    depose = atelier.brouillon(vague, atelier.territoire_fictif("Baie des Cordiers", "62"), maintenant)
    depots.deposer(
        candidature=depose,
        auteur=atelier.comptes["porteur"],
        recu_le=horloge_base(),
        cle=uuid4(),
        lecture=lecture_du_brouillon(depose, pieces_de(depose), membres_de(depose)),
    )
    retire = atelier.brouillon(
        vague, atelier.territoire_fictif("Mont des Chaufourniers", "25"), maintenant, sections=2
    )
    retrait.retirer(candidature=retire, auteur=atelier.comptes["porteur"], maintenant=maintenant)
