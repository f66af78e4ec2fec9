"""The narrow row of each file in instruction says what the tables say, whatever changes them."""

from io import StringIO

import pytest
from django.core.management import call_command

from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.suivi import bits
from candidatures.instruction.suivi.models import BitsDeSuivis, Suivi
from candidatures.instruction.suivi.requetes import ecarts, vagues_mal_comptees
from candidatures.labellisation import actions as labellisation
from candidatures.models import Candidature, Depot, Saisine
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from territoires.models import Region, Territoire
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, rendre_avis, une_vague_close
from tests.candidatures.pages.instruction.outils import demander
from tests.outils.roles import ignorer, sans_declencheurs

pytestmark = pytest.mark.django_db


def lus(dossier):
    """What the narrow row of `dossier` says, as a whole."""
    return Suivi.objects.filter(pk=dossier.pk).values(
        "vague", "territoire", "etat", "rang", "nom", "region", "recu_le", "avis_demandes", "avis_rendus", "filieres"
    )


def test_un_dossier_n_a_de_ligne_que_dans_l_instruction():
    dossier = f.une_candidature()
    f.un_depot(dossier)
    assert not Suivi.objects.exists()
    vague, (instruit,) = une_vague_close(None, noms=["L’Haÿ-les-Roses"], cloture=f.midi_a_paris(f.date(2023, 2, 1)))
    assert list(lus(instruit)) == [
        {
            "vague": vague.pk,
            "territoire": instruit.territoire_id,
            "etat": "en_instruction",
            "rang": list(EtatCandidature).index(EtatCandidature.EN_INSTRUCTION),
            "nom": "l hay les roses",
            "region": "region 32",
            "recu_le": Depot.objects.get(candidature=instruit).recu_le,
            "avis_demandes": 0,
            "avis_rendus": 0,
            "filieres": ["textile"],
        }
    ]
    assert ecarts() == []


def test_chaque_acte_de_l_instruction_s_y_lit_aussitot():
    vague, (premier, second) = une_vague_close(None, None)
    agent, expert, autre = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT), f.un_agent(Role.EXPERT)
    vus = []

    def voir():
        assert ecarts() == []
        vus.append(Suivi.objects.values_list("etat", "avis_demandes", "avis_rendus").get(pk=premier.pk))

    demander(premier, expert, agent)
    voir()
    demander(premier, autre, agent)
    voir()
    avis = {"candidature": premier, "sens": SensAvis.FAVORABLE, "texte": "Oui.", "maintenant": horloge_base()}
    rendre_avis(expert=expert, **avis)
    voir()
    instruction.declarer_interet(candidature=premier, utilisateur=autre, motif="Parent.", maintenant=horloge_base())
    voir()
    instruire(premier, instructeur=agent)
    instruire(second, instructeur=agent, sens=SensDecision.NE_PAS_RETENIR)
    voir()
    decisions = {premier.pk: SensDecision.LABELLISER, second.pk: SensDecision.NE_PAS_RETENIR}
    labellisation.labelliser(
        vague=vague, decisions=decisions, valideur=f.un_agent(Role.VALIDEUR), maintenant=horloge_base()
    )
    voir()
    assert vus == [
        ("en_instruction", 1, 0),
        ("en_instruction", 2, 0),
        ("en_instruction", 2, 1),
        ("en_instruction", 1, 1),
        ("instruite", 1, 1),
        ("laureate", 1, 1),
    ]
    assert set(Suivi.objects.values_list("etat", flat=True)) == {"laureate", "non_retenue"}


def test_un_nouveau_depot_un_nouveau_nom_et_un_autre_territoire_s_y_lisent():
    _, (dossier,) = une_vague_close(None)
    f.un_depot(dossier, recu_le=dossier.vague.cloture - f.timedelta(milliseconds=1))
    assert ecarts() == []
    Region.objects.filter(pk=dossier.territoire.region_pilote_id).update(nom="Île d’Yeu")
    assert (ecarts(), lus(dossier).get()["region"]) == ([], "ile d yeu")
    autre_region = f.un_departement("75", "11").region
    (epci,) = dossier.territoire.epcis.all()
    epci.regions.add(autre_region)
    ici = [*sorted([dossier.territoire.region_pilote_id, autre_region.pk])]
    assert (ecarts(), Suivi.objects.get(pk=dossier.pk).regions) == ([], ici)
    epci.regions.remove(autre_region)
    assert (ecarts(), Suivi.objects.get(pk=dossier.pk).regions) == ([], ici[:1])
    ailleurs = f.un_epci(departement=f.un_departement("76", "11"))
    dossier.territoire.epcis.add(ailleurs)
    assert (ecarts(), Suivi.objects.get(pk=dossier.pk).regions) == ([], ici)
    dossier.territoire.epcis.remove(ailleurs)
    assert (ecarts(), Suivi.objects.get(pk=dossier.pk).regions, vagues_mal_comptees()) == ([], ici[:1], [])
    Territoire.objects.filter(pk=dossier.territoire_id).update(nom="Œuvre-à-l’Est")
    assert (ecarts(), lus(dossier).get()["nom"], lus(dossier).get()["region"]) == ([], "oeuvre a l est", "ile d yeu")
    autre = f.un_territoire("Ailleurs", departement=f.un_departement("14", "28"))
    with ignorer("candidatures.Candidature:territoire_tenu_prouve"):
        Candidature.objects.filter(pk=dossier.pk).update(territoire=autre)
    assert (ecarts(), lus(dossier).get()["nom"], lus(dossier).get()["region"]) == ([], "ailleurs", "region 28")


def test_un_dossier_qui_sort_de_l_instruction_n_a_plus_de_ligne():
    _, (dossier,) = une_vague_close(None)
    with ignorer("candidatures.Candidature:etat_suit_la_table"):
        Candidature.objects.filter(pk=dossier.pk).update(etat=EtatCandidature.RETIREE)
    assert (ecarts(), list(lus(dossier))) == ([], [])


@pytest.mark.parametrize(
    "abimer",
    [
        lambda dossier: Suivi.objects.filter(pk=dossier.pk).update(recu_le=None),
        lambda dossier: Suivi.objects.filter(pk=dossier.pk).update(nom="autre"),
        lambda dossier: Candidature.objects.filter(pk=dossier.pk).update(etat="retiree"),
        lambda dossier: Saisine.objects.filter(candidature=dossier).update(a_rendre_avant="2030-01-01"),
    ],
)
def test_la_verification_nomme_ce_qui_differe(abimer):
    _, dossiers = une_vague_close(None, None)
    demander(dossiers[1], f.un_agent(Role.EXPERT), f.un_agent(Role.INSTRUCTEUR))
    sortie = StringIO()
    call_command("verifier_suivi", stdout=sortie)
    with sans_declencheurs():
        abimer(dossiers[1])
    assert ecarts() == [dossiers[1].pk]
    with pytest.raises(SystemExit) as fin:
        call_command("verifier_suivi", stdout=sortie)
    assert fin.value.code == 1
    assert sortie.getvalue().split("\n") == ["2\u00a0dossiers concordent.", f"DIFFÈRE – dossier {dossiers[1].pk}", ""]


@pytest.mark.parametrize(
    ("abimer", "dossier"),
    [
        (lambda dossier: Suivi.objects.filter(pk=dossier.pk).delete(), True),
        (lambda dossier: Suivi.objects.filter(pk=dossier.pk).update(avis_rendus=3), True),
        (lambda dossier: Suivi.objects.filter(pk=dossier.pk).update(filieres=["naval"]), True),
        (lambda dossier: Suivi.objects.filter(pk=dossier.pk).update(regions=[]), True),
        (lambda dossier: BitsDeSuivis.objects.filter(colonne="etat").update(valeur="instruite"), False),
        (lambda dossier: BitsDeSuivis.objects.filter(colonne="filieres").delete(), False),
        (lambda dossier: BitsDeSuivis.objects.filter(colonne="").update(bits="1" * bits.LARGEUR), False),
    ],
)
def test_la_verification_nomme_la_vague_que_l_on_compte_mal(abimer, dossier):
    vague, dossiers = une_vague_close(None, None)
    demander(dossiers[1], f.un_agent(Role.EXPERT), f.un_agent(Role.INSTRUCTEUR))
    assert (ecarts(), vagues_mal_comptees()) == ([], [])
    with sans_declencheurs():
        abimer(dossiers[1])
    sortie = StringIO()
    with pytest.raises(SystemExit):
        call_command("verifier_suivi", stdout=sortie)
    lignes = [f"DIFFÈRE – dossier {dossiers[1].pk}"] if dossier else []
    assert sortie.getvalue().split("\n") == [*lignes, f"DIFFÈRE – décompte de la vague {vague.numero}", ""]
