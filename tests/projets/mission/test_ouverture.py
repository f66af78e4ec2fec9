"""From the announcement to a mission with a team: who learns of it, and when."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from candidatures.dossier.etats import SensDecision
from candidatures.labellisation.actions import annoncer, labelliser
from candidatures.models import Labellisation, Vague
from projets.mission import actions as missions
from projets.mission.etats import EtatMission
from projets.models import Mission
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Region
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.fabriques import porteur_de, un_agent, un_departement, un_territoire, une_vague
from tests.projets import decor

pytestmark = pytest.mark.django_db

DEBUT = date(2026, 9, 1)
Annonce = Callable[[timedelta], list[Labellisation]]


@pytest.fixture
def annonce() -> Annonce:
    """Two laureates announced through the real acts, public after this delay."""

    def annoncer_deux(embargo: timedelta) -> list[Labellisation]:
        vague, dossiers = une_vague_close(None, None)
        for dossier in dossiers:
            instruire(dossier)
        valideur = un_agent(Role.VALIDEUR)
        labelliser(
            vague=vague,
            decisions={dossier.pk: SensDecision.LABELLISER for dossier in dossiers},
            valideur=valideur,
            maintenant=horloge_base(),
        )
        maintenant = horloge_base()
        return annoncer(vague=vague, valideur=valideur, publique_a=maintenant + embargo, maintenant=maintenant)

    return annoncer_deux


def un_laureat(departement: str = "59", region: str = "32") -> Labellisation:
    vague = Vague.objects.first() or une_vague()
    territoire = un_territoire(departement=un_departement(departement, region))
    return decor.un_laureat(vague, horloge_base(), territoire=territoire)


def une_mission_a_lancer(laureat: Labellisation) -> Mission:
    return missions.preparer(labellisation=laureat, acteur=None, maintenant=horloge_base())


def voit(personne: Utilisateur, mission: Mission) -> bool:
    return Mission.objects.visibles_par(personne).filter(pk=mission.pk).exists()


def test_l_annonce_donne_a_chaque_laureat_sa_mission_a_lancer(annonce: Annonce) -> None:
    laureats = annonce(timedelta(0))
    preparees = Mission.objects.order_by("pk")
    assert [mission.labellisations.get() for mission in preparees] == laureats
    assert {(mission.etat, mission.debut) for mission in preparees} == {(EtatMission.A_LANCER, None)}
    assert EntreeJournal.objects.filter(acte="preparer").count() == 2
    assert une_mission_a_lancer(laureats[0]) == preparees[0]


def test_sous_embargo_le_territoire_et_les_charges_de_mission_ne_voient_rien(annonce: Annonce) -> None:
    laureat, _ = annonce(timedelta(hours=2))
    mission = Mission.objects.get(labellisations=laureat)
    territoire = porteur_de(laureat.candidature)
    equipier = un_agent(Role.CHARGE_MISSION)
    assert [voit(personne, mission) for personne in (territoire, equipier)] == [False, False]
    roles = (Role.VALIDEUR, Role.INSTRUCTEUR, Role.COMITE, Role.GESTIONNAIRE, Role.ADMINISTRATEUR, Role.PRESSE)
    assert [voit(un_agent(role), mission) for role in roles] == [True, True, False, False, False, False]
    assert not Mission.objects.financables_par(un_agent(Role.GESTIONNAIRE)).exists()
    assert not Mission.objects.composables_par(un_agent(Role.ADMINISTRATEUR)).exists()
    with pytest.raises(RegleEnfreinte, match="Seul un chargé de mission"):
        missions.prendre_en_charge(mission=mission, debut=DEBUT, acteur=equipier, maintenant=horloge_base())


def test_l_embargo_leve_chacun_voit_sa_mission(annonce: Annonce) -> None:
    laureat, autre = annonce(timedelta(0))
    mission = Mission.objects.get(labellisations=laureat)
    territoire = porteur_de(laureat.candidature)
    assert voit(territoire, mission)
    assert not voit(territoire, Mission.objects.get(labellisations=autre))
    assert voit(un_agent(Role.CHARGE_MISSION), mission)


@pytest.mark.parametrize("role", [Role.INSTRUCTEUR, Role.GESTIONNAIRE, Role.CHARGE_MISSION])
def test_un_role_tenu_dans_une_region_s_arrete_a_ses_limites(role: Role) -> None:
    ici = une_mission_a_lancer(un_laureat())
    ailleurs = une_mission_a_lancer(un_laureat(departement="29", region="53"))
    agent = un_agent(role, region=Region.objects.get(code="53"))
    assert [voit(agent, mission) for mission in (ici, ailleurs)] == [False, True]


def test_plusieurs_missions_qui_attendent_n_en_font_qu_une() -> None:
    laureats = [un_laureat(), un_laureat()]
    premiere, seconde = [une_mission_a_lancer(laureat) for laureat in laureats]
    equipier = un_agent(Role.CHARGE_MISSION)
    mission = missions.ouvrir_mission(
        titre="Mission commune",
        labellisations=laureats,
        debut=DEBUT,
        acteur=equipier,
        maintenant=horloge_base(),
        equipe=[equipier],
    )
    assert list(Mission.objects.all()) == [mission] == [premiere]
    assert list(mission.labellisations.order_by("pk")) == laureats
    assert list(mission.equipe.all()) == [equipier]
    reunie = EntreeJournal.objects.get(acte="reunir")
    assert (reunie.objet_id, reunie.details) == (str(seconde.pk), {"avec": mission.pk})


def test_une_mission_ne_s_ouvre_ni_deux_fois_ni_avant_l_annonce_ni_par_n_importe_qui() -> None:
    laureat = un_laureat()
    equipier = un_agent(Role.CHARGE_MISSION)

    def ouvrir(laureats: list[Labellisation], acteur: Utilisateur) -> Mission:
        return missions.ouvrir_mission(
            titre="Mission", labellisations=laureats, debut=DEBUT, acteur=acteur, maintenant=horloge_base()
        )

    with pytest.raises(RegleEnfreinte, match="au moins un territoire"):
        ouvrir([], equipier)
    with pytest.raises(RegleEnfreinte, match="Seul un chargé de mission"):
        ouvrir([laureat], un_agent(Role.GESTIONNAIRE))
    secret = Labellisation(annoncee_le=None)
    with pytest.raises(RegleEnfreinte, match="après l’annonce"):
        ouvrir([secret], equipier)
    assert not Mission.objects.exists()
    decor.une_mission(laureat)
    with pytest.raises(RegleEnfreinte, match="déjà une mission en cours"):
        ouvrir([laureat], equipier)
