"""Whatever happened to the files of a wave, whoever reads them and whatever they ask: what is counted from bits is
what is there, row by row."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import suivis_par
from candidatures.instruction.affectation import actions as affectation
from candidatures.instruction.attente import Attente
from candidatures.instruction.echanges import actions as echanges
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.etiquettes.actions import desetiqueter, etiqueter
from candidatures.instruction.filtres import NOTES
from candidatures.instruction.ma_vague.etats import Onglet, Particularite
from candidatures.instruction.ma_vague.facettes import FACETTES
from candidatures.instruction.ma_vague.requetes import compter
from candidatures.instruction.recevabilite import actions as recevabilite
from candidatures.instruction.suivi.etats import ChoixDAvis
from candidatures.instruction.suivi.models import Suivi
from candidatures.instruction.suivi.requetes import ecarts, vagues_mal_comptees
from candidatures.models import Candidature, DemandeDeCorrection, Message, PropositionDIrrecevabilite, Vague
from candidatures.pages.instruction.listes import ListeDesDossiers
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import NatureMembre, Programme, Role
from territoires.models import (
    MembreTerritoireIndustrie,
    ProgrammeIndustrie,
    Territoire,
    TerritoireIndustrie,
)
from tests import fabriques as f
from tests.candidatures.evaluation.evaluation import confier, rendre
from tests.candidatures.instruction.instruction import (
    constater_recevabilite,
    demander_avis,
    proposer_irrecevabilite,
    rendre_avis,
    une_vague_close,
)
from tests.candidatures.instruction.ma_vague import ligne_a_ligne
from tests.decors import partage

pytestmark = pytest.mark.django_db

EXEMPLES, DOSSIERS = 20, 7
# Steps of the scales that both evaluators choose, file after file.
MARCHES = ((0, 1), (1, 2), (2, 3), (0, 2))


@dataclass
class Scene:
    vague: Vague
    avant: list[Candidature]
    dossiers: list[Candidature]
    gens: dict[str, Utilisateur]
    expert: Utilisateur
    severe: Utilisateur
    evaluateurs: list[Utilisateur]
    industrie: TerritoireIndustrie


def dresser() -> Scene:
    regions = [f.un_departement(f"9{rang}", f"8{rang}") for rang in range(3)]
    noms = [f"Vallée {rang}" for rang in range(DOSSIERS)]
    lieux = [departement for _, departement in zip(noms, cycle(regions), strict=False)]
    _, avant = une_vague_close(
        *lieux, noms=[f"Avant {nom}" for nom in noms], cloture=f.midi_a_paris(f.date(2023, 2, 1))
    )
    vague, dossiers = une_vague_close(*lieux, noms=noms, cloture=f.midi_a_paris(f.date(2023, 6, 1)))
    ProgrammeIndustrie.objects.create(
        programme=Programme.values[0], debut=f.date(2023, 1, 1), fin=f.date(2023, 12, 31)
    )
    double = f.un_agent(Role.VALIDEUR)
    f.un_role(double, Role.INSTRUCTEUR, region=regions[1].region)
    gens = {
        "instructeur": f.un_agent(Role.INSTRUCTEUR),
        "autre instructeur": f.un_agent(Role.INSTRUCTEUR),
        "valideur": f.un_agent(Role.VALIDEUR),
        "comité": f.un_agent(Role.COMITE),
        "d’une région": f.un_agent(Role.INSTRUCTEUR, region=regions[0].region),
        "signe partout, instruit là": double,
        "de nulle part": f.un_agent(Role.EXPERT),
    }
    industrie = TerritoireIndustrie.objects.create(programme=Programme.values[0], id_ti="ti-1", nom="Vallée")
    experts, evaluateurs = ([f.un_agent(role) for _ in range(2)] for role in (Role.EXPERT, Role.INSTRUCTEUR))
    return Scene(vague, avant, dossiers, gens, *experts, evaluateurs, industrie)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    with partage(django_db_blocker, dresser) as faite:
        yield faite


def corriger(scene: Scene, dossier: Candidature, qui: Utilisateur) -> None:
    hier = horloge_base() - timedelta(days=1)
    DemandeDeCorrection.objects.create(
        candidature=dossier,
        auteur=qui,
        motif="À préciser.",
        questions=["choc.filieres"],
        demandee_le=hier,
        echeance=hier + timedelta(days=9),
        rendue_le=horloge_base(),
        rendue_par=f.porteur_de(dossier),
    )


def lire_le_fil(scene: Scene, dossier: Candidature, qui: Utilisateur) -> None:
    if dernier := Message.objects.filter(candidature=dossier).last():
        echanges.marquer_lus(candidature=dossier, utilisateur=qui, jusqu_a=dernier)


def industrialiser(scene: Scene, dossier: Candidature, qui: Utilisateur) -> None:
    epci = dossier.territoire.epcis.first()
    MembreTerritoireIndustrie.objects.get_or_create(
        territoire_industrie=scene.industrie,
        epci=epci,
        nature=NatureMembre.EPCI,
        siren=epci.siren,
        defaults={"libelle": epci.nom},
    )


def regrouper(scene: Scene, dossier: Candidature, qui: Utilisateur) -> None:
    autre = scene.avant[scene.dossiers.index(dossier)]
    Territoire.objects.filter(pk=dossier.territoire_id).update(cle=autre.territoire.cle, prive=True)


def declarer(scene: Scene, dossier: Candidature, qui: Utilisateur, avant: bool = False) -> None:
    vise = scene.avant[scene.dossiers.index(dossier)] if avant else dossier
    instruction.declarer_interet(candidature=vise, utilisateur=qui, motif="Parent.", maintenant=horloge_base())


def signer(scene: Scene, dossier: Candidature, qui: Utilisateur) -> None:
    recevabilite.signer_irrecevabilite(qualite="Directrice", **_celle_qui_attend(dossier, qui))


def renvoyer(scene: Scene, dossier: Candidature, qui: Utilisateur) -> None:
    recevabilite.renvoyer_irrecevabilite(mot="Relisez.", **_celle_qui_attend(dossier, qui))


def _celle_qui_attend(dossier: Candidature, qui: Utilisateur) -> dict[str, Any]:
    lue = PropositionDIrrecevabilite.objects.a_signer().filter(candidature=dossier).first()
    return {"candidature": dossier, "lue": lue.pk if lue else 0, "valideur": qui, "maintenant": horloge_base()}


def avoir_un_avis_defavorable(scene: Scene, dossier: Candidature, qui: Utilisateur) -> None:
    maintenant = horloge_base()
    demander_avis(candidature=dossier, expert=scene.severe, question="Oui ?", auteur=qui, maintenant=maintenant)
    dit = {"sens": SensAvis.DEFAVORABLE, "texte": "Non.", "maintenant": maintenant}
    rendre_avis(candidature=dossier, expert=scene.severe, **dit)


def evaluer(scene: Scene, dossier: Candidature, qui: Utilisateur) -> None:
    """By two, after which both are read."""
    confier(dossier, *scene.evaluateurs, auteur=qui)
    marches = MARCHES[scene.dossiers.index(dossier) % len(MARCHES)]
    for evaluateur, marche in zip(scene.evaluateurs, marches, strict=True):
        rendre(dossier, evaluateur, marche)


def _acte(agir: Callable[..., Any], sur: str = "auteur", **valeurs: Any) -> Callable[..., None]:
    def acte(scene: Scene, dossier: Candidature, qui: Utilisateur) -> None:
        agir(candidature=dossier, maintenant=horloge_base(), **{sur: qui}, **valeurs)

    return acte


ACTES: dict[str, Callable[[Scene, Candidature, Utilisateur], None]] = {
    "prend": _acte(affectation.prendre, "acteur"),
    "recevable": _acte(constater_recevabilite, recevable=True),
    "propose une irrecevabilité": _acte(proposer_irrecevabilite, motif="Hors sujet."),
    "la signe": signer,
    "la renvoie": renvoyer,
    "irrecevable": _acte(constater_recevabilite, recevable=False, motif="Hors sujet."),
    "propose": _acte(instruction.proposer, sens="labelliser", motif="Prêt."),
    "demande un avis": lambda s, d, qui: demander_avis(
        candidature=d, expert=s.expert, question="Oui ?", auteur=qui, maintenant=horloge_base()
    ),
    "attend un avis en retard": lambda s, d, qui: demander_avis(
        candidature=d, expert=s.expert, question="Oui ?", auteur=qui, maintenant=horloge_base() - timedelta(days=30)
    ),
    "rend un avis": lambda s, d, _: rendre_avis(
        candidature=d, expert=s.expert, sens=SensAvis.FAVORABLE, texte="Oui.", maintenant=horloge_base()
    ),
    "est d’un avis défavorable": avoir_un_avis_defavorable,
    "est évalué": evaluer,
    "étiquette": _acte(etiqueter, etiquette="À revoir"),
    "étiquette autrement": _acte(etiqueter, etiquette="Relu"),
    "ôte l’étiquette": _acte(desetiqueter, etiquette="À revoir"),
    "corrige": corriger,
    "écrit": lambda s, d, _: echanges.envoyer_message(
        candidature=d, auteur=f.porteur_de(d), texte="Bonjour.", maintenant=horloge_base()
    ),
    "répond": _acte(echanges.envoyer_message, texte="Bonjour."),
    "lit": lire_le_fil,
    "est en conflit": declarer,
    "était en conflit": lambda s, d, qui: declarer(s, d, qui, avant=True),
    "est d’un Territoire d’industrie": industrialiser,
    "n’en est plus": lambda s, d, _: MembreTerritoireIndustrie.objects.filter(
        epci__in=d.territoire.epcis.all()
    ).delete(),
    "a déjà candidaté": regrouper,
    "s’étend": lambda s, d, _: d.territoire.epcis.add(s.dossiers[0].territoire.chef_de_file),
}
CHOIX: dict[str, list[str]] = {
    "onglet": [*Onglet.values],
    "etape": ["recevabilite", "signature", "avis", "proposition", "pret", "irrecevable"],
    "etat": ["en_instruction", "instruite", "irrecevable"],
    "region": ["80", "81"],
    "departement": ["90", "92"],
    "filiere": ["textile", "naval"],
    "avis": [*ChoixDAvis.values],
    "responsable": ["moi", "a_prendre", "1"],
    "particularite": [*Particularite.values],
    "etiquette": ["À revoir", "Relu", "Jamais mise"],
    "note": [*NOTES],
    "q": ["vallee", "textile", "R1-3", "zzz"],
    "evaluations": ["lues", "desaccord", "attendues"],
    "proposition": ["labelliser"],
    "attente": [*Attente.values],
    "dossiers": ["1", "2"],
}
HISTOIRES = st.lists(
    st.tuples(st.sampled_from([*ACTES]), st.integers(0, DOSSIERS - 1), st.integers(0, 6)), min_size=2, max_size=16
)
DEMANDES = st.lists(
    st.sampled_from([*CHOIX]).flatmap(lambda nom: st.tuples(st.just(nom), st.sampled_from(CHOIX[nom]))), max_size=3
)


INSTRUCTEUR, AUTRE, VALIDEUR, COMITE = range(4)
# Each act, once at least, by somebody who may: on the files of which it can be done.
HISTOIRE_ENTIERE = [
    *(("est d’un Territoire d’industrie", 1, COMITE), ("n’en est plus", 1, COMITE), ("s’étend", 1, COMITE)),
    *(("a déjà candidaté", 0, COMITE), ("était en conflit", 0, AUTRE), ("est en conflit", 0, COMITE)),
    *(("étiquette", 0, INSTRUCTEUR), ("ôte l’étiquette", 0, INSTRUCTEUR), ("étiquette autrement", 0, INSTRUCTEUR)),
    *(("étiquette", 1, INSTRUCTEUR), ("prend", 1, INSTRUCTEUR), ("est évalué", 1, INSTRUCTEUR)),
    *(("recevable", 1, INSTRUCTEUR), ("propose", 1, INSTRUCTEUR), ("est évalué", 0, INSTRUCTEUR)),
    *(("est évalué", 2, AUTRE), ("demande un avis", 2, AUTRE), ("rend un avis", 2, AUTRE), ("recevable", 2, AUTRE)),
    *(
        ("est évalué", 3, AUTRE),
        ("attend un avis en retard", 3, AUTRE),
        ("recevable", 3, AUTRE),
        ("corrige", 3, AUTRE),
    ),
    *(("est d’un avis défavorable", 4, AUTRE),),
    *(("propose une irrecevabilité", 4, AUTRE), ("propose une irrecevabilité", 0, INSTRUCTEUR)),
    ("la renvoie", 0, VALIDEUR),
    *(("propose une irrecevabilité", 5, AUTRE), ("la signe", 5, VALIDEUR), ("irrecevable", 6, INSTRUCTEUR)),
    # Nothing after it writes the row of that file again.
    *(("écrit", 4, AUTRE), ("lit", 4, AUTRE), ("répond", 4, AUTRE)),
]


def comptes(liste: ListeDesDossiers) -> dict[tuple[str, str], int]:
    lus = compter(liste.moi, liste.vague, liste.conditions)
    dits = {(facette.cle, valeur): n for facette in FACETTES for valeur, n in lus.de(facette.cle).items() if n}
    return {**dits, **({("total", ""): lus.total} if lus.total else {})}


def raconter(scene: Scene, acte: str, dossier: int, qui: int) -> None:
    with transaction.atomic():
        ACTES[acte](scene, Candidature.objects.get(pk=scene.dossiers[dossier].pk), [*scene.gens.values()][qui])


def verifier(scene: Scene, demandes: Iterable[Iterable[tuple[str, str]]]) -> set[tuple[str, str]]:
    """Whatever is asked, by everyone; returns what was counted at least once."""
    vus: set[tuple[str, str]] = set()
    assert (ecarts(), vagues_mal_comptees()) == ([], [])
    for demande in demandes:
        choisie = QueryDict(mutable=True)
        for nom, valeur in demande:
            choisie[nom] = valeur
        coches = [scene.dossiers[int(cle)].pk for cle in choisie.getlist("dossiers")] or None
        for qui, moi in scene.gens.items():
            lignes = suivis_par(moi).filter(vague=scene.vague)
            liste = ListeDesDossiers(lignes, choisie, moi=moi, vague=scene.vague, coches=coches)
            vrais = ligne_a_ligne.compter(moi, scene.vague, liste.conditions, choisie.get("particularite", ""))
            assert comptes(liste) == vrais, (qui, demande)
            assert liste.compter() == vrais.get(("total", ""), 0), (qui, demande)
            vus |= set(vrais)
            if ("total", "") in vrais:
                vus |= set(demande)
    assert Suivi.objects.filter(vague=scene.vague).exists()
    return vus


@settings(
    max_examples=EXEMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histoire=HISTOIRES, demandes=st.lists(DEMANDES, min_size=1, max_size=3))
def test_les_nombres_sont_ceux_de_ce_que_l_on_compte_ligne_a_ligne(scene: Scene, histoire: Any, demandes: Any) -> None:
    with transaction.atomic():
        for pas in histoire:
            with suppress(RegleEnfreinte):
                raconter(scene, *pas)
        verifier(scene, demandes)
        transaction.set_rollback(True)


def test_une_histoire_ou_chaque_acte_se_fait(scene: Scene) -> None:
    """Of which nothing is refused: what is asked of labels, avis, notes and steps has an answer that is not zero."""
    demandes = [[(nom, valeur)] for nom in ("etiquette", "avis", "note", "etape") for valeur in CHOIX[nom]]
    with transaction.atomic():
        for pas in HISTOIRE_ENTIERE:
            raconter(scene, *pas)
        vus = verifier(scene, demandes)
        transaction.set_rollback(True)
    assert {acte for acte, _, _ in HISTOIRE_ENTIERE} == set(ACTES)
    assert {une for (une,) in demandes} - vus == {("etiquette", "Jamais mise")}
