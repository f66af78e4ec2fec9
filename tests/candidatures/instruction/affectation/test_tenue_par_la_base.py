"""What Postgres holds of who instructs a file, whoever writes: one at a time, entitled, without a conflict."""

import pytest
from django.db import DatabaseError, transaction

from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.dossier.models.tenue import SANS_TENUE
from candidatures.instruction import actions as instruction
from candidatures.instruction.affectation.actions import rendre_ce_que_personne_ne_tient_plus
from candidatures.instruction.affectation.etats import ETATS_CONFIES
from candidatures.instruction.affectation.regles import empechement_d_affecter
from candidatures.instruction.suivi.models import Suivi
from candidatures.instruction.suivi.requetes import ecarts, vagues_mal_comptees
from candidatures.models import Affectation, Candidature, Participation
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import EtatHabilitation, Role
from territoires.models import Habilitation
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.outils.refus import refus
from tests.outils.roles import administrer, sans_declencheurs

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(f.un_departement())[1][0]


def ecrire(dossier, instructeur, **champs) -> Affectation:
    champs = {"par": instructeur, "faite_le": horloge_base(), **champs}
    return Affectation.objects.create(candidature=dossier, instructeur=instructeur, **champs)


def responsable(dossier) -> int | None:
    """Whom the list shows, once the narrow rows are known to be true."""
    assert (ecarts(), vagues_mal_comptees()) == ([], [])
    return Suivi.objects.values_list("responsable", flat=True).get(pk=dossier.pk)


def fins() -> list[str]:
    return list(Affectation.objects.order_by("pk").values_list("fin", flat=True))


class TestQuiPeut:
    def test_un_seul_a_la_fois(self, dossier):
        ecrire(dossier, f.un_agent(Role.INSTRUCTEUR))
        autre = f.un_agent(Role.INSTRUCTEUR)
        assert refus(lambda: ecrire(dossier, autre)) == "affectation_une_seule_en_cours"

    def test_dans_son_perimetre_et_nulle_part_ailleurs(self, dossier):
        nord, loin = f.un_departement(), f.un_departement("33", "75")
        membre = dossier.territoire.chef_de_file
        attendus = {
            "tout": ({}, None),
            "sa région": ({"region": nord.region}, None),
            "son département": ({"departement": nord}, None),
            "son territoire": ({"territoire": dossier.territoire}, None),
            "une autre région": ({"region": loin.region}, "affectation_dans_le_perimetre"),
            "un autre département": ({"departement": loin}, "affectation_dans_le_perimetre"),
            "un autre territoire": ({"territoire": f.un_territoire()}, "affectation_dans_le_perimetre"),
        }
        vus = {}
        for ou, (perimetre, _) in attendus.items():
            agent = f.un_utilisateur()
            f.un_role(agent, Role.INSTRUCTEUR, **perimetre)
            vus[ou] = refus(lambda qui=agent: ecrire(dossier, qui))
        assert vus == {ou: dit for ou, (_, dit) in attendus.items()}
        # One member of the grouping suffices.
        ailleurs = f.un_utilisateur()
        f.un_role(ailleurs, Role.INSTRUCTEUR, departement=loin)
        membre.departements.add(loin)
        assert refus(lambda: ecrire(dossier, ailleurs)) is None

    def test_ni_un_autre_role_ni_un_role_fini_ni_un_compte_ferme(self, dossier):
        comite, fini, ferme = f.un_agent(Role.COMITE), f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
        with sans_declencheurs():
            Habilitation.objects.filter(utilisateur=fini).update(a_confirmer_avant=horloge_base())
        ferme.is_active = False
        ferme.save()
        dits = [refus(lambda qui=qui: ecrire(dossier, qui)) for qui in (comite, fini, ferme)]
        assert dits == ["affectation_dans_le_perimetre"] * 3

    def test_ni_qui_a_un_interet_dans_le_dossier(self, dossier):
        declare, participe, parti = (f.un_agent(Role.INSTRUCTEUR) for _ in range(3))
        instruction.declarer_interet(
            candidature=dossier, utilisateur=declare, motif="Parent.", maintenant=horloge_base()
        )
        for qui in (participe, parti):
            Participation.objects.create(candidature=dossier, utilisateur=qui, qualite=Qualite.LECTEUR)
        Participation.objects.filter(utilisateur=parti).delete()
        tiers = f.un_agent(Role.INSTRUCTEUR)
        dits = [refus(lambda qui=qui: ecrire(dossier, qui, par=tiers)) for qui in (declare, participe, parti)]
        assert dits == ["auteur_sans_conflit", "auteur_etranger_au_dossier", "auteur_etranger_au_dossier"]

    def test_ni_qui_a_un_interet_ne_le_confie_a_personne(self, dossier):
        declare, autre = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
        instruction.declarer_interet(
            candidature=dossier, utilisateur=declare, motif="Parent.", maintenant=horloge_base()
        )
        assert refus(lambda: ecrire(dossier, autre, par=declare)) == "affectation_par_un_tiers"

    @pytest.mark.jumeau("postgres:affectation_d_un_dossier_en_instruction")
    def test_seul_un_dossier_en_instruction_se_confie(self, dossier):
        agent = f.un_agent(Role.INSTRUCTEUR)
        permis = []
        for etat in EtatCandidature:
            with sans_declencheurs():
                tenu = "" if etat in SANS_TENUE else dossier.territoire_tenu
                Candidature.objects.filter(pk=dossier.pk).update(etat=etat, territoire_tenu=tenu)
            dit = refus(lambda: ecrire(dossier, agent))
            assert (dit is None) == (empechement_d_affecter(etat) is None), etat
            permis += [etat] if dit is None else []
        assert set(permis) == set(ETATS_CONFIES)


def test_rien_n_en_change_que_sa_fin_dite_une_fois(dossier):
    agent = f.un_agent(Role.INSTRUCTEUR)
    une = ecrire(dossier, agent)
    for champ in ("mot = 'x'", f"instructeur_id = {f.un_agent(Role.INSTRUCTEUR).pk}", "faite_le = now()"):
        with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
            administrer(f"UPDATE candidatures_affectation SET {champ}")
    assert refus(lambda: Affectation.objects.update(close_le=horloge_base())) == "affectation_close_pour_une_raison"
    une.close_le, une.close_par, une.fin = horloge_base(), agent, "rendue"
    une.save()
    for requete in ("UPDATE candidatures_affectation SET fin = 'confiee'", "DELETE FROM candidatures_affectation"):
        with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
            administrer(requete)


class TestRevientAPrendre:
    def test_a_un_conflit_declare(self, dossier):
        agent = f.un_agent(Role.INSTRUCTEUR)
        ecrire(dossier, agent)
        assert responsable(dossier) == agent.pk
        instruction.declarer_interet(
            candidature=dossier, utilisateur=agent, motif="Parent.", maintenant=horloge_base()
        )
        assert (responsable(dossier), fins()) == (None, ["conflit"])

    def test_quand_qui_le_suit_y_participe(self, dossier):
        agent = f.un_agent(Role.INSTRUCTEUR)
        ecrire(dossier, agent)
        Participation.objects.create(candidature=dossier, utilisateur=agent, qualite=Qualite.LECTEUR)
        assert (responsable(dossier), fins()) == (None, ["participation"])

    def test_a_la_fin_du_role_mais_pas_s_il_en_reste_un_sur_ce_territoire(self, dossier):
        agent = f.un_agent(Role.INSTRUCTEUR)
        second = f.un_role(agent, Role.INSTRUCTEUR, departement=f.un_departement())
        ecrire(dossier, agent)
        premier = Habilitation.objects.filter(utilisateur=agent).exclude(pk=second.pk).get()
        for role, encore in ((premier, agent.pk), (second, None)):
            role.etat, role.finie_le = EtatHabilitation.RETIREE, horloge_base()
            role.save(update_fields=["etat", "finie_le"])
            assert responsable(dossier) == encore
        assert fins() == ["role"]

    def test_a_la_fermeture_du_compte(self, dossier):
        agent = f.un_agent(Role.INSTRUCTEUR)
        ecrire(dossier, agent)
        agent.is_active = False
        agent.save()
        assert (responsable(dossier), fins()) == (None, ["role"])

    def test_quand_l_heure_du_role_est_passee_ou_que_le_territoire_change(self, dossier):
        """No trigger sees a clock: the sweep does, once."""
        par_l_heure, par_le_lieu = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
        ecrire(dossier, par_l_heure)
        assert rendre_ce_que_personne_ne_tient_plus() == 0
        with sans_declencheurs():
            Habilitation.objects.filter(utilisateur=par_l_heure).update(a_confirmer_avant=horloge_base())
        assert [rendre_ce_que_personne_ne_tient_plus() for _ in range(2)] == [1, 0]
        with sans_declencheurs():
            Habilitation.objects.filter(utilisateur=par_le_lieu).update(region=f.un_departement().region)
        ecrire(dossier, par_le_lieu)
        dossier.territoire.chef_de_file.regions.clear()
        assert [rendre_ce_que_personne_ne_tient_plus() for _ in range(2)] == [1, 0]
        assert (responsable(dossier), fins()) == (None, ["role", "role"])


def test_une_decision_ne_change_pas_qui_a_suivi_le_dossier(dossier):
    agent = instruire(dossier)
    ecrire(dossier, agent)
    with sans_declencheurs():
        Candidature.objects.filter(pk=dossier.pk).update(etat=EtatCandidature.LAUREATE)
    assert rendre_ce_que_personne_ne_tient_plus() == 0
    assert fins() == [""]
