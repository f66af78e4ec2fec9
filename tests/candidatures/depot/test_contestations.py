"""A territory says that a file is not its own: it holds nothing until an administrateur has answered."""

import pytest
from django.db import IntegrityError

from candidatures.depot.actions import contestations
from candidatures.depot.actions.contestations import contester, trancher
from candidatures.depot.actions.tenue import lever_en_attente
from candidatures.depot.etats import Reserve
from candidatures.dossier.actions import invitations
from candidatures.dossier.etats import Qualite
from candidatures.models import (
    Candidature,
    Contestation,
    DeclarationInteret,
    Participation,
)
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.depot.test_tenue import deux_dossiers, relu, reserve

pytestmark = pytest.mark.django_db


class TestContester:
    def agent_de(self, dossier):
        agent = f.un_utilisateur()
        f.un_rattachement(agent, dossier.territoire.chef_de_file.siren)
        return agent

    def contester(self, dossier, auteur=None):
        return contester(
            candidature=dossier,
            siren=dossier.territoire.chef_de_file.siren,
            auteur=auteur or self.agent_de(dossier),
            maintenant=horloge_base(),
        )

    def test_en_un_clic_le_dossier_ne_tient_plus_rien_et_l_autre_prend_la_place(self):
        admin, instructeur = f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.INSTRUCTEUR)
        premier, second = deux_dossiers()
        self.contester(premier, f.porteur_de(second))
        assert (relu(premier).territoire_tenu, reserve(premier)) == ("", Reserve.SIGNALE)
        assert relu(second).territoire_tenu == second.territoire.cle
        assert {lettre.destinataire for lettre in Courrier.objects.filter(cle__startswith="contestation-")} == {
            admin.email,
            instructeur.email,
        }
        assert EntreeJournal.objects.get(acte="contester").acteur_id_copie == f.porteur_de(second).pk

    def test_un_inconnu_ne_conteste_rien_pas_meme_a_cote_de_l_application(self):
        dossier = f.un_depot().candidature
        with pytest.raises(RegleEnfreinte, match=contestations.PAS_LES_VOTRES):
            self.contester(dossier, f.un_utilisateur())
        etranger = f.un_utilisateur()
        ailleurs = f.un_rattachement(etranger, f.un_epci().siren)
        with pytest.raises(IntegrityError, match="étrangère au dossier"), f.dans_un_point_de_reprise():
            Contestation.objects.create(candidature=dossier, siren=ailleurs.siren, nom="X", par=etranger)

    def test_qui_participe_ne_conteste_pas(self):
        dossier = f.un_depot().candidature
        with pytest.raises(RegleEnfreinte, match="Vous participez"):
            self.contester(dossier, f.porteur_de(dossier))

    def test_un_dossier_signale_n_invite_plus_et_reste_deposable(self):
        dossier = f.une_candidature()
        self.contester(dossier)
        with pytest.raises(RegleEnfreinte, match="n’envoie plus d’invitation"):
            invitations.inviter(
                candidature=dossier,
                email="x@example.fr",
                qualite=Qualite.LECTEUR,
                auteur=f.porteur_de(dossier),
                maintenant=horloge_base(),
            )
        f.un_depot(relu(dossier))
        assert (relu(dossier).territoire_tenu, reserve(dossier)) == ("", Reserve.SIGNALE)

    def test_ecartee_la_contestation_rend_au_dossier_son_territoire(self):
        dossier, admin = f.un_depot().candidature, f.un_agent(Role.ADMINISTRATEUR)
        signalee = self.contester(dossier)
        with pytest.raises(IntegrityError, match="dossier contesté"), f.dans_un_point_de_reprise():
            Candidature.objects.filter(pk=dossier.pk).update(territoire_tenu=dossier.territoire.cle)
        trancher(
            contestation=signalee,
            fondee=False,
            reponse="C’est bien le vôtre.",
            acteur=admin,
            maintenant=horloge_base(),
        )
        assert (relu(dossier).territoire_tenu, reserve(dossier)) == (dossier.territoire.cle, None)
        assert Courrier.objects.filter(
            destinataire=signalee.par.email, texte__contains="C’est bien le vôtre."
        ).exists()

    def test_fondee_elle_garde_le_dossier_sous_reserve(self):
        dossier, admin = f.un_depot().candidature, f.un_agent(Role.ADMINISTRATEUR)
        signalee = self.contester(dossier)
        trancher(contestation=signalee, fondee=True, reponse="En effet.", acteur=admin, maintenant=horloge_base())
        assert lever_en_attente(maintenant=horloge_base()) == 0
        assert reserve(dossier) is Reserve.SIGNALE

    def test_seul_un_administrateur_etranger_a_l_affaire_repond_et_en_motivant(self):
        dossier, admin = f.un_depot().candidature, f.un_agent(Role.ADMINISTRATEUR)
        signalee = self.contester(dossier)
        for acteur, reponse in ((f.un_agent(Role.INSTRUCTEUR), "Non."), (signalee.par, "Oui."), (admin, " ")):
            with pytest.raises(RegleEnfreinte):
                trancher(contestation=signalee, fondee=True, reponse=reponse, acteur=acteur, maintenant=horloge_base())
        assert Contestation.objects.get().tranchee_le is None

    @pytest.mark.parametrize("parti", [False, True])
    def test_qui_participe_ou_a_participe_au_dossier_n_y_repond_pas(self, parti):
        dossier, admin = f.un_depot().candidature, f.un_agent(Role.ADMINISTRATEUR)
        signalee = self.contester(dossier)
        Participation.objects.create(candidature=dossier, utilisateur=admin, qualite=Qualite.LECTEUR)
        if parti:
            Participation.objects.filter(candidature=dossier, utilisateur=admin).delete()
        with pytest.raises(RegleEnfreinte, match="ou y avez participé"):
            trancher(contestation=signalee, fondee=True, reponse="Oui.", acteur=admin, maintenant=horloge_base())
        reponse = {"tranchee_le": horloge_base(), "tranchee_par": admin, "fondee": True, "reponse": "Oui."}
        with pytest.raises(IntegrityError, match="participation au dossier signalé"), f.dans_un_point_de_reprise():
            Contestation.objects.update(**reponse)

    def test_qui_a_quitte_le_dossier_ou_y_a_declare_un_interet_n_est_pas_prevenu(self):
        dossier = f.un_depot().candidature
        juge, parti, en_conflit = (f.un_agent(Role.INSTRUCTEUR) for _ in range(3))
        Participation.objects.create(candidature=dossier, utilisateur=parti, qualite=Qualite.LECTEUR)
        Participation.objects.filter(candidature=dossier, utilisateur=parti).delete()
        DeclarationInteret.objects.create(candidature=dossier, utilisateur=en_conflit, motif="Mandat local.")
        self.contester(dossier)
        prevenus = {lettre.destinataire for lettre in Courrier.objects.filter(cle__startswith="contestation-")}
        assert prevenus == {juge.email}
