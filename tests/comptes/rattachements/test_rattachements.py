"""The link between a person and an authority: three proofs, each held by Postgres."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError

from rebond.comptes.actions import roles
from rebond.comptes.rattachements import actions
from rebond.comptes.rattachements.regles import DEMANDES_EN_COURS_MAX, ESSAIS_MAX, code_lu, indice
from rebond.comptes.rattachements.requetes import est_rattache, sirens_prouves
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import MoyenDePreuve, Role
from territoires.models import AdresseOfficielle, Habilitation, Petr, Rattachement
from tests import fabriques as f
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db
UN_JOUR = timedelta(days=1)
VERIFIEE = "adresse_officielle_verifiee"


def siret(siren: str) -> str:
    from territoires.regles import siret_valide

    return next(numero for numero in (f"{siren}{n:05d}" for n in range(100)) if siret_valide(numero))


def demande(personne, epci, **arguments):
    return actions.demander(utilisateur=personne, siren=epci.siren, maintenant=horloge_base(), **arguments)


def code_de(lettre: Courrier) -> str:
    return re.search(r"^([A-Z2-9]{4}-[A-Z2-9]{4})$", lettre.texte, re.MULTILINE)[1]


def lettre_du_code() -> Courrier:
    return Courrier.objects.filter(cle__startswith="rattachement-code-").latest("pk")


class TestParUneLettre:
    def test_le_code_va_a_l_adresse_officielle_et_jamais_a_celle_de_qui_demande(self):
        personne, epci, admin = f.un_utilisateur(), f.un_epci("CC du Bocage"), f.un_agent(Role.ADMINISTRATEUR)
        lien = demande(personne, epci, adresse_proposee="moi@piege.example")
        assert not Courrier.objects.filter(cle__startswith="rattachement-code-").exists()
        assert Courrier.objects.get(destinataire=admin.email).objet == (
            "Une personne demande que son lien avec une collectivité soit vérifié"
        )
        actions.valider_adresse(
            rattachement=lien, adresse="Accueil@Bocage.example", acteur=admin, maintenant=horloge_base()
        )
        lettre = lettre_du_code()
        assert lettre.destinataire == "accueil@bocage.example"
        assert (lien.code, code_de(lettre) in lien.code) == ("", False)

        prouve = actions.prouver_par_code(
            rattachement=lien, code=code_de(lettre).lower().replace("-", " "), maintenant=horloge_base()
        )
        assert (prouve.moyen, list(sirens_prouves(personne))) == (MoyenDePreuve.LETTRE, [epci.siren])
        assert [
            entree.acte for entree in EntreeJournal.objects.order_by("pk") if "rattachement" in entree.objet_type
        ] == [
            "demander_rattachement",
            "envoyer_le_code",
            "prouver_rattachement",
        ]

    def test_une_fois_l_adresse_connue_le_code_part_aussitot_et_la_reponse_ne_le_dit_pas(self):
        epci, admin = f.un_epci(), f.un_agent(Role.ADMINISTRATEUR)
        premier = demande(f.un_utilisateur(), epci)
        actions.valider_adresse(rattachement=premier, adresse="a@b.example", acteur=admin, maintenant=horloge_base())
        second = demande(f.un_utilisateur(), epci)
        assert lettre_du_code().cle.startswith(f"rattachement-code-{second.pk}-")

    def test_cinq_codes_faux_et_le_bon_ne_sert_plus(self):
        lien = demande(f.un_utilisateur(), f.un_epci())
        actions.valider_adresse(
            rattachement=lien, adresse="a@b.example", acteur=f.un_agent(Role.ADMINISTRATEUR), maintenant=horloge_base()
        )
        for _ in range(ESSAIS_MAX):
            with pytest.raises(RegleEnfreinte, match="n’est pas le bon"):
                actions.prouver_par_code(rattachement=lien, code="AAAA-AAAA", maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte, match="ne peut plus servir"):
            actions.prouver_par_code(rattachement=lien, code=code_de(lettre_du_code()), maintenant=horloge_base())
        assert not est_rattache(lien.utilisateur, [lien.siren])

    def test_un_code_expire_n_est_pas_le_bon(self):
        lien = demande(f.un_utilisateur(), f.un_epci())
        actions.valider_adresse(
            rattachement=lien, adresse="a@b.example", acteur=f.un_agent(Role.ADMINISTRATEUR), maintenant=horloge_base()
        )
        with pytest.raises(RegleEnfreinte, match="n’est pas le bon"):
            actions.prouver_par_code(
                rattachement=lien, code=code_de(lettre_du_code()), maintenant=horloge_base() + 31 * UN_JOUR
            )

    def test_sans_lettre_aucun_code_ne_convient_et_la_phrase_est_la_meme(self):
        lien = demande(f.un_utilisateur(), f.un_epci())
        with pytest.raises(RegleEnfreinte, match="n’est pas le bon"):
            actions.prouver_par_code(rattachement=lien, code="", maintenant=horloge_base())

    def test_seul_un_administrateur_dit_ce_qu_est_l_adresse_officielle(self):
        lien = demande(f.un_utilisateur(), f.un_epci())
        for personne in (lien.utilisateur, f.un_agent(Role.INSTRUCTEUR)):
            with pytest.raises(RegleEnfreinte, match="administrateur"):
                actions.valider_adresse(
                    rattachement=lien, adresse="a@b.example", acteur=personne, maintenant=horloge_base()
                )
        assert not AdresseOfficielle.objects.exists()

    def test_les_demandes_en_attente_sont_comptees(self):
        personne = f.un_utilisateur()
        for _ in range(DEMANDES_EN_COURS_MAX):
            demande(personne, f.un_epci())
        with pytest.raises(RegleEnfreinte, match="demandes en attente"):
            demande(personne, f.un_epci())


class TestParProConnect:
    def test_le_siret_d_une_intercommunalite_prouve_une_seule_fois(self):
        personne, epci = f.un_utilisateur(), f.un_epci()
        for _ in range(2):
            lien = actions.rattacher_par_siret(
                utilisateur=personne, siret=siret(epci.siren), maintenant=horloge_base()
            )
            assert (lien.moyen, lien.nom) == (MoyenDePreuve.SIRET, epci.nom)
        assert Rattachement.objects.count() == 1

    @pytest.mark.parametrize("lu", ["", "123", "73282932000074", "00000000000000"])
    def test_un_autre_siret_ne_prouve_rien(self, lu):
        f.un_epci()
        assert actions.rattacher_par_siret(utilisateur=f.un_utilisateur(), siret=lu, maintenant=horloge_base()) is None
        assert not Rattachement.objects.exists()

    def test_le_siret_de_sa_propre_societe_ne_fait_pas_un_petr_que_l_on_a_declare(self):
        personne = f.un_utilisateur()
        petr = Petr.objects.create(siren="732829320", nom="PETR inventé", declare_par=personne)
        arguments = {"utilisateur": personne, "siret": siret(petr.siren), "maintenant": horloge_base()}
        assert actions.rattacher_par_siret(**arguments) is None
        actions.attester(
            utilisateur=f.un_utilisateur(),
            siren=petr.siren,
            petr=petr.nom,
            motif="Appel à la préfecture.",
            acteur=f.un_agent(Role.ADMINISTRATEUR),
            maintenant=horloge_base(),
        )
        assert actions.rattacher_par_siret(**arguments).est_prouve


class TestParLaParole:
    def test_un_agent_atteste_en_disant_pourquoi_et_la_personne_est_prevenue(self):
        personne, epci = f.un_utilisateur(), f.un_epci()
        lien = actions.attester(
            utilisateur=personne,
            siren=epci.siren,
            motif=" Appel à l’accueil. ",
            acteur=f.un_agent(Role.ADMINISTRATEUR),
            maintenant=horloge_base(),
        )
        assert (lien.moyen, lien.motif) == (MoyenDePreuve.PAROLE, "Appel à l’accueil.")
        assert Courrier.objects.get(destinataire=personne.email).objet == (
            "Votre lien avec votre collectivité est vérifié"
        )

    @pytest.mark.parametrize("qui", ["expert", "soi", "sans motif"])
    def test_nul_autre_ni_pour_soi_ni_sans_motif(self, qui):
        admin = f.un_agent(Role.ADMINISTRATEUR)
        personne = admin if qui == "soi" else f.un_utilisateur()
        acteur = f.un_agent(Role.EXPERT) if qui == "expert" else admin
        with pytest.raises(RegleEnfreinte):
            actions.attester(
                utilisateur=personne,
                siren=f.un_epci().siren,
                motif="" if qui == "sans motif" else "Je le sais.",
                acteur=acteur,
                maintenant=horloge_base(),
            )
        assert not Rattachement.objects.exists()

    def test_terminer_se_motive_et_ne_compte_plus(self):
        admin, epci = f.un_agent(Role.ADMINISTRATEUR), f.un_epci()
        lien = f.un_rattachement(f.un_utilisateur(), epci.siren)
        with pytest.raises(RegleEnfreinte):
            actions.terminer(rattachement=lien, motif=" ", acteur=admin, maintenant=horloge_base())
        actions.terminer(rattachement=lien, motif="Partie.", acteur=admin, maintenant=horloge_base())
        assert not est_rattache(lien.utilisateur, [epci.siren])


class TestPostgres:
    """Beside the application."""

    def refuse(self, contrainte, **champs):
        with pytest.raises(IntegrityError, match=contrainte), f.dans_un_point_de_reprise():
            Rattachement.objects.create(
                **{"utilisateur": f.un_utilisateur(), "siren": f.un_siren(77), "nom": "X"} | champs
            )

    def test_une_preuve_a_un_moyen_et_une_lettre_est_partie(self):
        le = horloge_base()
        self.refuse("rattachement_prouve_par_un_moyen", prouve_le=le)
        self.refuse("rattachement_lettre_partie", prouve_le=le, moyen=MoyenDePreuve.LETTRE)

    def test_une_parole_est_signee_par_un_agent_et_jamais_par_soi(self):
        le, admin = horloge_base(), f.un_agent(Role.ADMINISTRATEUR)
        parole = {"prouve_le": le, "moyen": MoyenDePreuve.PAROLE, "motif": "Vu."}
        self.refuse("n.en a pas le rôle", **parole, prouve_par=f.un_utilisateur())
        self.refuse("rattachement_parole_signee_et_motivee", **parole, prouve_par=admin, utilisateur=admin)
        self.refuse("rattachement_parole_signee_et_motivee", **parole | {"motif": ""}, prouve_par=admin)

    @pytest.mark.parametrize("perdu", ["suspendu", "retiré", "compte fermé"])
    def test_une_parole_ne_se_signe_pas_d_un_role_que_l_on_n_a_plus(self, perdu):
        admin, agent = f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.INSTRUCTEUR)
        role = Habilitation.objects.get(utilisateur=agent)
        if perdu == "compte fermé":
            Utilisateur.objects.filter(pk=agent.pk).update(is_active=False)
        else:
            acte = roles.suspendre if perdu == "suspendu" else roles.retirer
            acte(habilitation=role, acteur=admin, maintenant=horloge_base())
        parole = {"prouve_le": horloge_base(), "moyen": MoyenDePreuve.PAROLE, "motif": "Vu."}
        self.refuse("n.en a pas le rôle", **parole, prouve_par=agent)

    def test_une_preuve_ne_change_ni_ne_s_efface(self):
        lien = f.un_rattachement(f.un_utilisateur(), f.un_epci().siren)
        with pytest.raises(IntegrityError, match="preuve ne change pas"), f.dans_un_point_de_reprise():
            Rattachement.objects.filter(pk=lien.pk).update(siren=f.un_epci().siren)
        with pytest.raises(Exception, match="permission denied"), f.dans_un_point_de_reprise():
            lien.delete()

    def test_un_seul_lien_en_cours_par_personne_et_collectivite(self):
        lien = f.un_rattachement(f.un_utilisateur(), f.un_epci().siren)
        self.refuse("rattachement_un_seul_en_cours", utilisateur=lien.utilisateur, siren=lien.siren)


@pytest.mark.parametrize("saisie", ["abcd-efgh", " ABCD EFGH ", "ABCD–EFGH"])
def test_un_code_se_tape_comme_on_veut(saisie):
    assert code_lu(saisie) == "ABCDEFGH"


def test_le_domaine_n_est_qu_un_indice():
    assert indice("a@bocage.fr", "accueil@bocage.fr") == "Même domaine que l’adresse officielle (bocage.fr)."
    assert indice("a@gmail.com", "").startswith("Messagerie grand public (gmail.com)")
    assert indice("a@ailleurs.fr", "accueil@bocage.fr") == "Autre domaine que l’adresse officielle (bocage.fr)."
    assert indice("a@ailleurs.fr", "").startswith("Domaine ailleurs.fr")


class TestAdresseOfficielleEnBase:
    def test_elle_est_verifiee_par_un_administrateur_a_l_instant_de_la_base_et_reste_a_sa_collectivite(self) -> None:
        administrateur, autre = f.un_agent(Role.ADMINISTRATEUR), f.un_utilisateur()
        siren, hier = f.un_siren(1), horloge_base() - timedelta(days=1)
        verifiee = {"siren": siren, "email": "mairie@example.fr", "validee_le": hier}
        assert refus(lambda: AdresseOfficielle.objects.create(**verifiee, validee_par=autre)) == VERIFIEE
        officielle = AdresseOfficielle.objects.create(**verifiee, validee_par=administrateur)
        officielle.refresh_from_db()
        assert officielle.validee_le > hier
        siennes = AdresseOfficielle.objects.filter(pk=officielle.pk)
        assert refus(lambda: siennes.update(siren=f.un_siren(2))) == VERIFIEE
        assert refus(lambda: siennes.update(email="pirate@example.fr", validee_par=autre)) == VERIFIEE
        siennes.update(validee_le=hier)
        assert siennes.get().validee_le == officielle.validee_le
        siennes.update(email="accueil@example.fr")
        assert siennes.get().validee_le > officielle.validee_le
        with pytest.raises(ProgrammingError, match="permission denied"), f.dans_un_point_de_reprise():
            siennes.delete()
