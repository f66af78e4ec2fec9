"""Which state of a file and of a wave each person knows."""

from collections import Counter

import pytest
from django.test import Client

from candidatures.dossier.connaissance import etat_connu_du_territoire
from candidatures.dossier.etats import EtatCandidature, SensDecision, Source
from candidatures.instruction import actions as instruction
from candidatures.instruction import comptes
from candidatures.instruction.acces import (
    avec_etat_connu,
    avec_etat_de_vague_connu,
    etat_connu_de,
    suivis_par,
    visibles_par,
)
from candidatures.instruction.comptes import a_instruire_en_tout, comptes_par_vague
from candidatures.models import Candidature, Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Region
from tests import fabriques as f
from tests.candidatures.instruction.connaissance.outils import UN_JOUR, E, Monde
from tests.candidatures.instruction.instruction import constater_recevabilite, instruire, une_vague_close
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db
SAVENT = {"instructeur", "comité", "valideur"}
EN_COURS = {"porteur", "comité participant", "valideur participant"}


def vus(monde: Monde) -> dict[str, EtatCandidature]:
    """What each knows of the file; those for whom it does not exist are left out."""
    maintenant = horloge_base()
    etats = {
        qui: etat_connu_de(Utilisateur.objects.get(pk=p.pk), monde.dossier, maintenant)
        for qui, p in monde.gens.items()
    }
    return {qui: etat for qui, etat in etats.items() if etat is not None}


def attendus(reel: EtatCandidature, connu: EtatCandidature) -> dict[str, EtatCandidature]:
    return dict.fromkeys(SAVENT, reel) | dict.fromkeys(EN_COURS, connu)


def test_chacun_sait_ce_qu_il_peut_savoir_et_rien_de_plus(monde: Monde) -> None:
    assert vus(monde) == attendus(E.EN_INSTRUCTION, E.EN_INSTRUCTION) | {"expert": E.EN_INSTRUCTION}
    # From the proposal on, a file does not exist for those who were only asked for their avis.
    instruire(monde.dossier, instructeur=monde.instructeur)
    assert vus(monde) == attendus(E.INSTRUITE, E.EN_INSTRUCTION)
    monde.decider()
    assert vus(monde) == attendus(E.LAUREATE, E.EN_INSTRUCTION)
    monde.annoncer()
    assert vus(monde) == attendus(E.LAUREATE, E.EN_INSTRUCTION)
    demain = horloge_base() + 2 * UN_JOUR
    assert etat_connu_de(monde.gens["expert"], monde.dossier, demain) is None
    assert etat_connu_de(monde.gens["comité participant"], monde.dossier, demain) == E.LAUREATE
    assert etat_connu_du_territoire(monde.dossier, demain) == E.LAUREATE
    # Everybody may know who may open the file; the others still do not open it.
    assert etat_connu_de(monde.gens["comité en conflit"], monde.dossier, demain) is None


def test_une_irrecevabilite_ne_se_sait_pas_non_plus(monde: Monde) -> None:
    constater_recevabilite(
        candidature=monde.dossier,
        recevable=False,
        motif="Hors champ.",
        auteur=monde.instructeur,
        maintenant=horloge_base(),
    )
    assert vus(monde) == attendus(E.IRRECEVABLE, E.EN_INSTRUCTION)


def test_la_liste_dit_ce_que_dit_la_fonction(monde: Monde) -> None:
    """The QuerySet and the function, for everybody, on every file."""
    instruire(monde.dossier, instructeur=monde.instructeur)
    maintenant = horloge_base()
    for personne in monde.gens.values():
        visibles = avec_etat_connu(visibles_par(personne), personne, maintenant)
        assert {d.pk: E(d.etat_connu) for d in visibles} == {
            d.pk: etat for d in Candidature.objects.all() if (etat := etat_connu_de(personne, d, maintenant))
        }


def poser(dossier: Candidature, **champs: object) -> None:
    with sans_declencheurs():
        Candidature.objects.filter(pk=dossier.pk).update(**champs)


def test_un_dossier_repris_ne_dit_que_ce_qui_fut_decide_ailleurs(monde: Monde) -> None:
    """Taken over while under instruction, then instructed and decided here: the territory waits like the rest."""
    poser(monde.dossier, source=Source.REPRISE, numero_source="12")
    instruire(monde.dossier, instructeur=monde.instructeur)
    assert etat_connu_du_territoire(monde.dossier, horloge_base()) == E.EN_INSTRUCTION
    monde.decider(SensDecision.AJOURNER)
    assert etat_connu_du_territoire(monde.dossier, horloge_base()) == E.EN_INSTRUCTION
    assert not Candidature.objects.copiables(horloge_base()).exists()


def test_un_dossier_decide_ailleurs_se_sait_aussitot(monde: Monde) -> None:
    poser(monde.dossier, source=Source.REPRISE, numero_source="12", etat=E.AJOURNEE)
    assert etat_connu_du_territoire(monde.dossier, horloge_base()) == E.AJOURNEE
    assert Candidature.objects.copiables(horloge_base()).get() == monde.dossier


def test_une_vague_dit_ou_elle_en_est_a_qui_peut_le_savoir(monde: Monde) -> None:
    def connus() -> dict[str, tuple[EtatVague, bool]]:
        lues = {
            qui: avec_etat_de_vague_connu(Vague.objects.all(), p, horloge_base()).get(pk=monde.vague.pk)
            for qui, p in monde.gens.items()
        }
        return {qui: (EtatVague(v.etat_connu), v.programmee) for qui, v in lues.items()}

    personne = dict.fromkeys(monde.gens, (EtatVague.EN_INSTRUCTION, False))
    instruire(monde.dossier, instructeur=monde.instructeur)
    assert connus() == personne
    monde.decider()
    assert connus() == personne | dict.fromkeys(SAVENT, (EtatVague.LABELLISEE, False))
    monde.annoncer()
    assert connus() == personne | dict.fromkeys(SAVENT, (EtatVague.LABELLISEE, True))
    demain = horloge_base() + 2 * UN_JOUR
    lue = avec_etat_de_vague_connu(Vague.objects.all(), monde.gens["presse"], demain).get(pk=monde.vague.pk)
    assert (lue.etat_connu, lue.programmee) == (EtatVague.PUBLIEE, False)


def test_participer_a_un_dossier_est_un_conflit_pour_l_instruire(monde: Monde) -> None:
    client = Client()
    client.force_login(monde.gens["comité participant"])
    instruire(monde.dossier, instructeur=monde.instructeur)
    assert client.get(f"/instruction/dossiers/{monde.dossier.pk}/").status_code == 404
    assert monde.dossier.reference not in client.get(f"/instruction/vagues/{monde.vague.numero}/").content.decode()
    assert client.get(f"/candidatures/{monde.dossier.pk}/").status_code == 200


def test_ce_qui_est_garde_compte_est_ce_que_chacun_lit(monde: Monde) -> None:
    """Whoever has an interest in a file counts it nowhere, whichever way they are counted for."""
    une_vague_close(None, None, cloture=monde.vague.ouverture)
    instruire(monde.dossier, instructeur=monde.instructeur)
    vagues = list(Vague.objects.values_list("pk", flat=True))
    aux_deux = f.un_agent(Role.COMITE)
    f.un_role(aux_deux, Role.INSTRUCTEUR, region=Region.objects.first())
    gens = [monde.gens["comité participant"], aux_deux, *(f.un_agent(r) for r in (Role.COMITE, Role.INSTRUCTEUR))]
    lus = [comptes_par_vague(qui, vagues) for qui in gens]
    assert lus == [comptes._comptes_lus(qui, vagues) for qui in gens]
    assert sum(un.total for un in lus[2].values()) == sum(un.total for un in lus[0].values()) + 1
    assert lus[1] != lus[2]


def test_le_tableau_de_bord_et_la_liste_comptent_les_memes_dossiers(monde: Monde) -> None:
    une_vague_close(None, None, cloture=monde.vague.ouverture)
    for role in (Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR):
        agent = f.un_agent(role)
        par_vague = comptes_par_vague(agent, list(Vague.objects.values_list("pk", flat=True)))
        tout = a_instruire_en_tout(agent)
        assert tout.a_instruire == sum(un.a_instruire for un in par_vague.values()) == 3
        assert tout.en_correction == sum(un.en_correction for un in par_vague.values()) == 0


def test_les_etats_comptes_sont_ceux_que_chacun_lit_a_chaque_pas(monde: Monde) -> None:
    """From what is kept counted or file by file: the same files, by the key of their wave, whatever is decided and
    whoever has an interest."""
    une_vague_close(None, None, cloture=monde.vague.ouverture)
    vagues = list(Vague.objects.values_list("pk", flat=True))
    national = f.un_agent(Role.INSTRUCTEUR)
    instruction.declarer_interet(
        candidature=monde.dossier, utilisateur=national, motif="Mandat.", maintenant=horloge_base()
    )
    gens = {**monde.gens, "instructeur en conflit": national}

    def comptes_et_lus() -> dict[str, tuple[object, object]]:
        return {
            qui: (
                comptes.etats_par_vague(personne, vagues),
                {
                    vague: Counter(suivis_par(personne).filter(vague=vague).values_list("etat_connu", flat=True))
                    for vague in vagues
                },
            )
            for qui, personne in gens.items()
        }

    vus = []
    for pas in (
        lambda: None,
        lambda: instruire(monde.dossier, instructeur=monde.instructeur),
        monde.decider,
        monde.annoncer,
    ):
        pas()
        tous = comptes_et_lus()
        assert {qui: deux for qui, deux in tous.items() if deux[0] != deux[1]} == {}
        # A state that only a file of interest is in is not there, not even at nought.
        assert all(nombre > 0 for deux in tous.values() for etats in deux[0].values() for nombre in etats.values())
        vus.append(tous)
    ignorants = ("presse", "expert", "administrateur", "porteur", "gestionnaire", "chargé de mission")
    assert [vus[-1][qui][0] for qui in ignorants] == [{vague: Counter() for vague in vagues}] * len(ignorants)
    # Whoever has an interest sees nothing move.
    for qui in ("comité en conflit", "valideur participant", "instructeur en conflit"):
        assert [pas[qui][0] for pas in vus] == [vus[0][qui][0]] * len(vus), qui
    assert vus[-1]["comité"][0][monde.vague.pk] == Counter({E.LAUREATE: 1})
