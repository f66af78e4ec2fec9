"""A territory is held by one deposited file whose porteur is known to work for its lead; nothing received is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from candidatures.cloture.actions import cloture
from candidatures.depot.actions import depots, retrait
from candidatures.depot.actions.tenue import lever_en_attente
from candidatures.depot.etats import Reserve
from candidatures.depot.requetes import qui_tient, reserve_de
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.groupement import actions as groupements
from candidatures.instruction.conditions.regles import toutes_remplies
from candidatures.instruction.regles import empechement_de_declarer_recevable
from candidatures.instruction.reserve.actions import lever_la_reserve
from candidatures.models import (
    Candidature,
    LigneProcesVerbal,
    Recevabilite,
)
from rebond.comptes.rattachements.actions import attester, rattacher_par_siret
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import constater_recevabilite
from tests.comptes.rattachements.test_rattachements import siret
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


def relu(dossier: Candidature) -> Candidature:
    return Candidature.objects.get(pk=dossier.pk)


def reserve(dossier: Candidature) -> Reserve | None:
    return reserve_de(relu(dossier), dossier.depots.order_by("-rang").first())


def deux_dossiers(**second):
    """Two deposited files for one grouping: by someone who is known, then by another (`second`)."""
    premier = f.une_candidature()
    f.un_depot(premier)
    autre = f.une_candidature(vague=premier.vague, territoire=premier.territoire, **second)
    f.un_depot(autre)
    return premier, autre


def clos(vague):
    vague.cloture = horloge_base()
    vague.grace = timedelta(0)
    vague.save(update_fields=["cloture", "grace"])
    cloture.clore(vague_id=vague.pk, maintenant=horloge_base())


class TestAuDepot:
    def test_qui_est_connu_tient_son_territoire(self):
        depot = f.un_depot()
        assert relu(depot.candidature).territoire_tenu == depot.candidature.territoire.cle
        assert reserve(depot.candidature) is None

    def test_qui_ne_l_est_pas_est_recu_a_temps_sous_reserve_et_ne_bloque_personne(self):
        inconnu = f.une_candidature(prouve=False)
        depot = f.un_depot(inconnu)
        assert depot.rang == 1
        assert (relu(inconnu).territoire_tenu, reserve(inconnu)) == ("", Reserve.A_PROUVER)
        assert EntreeJournal.objects.filter(acte="recevoir_sous_reserve", objet_id=str(inconnu.pk)).count() == 1

        agent = f.une_candidature(vague=inconnu.vague, territoire=inconnu.territoire)
        f.un_depot(agent)
        assert relu(agent).territoire_tenu == agent.territoire.cle

    def test_le_second_est_recu_et_garde_et_sait_pourquoi(self):
        premier, second = deux_dossiers()
        assert (relu(premier).territoire_tenu != "", relu(second).territoire_tenu) == (True, "")
        assert reserve(second) is Reserve.DEJA_TENU
        assert qui_tient(second, second.depots.get()) == premier

    def test_qui_n_a_rien_prouve_lit_la_meme_reserve_qu_un_autre_dossier_existe_ou_non(self):
        _, avec = deux_dossiers(prouve=False)
        seul = f.une_candidature(vague=avec.vague, prouve=False)
        f.un_depot(seul)
        assert reserve(avec) is reserve(seul) is Reserve.A_PROUVER

    def test_le_retrait_du_premier_laisse_la_place_et_le_dit(self):
        premier, second = deux_dossiers()
        retrait.retirer(candidature=premier, auteur=f.porteur_de(premier), maintenant=horloge_base())
        assert (relu(second).territoire_tenu, reserve(second)) == (second.territoire.cle, None)
        lettre = Courrier.objects.get(destinataire=f.porteur_de(second).email, objet__contains="réserve est levée")
        assert "bien celui de la collectivité chef de file" in lettre.texte

    def test_ce_qui_est_tenu_est_ce_qui_est_depose_et_non_le_brouillon(self):
        dossier, ajoute = f.une_candidature(), f.un_epci()
        f.un_depot(dossier)
        seul = dossier.territoire.cle
        groupements.ajouter_membre(
            candidature=dossier, collectivite=ajoute, auteur=f.porteur_de(dossier), maintenant=horloge_base()
        )
        assert (relu(dossier).territoire_tenu, relu(dossier).territoire.cle == seul) == (seul, False)

    def test_une_preuve_tardive_leve_la_reserve_meme_apres_la_cloture(self):
        dossier = f.une_candidature(prouve=False)
        f.un_depot(dossier)
        clos(dossier.vague)
        assert relu(dossier).etat == EtatCandidature.EN_INSTRUCTION
        assert LigneProcesVerbal.objects.filter(depot__candidature=dossier).count() == 1
        rattacher_par_siret(
            utilisateur=f.porteur_de(dossier), siret=siret(dossier.territoire.cle), maintenant=horloge_base()
        )
        assert (relu(dossier).territoire_tenu, reserve(dossier)) == (dossier.territoire.cle, None)

    def test_la_preuve_pour_une_autre_collectivite_ne_leve_rien(self):
        dossier = f.une_candidature(prouve=False)
        f.un_depot(dossier)
        rattacher_par_siret(
            utilisateur=f.porteur_de(dossier), siret=siret(f.un_epci().siren), maintenant=horloge_base()
        )
        assert relu(dossier).territoire_tenu == ""

    def test_un_balayage_leve_ce_que_personne_n_a_leve(self):
        dossier = f.une_candidature(prouve=False)
        f.un_depot(dossier)
        f.un_rattachement(f.porteur_de(dossier), dossier.territoire.cle)
        assert [lever_en_attente(maintenant=horloge_base()) for _ in range(2)] == [1, 0]

    def test_a_l_echeance_le_premier_recu_tient_et_l_autre_est_garde(self):
        from candidatures.depot.actions.echeance import demander_depot_a_l_echeance

        vague = f.une_vague()
        premier = f.une_candidature(vague=vague)
        inconnu = f.une_candidature(vague=vague, territoire=premier.territoire, prouve=False)
        second = f.une_candidature(vague=vague, territoire=premier.territoire)
        for dossier in (inconnu, premier, second):
            demander_depot_a_l_echeance(candidature=dossier, auteur=f.porteur_de(dossier), maintenant=horloge_base())
        clos(vague)
        assert [relu(dossier).territoire_tenu != "" for dossier in (inconnu, premier, second)] == [False, True, False]
        assert [dossier.depots.count() for dossier in (inconnu, premier, second)] == [1, 1, 1]


class TestPostgres:
    """Beside the application."""

    def test_deux_dossiers_ne_tiennent_pas_un_territoire(self):
        premier, second = deux_dossiers()
        with pytest.raises(IntegrityError, match="candidature_territoire_tenu_une_fois"):
            Candidature.objects.filter(pk=second.pk).update(territoire_tenu=relu(premier).territoire_tenu)

    def test_un_territoire_ne_se_tient_pas_sans_preuve(self):
        dossier = f.une_candidature(prouve=False)
        f.un_depot(dossier)
        with pytest.raises(IntegrityError, match="territoire tenu sans preuve"):
            Candidature.objects.filter(pk=dossier.pk).update(territoire_tenu=dossier.territoire.cle)

    def test_ni_un_autre_territoire_que_celui_du_depot(self):
        dossier = f.une_candidature()
        f.un_depot(dossier)
        with pytest.raises(IntegrityError, match="territoire tenu sans preuve"):
            Candidature.objects.filter(pk=dossier.pk).update(territoire_tenu=f.un_epci().siren)

    def test_un_brouillon_ne_tient_rien(self):
        dossier = f.une_candidature()
        with pytest.raises(IntegrityError, match=r"territoire tenu sans preuve|brouillon_ne_tient_rien"):
            Candidature.objects.filter(pk=dossier.pk).update(territoire_tenu=dossier.territoire.cle)

    @pytest.mark.jumeau("postgres:recevable_sans_reserve")
    def test_rien_de_ce_qui_est_sous_reserve_n_est_recevable(self):
        tenu = f.un_depot().candidature
        sous_reserve = f.une_candidature(vague=tenu.vague, prouve=False)
        f.un_depot(sous_reserve)
        for dossier in (tenu, sous_reserve):
            dit = empechement_de_declarer_recevable(sous_reserve=relu(dossier).sous_reserve)
            constats = toutes_remplies(dossier.cahier.cahier.recevabilite)
            arguments = {"candidature": dossier, "auteur": f.un_utilisateur(), "constatee_le": horloge_base()}
            arguments |= {"constats": constats}
            if dit is None:
                Recevabilite.objects.create(recevable=True, **arguments)
            else:
                with pytest.raises(IntegrityError, match="recevable sous réserve"), f.dans_un_point_de_reprise():
                    Recevabilite.objects.create(recevable=True, **arguments)
                # Inadmissible, no reserve keeps it from being: a signature is what it lacks.
                rejet = Recevabilite(recevable=False, motif="Pas d’elle.", **arguments)
                assert refus(rejet.save) == "irrecevabilite_signee"


class TestALaRecevabilite:
    @pytest.fixture
    def instructeur(self):
        return f.un_agent(Role.INSTRUCTEUR)

    def constater(self, dossier, instructeur, *, recevable):
        return constater_recevabilite(
            candidature=dossier, recevable=recevable, motif="Motif.", auteur=instructeur, maintenant=horloge_base()
        )

    def test_sous_reserve_on_ne_peut_que_lever_ou_ecarter(self, instructeur):
        dossier = f.une_candidature(prouve=False)
        f.un_depot(dossier)
        clos(dossier.vague)
        with pytest.raises(RegleEnfreinte, match="sous réserve"):
            self.constater(dossier, instructeur, recevable=True)
        lever_la_reserve(
            candidature=dossier, motif="Appel à l’accueil.", auteur=instructeur, maintenant=horloge_base()
        )
        assert relu(dossier).territoire_tenu == dossier.territoire.cle
        assert self.constater(relu(dossier), instructeur, recevable=True).recevable

    def test_deux_dossiers_d_un_territoire_un_seul_est_recevable(self, instructeur):
        premier, second = deux_dossiers()
        clos(premier.vague)
        with pytest.raises(RegleEnfreinte, match=f"{premier.reference} est déjà celui de ce territoire"):
            lever_la_reserve(candidature=second, motif="Vu.", auteur=instructeur, maintenant=horloge_base())
        self.constater(premier, instructeur, recevable=False)
        assert relu(second).territoire_tenu == second.territoire.cle

    def test_l_irrecevabilite_de_l_un_ne_s_apprend_pas_par_la_reserve_de_l_autre(self, instructeur):
        premier, second = deux_dossiers()
        clos(premier.vague)
        lettres = set(Courrier.objects.values_list("pk", flat=True))
        self.constater(premier, instructeur, recevable=False)
        assert reserve(second) is Reserve.DEJA_TENU
        assert qui_tient(relu(second), second.depots.get()) == premier
        assert set(Courrier.objects.values_list("pk", flat=True)) == lettres

    def test_prouver_apres_une_irrecevabilite_tenue_secrete_repond_comme_si_elle_n_etait_pas(self, instructeur):
        dossier = f.une_candidature(prouve=False)
        f.un_depot(dossier)
        clos(dossier.vague)
        self.constater(dossier, instructeur, recevable=False)
        assert reserve(dossier) is Reserve.A_PROUVER
        rattacher_par_siret(
            utilisateur=f.porteur_de(dossier), siret=siret(dossier.territoire.cle), maintenant=horloge_base()
        )
        assert reserve(dossier) is None
        assert Courrier.objects.filter(objet__contains="réserve est levée").count() == 1

    def test_lever_la_reserve_se_motive_et_n_est_pas_a_tout_le_monde(self, instructeur):
        dossier = f.une_candidature(prouve=False)
        f.un_depot(dossier)
        clos(dossier.vague)
        for auteur, motif in ((instructeur, " "), (f.un_agent(Role.EXPERT), "Vu."), (f.porteur_de(dossier), "Moi.")):
            with pytest.raises(RegleEnfreinte):
                lever_la_reserve(candidature=dossier, motif=motif, auteur=auteur, maintenant=horloge_base())
        assert relu(dossier).territoire_tenu == ""


def test_la_meme_demande_de_depot_deux_fois_ne_fait_qu_un_depot_sous_reserve():
    dossier, cle = f.une_candidature(prouve=False), uuid4()
    arguments = {"candidature": dossier, "auteur": f.porteur_de(dossier), "recu_le": horloge_base(), "cle": cle}
    assert depots.deposer(**arguments) == depots.deposer(**arguments)
    assert EntreeJournal.objects.filter(acte="recevoir_sous_reserve").count() == 1


def test_la_parole_d_un_administrateur_leve_la_reserve():
    dossier = f.une_candidature(prouve=False)
    f.un_depot(dossier)
    attester(
        utilisateur=f.porteur_de(dossier),
        siren=dossier.territoire.cle,
        motif="Appel.",
        acteur=f.un_agent(Role.ADMINISTRATEUR),
        maintenant=horloge_base(),
    )
    assert relu(dossier).territoire_tenu == dossier.territoire.cle
