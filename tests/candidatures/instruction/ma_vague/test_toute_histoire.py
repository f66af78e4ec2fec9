"""Whatever happened to the files of a wave, whoever reads them and whatever they ask: what is counted from bits is
what is there, row by row."""

from collections.abc import Callable, Iterator
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
from candidatures.instruction.ma_vague.etats import Onglet, Particularite
from candidatures.instruction.ma_vague.facettes import FACETTES
from candidatures.instruction.ma_vague.requetes import compter
from candidatures.instruction.suivi.models import Suivi
from candidatures.instruction.suivi.requetes import ecarts, vagues_mal_comptees
from candidatures.models import Candidature, DemandeDeCorrection, Message, Vague
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
from tests.candidatures.instruction.instruction import demander_avis, rendre_avis, une_vague_close
from tests.candidatures.instruction.ma_vague import ligne_a_ligne
from tests.decors import partage

pytestmark = pytest.mark.django_db

EXEMPLES, DOSSIERS = 20, 6


@dataclass
class Scene:
    vague: Vague
    avant: list[Candidature]
    dossiers: list[Candidature]
    gens: dict[str, Utilisateur]
    expert: Utilisateur
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
    return Scene(vague, avant, dossiers, gens, f.un_agent(Role.EXPERT), industrie)


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


def _acte(agir: Callable[..., Any], sur: str = "auteur", **valeurs: Any) -> Callable[..., None]:
    def acte(scene: Scene, dossier: Candidature, qui: Utilisateur) -> None:
        agir(candidature=dossier, maintenant=horloge_base(), **{sur: qui}, **valeurs)

    return acte


ACTES: dict[str, Callable[[Scene, Candidature, Utilisateur], None]] = {
    "prend": _acte(affectation.prendre, "acteur"),
    "recevable": _acte(instruction.constater_recevabilite, recevable=True, motif=""),
    "irrecevable": _acte(instruction.constater_recevabilite, recevable=False, motif="Hors sujet."),
    "propose": _acte(instruction.proposer, sens="labelliser", motif="Prêt."),
    "demande un avis": lambda s, d, qui: demander_avis(
        candidature=d, expert=s.expert, question="Oui ?", auteur=qui, maintenant=horloge_base()
    ),
    "rend un avis": lambda s, d, _: rendre_avis(
        candidature=d, expert=s.expert, sens=SensAvis.FAVORABLE, texte="Oui.", maintenant=horloge_base()
    ),
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
    "etape": ["recevabilite", "avis", "proposition", "pret", "irrecevable"],
    "etat": ["en_instruction", "instruite", "irrecevable"],
    "region": ["80", "81"],
    "departement": ["90", "92"],
    "filiere": ["textile", "naval"],
    "avis": ["sans", "attendus", "rendus"],
    "responsable": ["moi", "a_prendre", "1"],
    "particularite": [*Particularite.values],
    "q": ["vallee", "textile", "R1-3", "zzz"],
    "evaluations": ["lues", "desaccord", "attendues"],
    "proposition": ["labelliser"],
    "attente": [*Attente.values],
    "dossiers": ["1", "2"],
}
HISTOIRES = st.lists(
    st.tuples(st.sampled_from([*ACTES]), st.integers(0, DOSSIERS - 1), st.integers(0, 6)), max_size=12
)
DEMANDES = st.lists(
    st.sampled_from([*CHOIX]).flatmap(lambda nom: st.tuples(st.just(nom), st.sampled_from(CHOIX[nom]))), max_size=3
)


def comptes(liste: ListeDesDossiers) -> dict[tuple[str, str], int]:
    lus = compter(liste.moi, liste.vague, liste.conditions)
    dits = {(facette.cle, valeur): n for facette in FACETTES for valeur, n in lus.de(facette.cle).items() if n}
    return {**dits, **({("total", ""): lus.total} if lus.total else {})}


@settings(
    max_examples=EXEMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histoire=HISTOIRES, demandes=st.lists(DEMANDES, min_size=1, max_size=3))
def test_les_nombres_sont_ceux_de_ce_que_l_on_compte_ligne_a_ligne(scene: Scene, histoire: Any, demandes: Any) -> None:
    gens = [*scene.gens.values()]
    with transaction.atomic():
        for acte, dossier, qui in histoire:
            tenu = Candidature.objects.get(pk=scene.dossiers[dossier].pk)
            try:
                with transaction.atomic():
                    ACTES[acte](scene, tenu, gens[qui])
            except RegleEnfreinte:
                pass
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
        assert Suivi.objects.filter(vague=scene.vague).exists()
        transaction.set_rollback(True)
