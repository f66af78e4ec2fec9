"""No date of another age enters: refused by the pages, which keep what was typed, and by Postgres, whoever writes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from candidatures.calendrier.actions import vagues
from candidatures.cloture.actions import incidents
from candidatures.cloture.etats import NatureIncident
from candidatures.dossier.actions import invitations
from candidatures.dossier.etats import Qualite, SensDecision
from candidatures.labellisation import actions as labellisation
from candidatures.models import Candidature, Incident, Invitation, Prolongation, Vague
from candidatures.vagues.actes import ActeDeVague
from candidatures.vagues.regles import horizon
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.journal.actions import consigner
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.candidatures.pages.pages import client_de, texte

pytestmark = pytest.mark.django_db

AN_26 = datetime(26, 11, 27, tzinfo=UTC)
AN_9999 = datetime(9999, 12, 30, tzinfo=UTC)
TROP_LOIN = "Une vague se programme 5 ans à l’avance au plus : vérifiez l’année."


@pytest.fixture
def administrateur():
    return f.un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def a_venir():
    debut = horloge_base().replace(second=0, microsecond=0) + timedelta(days=10)
    return f.une_vague(ouverture=debut, cloture=debut + timedelta(days=30))


def local(instant: datetime) -> str:
    return f"{instant.astimezone(PARIS):%Y-%m-%dT%H:%M}"


def erreurs(reponse) -> dict[str, list[str]]:
    assert reponse.status_code == 200
    return {
        champ: [message.replace("\u00a0", " ") for message in messages]
        for champ, messages in reponse.context["formulaire"].errors.items()
    }


class TestVagues:
    @pytest.mark.parametrize(
        ("cloture", "dit"),
        [
            ("9999-12-31T23:59", "Vérifiez l’année de cette date."),
            ("0026-06-01T12:00", "Vérifiez l’année de cette date."),
            ("2099-06-01T12:00", TROP_LOIN),
        ],
    )
    def test_une_cloture_d_un_autre_age_est_refusee(self, administrateur, a_venir, cloture, dit):
        client = client_de(administrateur)
        saisie = {"ouverture": local(a_venir.ouverture), "cloture": cloture}
        reponse = client.post(f"/administration/vagues/{a_venir.numero}/", saisie)
        assert erreurs(reponse) == {"cloture": [dit]}
        assert f'value="{cloture}"' in texte(reponse)
        assert client.get("/administration/vagues/").status_code == 200
        assert Vague.objects.get(pk=a_venir.pk).cloture == a_venir.cloture

    def test_cinq_ans_jour_pour_jour(self, administrateur, a_venir):
        maintenant = horloge_base()
        bornes = {"vague": a_venir, "ouverture": a_venir.ouverture, "acteur": administrateur, "maintenant": maintenant}
        with pytest.raises(RegleEnfreinte, match="vérifiez l’année"):
            vagues.modifier_vague(cloture=horizon(maintenant) + timedelta(seconds=1), **bornes)
        assert vagues.modifier_vague(cloture=horizon(maintenant), **bornes).cloture == horizon(maintenant)
        assert horizon(datetime(2028, 2, 29, 12, tzinfo=PARIS)) == datetime(2033, 2, 28, 12, tzinfo=PARIS)

    @pytest.mark.parametrize("jusqu_au", ["9999-12-31", "2099-01-01"])
    def test_le_calendrier_ne_se_programme_pas_au_dela(self, administrateur, jusqu_au):
        reponse = client_de(administrateur).post("/administration/vagues/", {"jusqu_au": jusqu_au})
        assert list(erreurs(reponse)) == ["jusqu_au"]
        assert not Vague.objects.exists()

    @pytest.mark.parametrize("champs", [{"ouverture": AN_26}, {"cloture": AN_9999}])
    def test_postgres_le_tient(self, a_venir, champs):
        with pytest.raises(IntegrityError, match="vague_dans_le_siecle"), transaction.atomic():
            Vague.objects.filter(pk=a_venir.pk).update(**champs)

    def test_l_heure_double_se_choisit_sans_rien_retaper(self, administrateur, a_venir):
        client, adresse = client_de(administrateur), f"/administration/vagues/{a_venir.numero}/"
        saisie = {"ouverture": local(a_venir.ouverture), "cloture": "2027-10-31T02:30"}
        refus = client.post(adresse, saisie)
        assert "avant ou après le changement d’heure" in erreurs(refus)["cloture"][0]
        page = texte(refus)
        assert 'value="2027-10-31T02:30"' in page
        assert f'value="{saisie["ouverture"]}"' in page
        assert page.count('name="cloture_passage"') == 2
        assert client.post(adresse, saisie | {"cloture_passage": "apres"}).status_code == 302
        a_venir.refresh_from_db()
        assert a_venir.cloture == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
        assert 'value="apres" checked' in texte(client.get(adresse))

    def test_l_heure_sautee_dit_qu_elle_n_existe_pas(self, administrateur, a_venir):
        saisie = {"ouverture": local(a_venir.ouverture), "cloture": "2027-03-28T02:30"}
        reponse = client_de(administrateur).post(f"/administration/vagues/{a_venir.numero}/", saisie)
        assert "02 h 30 n’existe pas" in erreurs(reponse)["cloture"][0]


class TestIncidents:
    def test_un_incident_tient_au_temps_de_sa_vague(self, administrateur):
        vague, maintenant = f.une_vague(), horloge_base()
        declare = {"vague": vague, "nature": NatureIncident.AUTRE, "fin": None, "description": "d"}
        declare |= {"auteur": administrateur, "maintenant": maintenant}
        limite = vague.ouverture - timedelta(days=30)
        with pytest.raises(RegleEnfreinte, match="précède de plus de 30"):
            incidents.declarer_incident(debut=limite - timedelta(seconds=1), **declare)
        assert incidents.declarer_incident(debut=limite, **declare).debut == limite

    @pytest.mark.parametrize("champs", [{"debut": AN_26}, {"debut": AN_9999}, {"fin": AN_9999}])
    def test_postgres_le_tient(self, champs):
        maintenant = horloge_base()
        saisie = {
            "vague": f.une_vague(),
            "nature": "autre",
            "description": "d",
            "cle": "c",
            "debut": maintenant,
        } | champs
        with pytest.raises(IntegrityError, match="incident_dans_le_siecle"), transaction.atomic():
            Incident.objects.create(**saisie)


class TestDelais:
    """An extension, a correction and an embargo last a year at most."""

    def test_une_prolongation_de_mille_ans_est_refusee(self, administrateur):
        vague = f.une_vague()
        adresse = f"/administration/vagues/{vague.numero}/prolongations/"
        for jusqu_au, dit in (("9999-12-31T23:59", "Vérifiez l’année"), ("2099-01-01T12:00", "un an au plus")):
            reponse = client_de(administrateur).post(adresse, {"jusqu_au": jusqu_au, "motif": "Panne du portail"})
            assert dit in erreurs(reponse)["jusqu_au"][0]
            assert reponse.context["formulaire"]["motif"].value() == "Panne du portail"
        maintenant = horloge_base()
        with pytest.raises(IntegrityError, match="prolongation_d_un_an_au_plus"), transaction.atomic():
            Prolongation.objects.create(
                vague=vague,
                jusqu_au=maintenant + timedelta(days=367),
                motif="m",
                demandee_par=administrateur,
                demandee_le=maintenant,
            )

    def test_un_embargo_de_plus_d_un_an_est_refuse(self):
        vague, (dossier,) = une_vague_close(None)
        instruire(dossier)
        maintenant, valideur = horloge_base(), f.un_agent(Role.VALIDEUR)
        decisions = {dossier.pk: SensDecision.LABELLISER}
        labellisation.labelliser(vague=vague, decisions=decisions, valideur=valideur, maintenant=maintenant)
        with pytest.raises(RegleEnfreinte, match="Un embargo dure un an au plus"):
            labellisation.annoncer(
                vague=vague, valideur=valideur, publique_a=maintenant + timedelta(days=367), maintenant=maintenant
            )


class TestJournal:
    @pytest.fixture
    def auditeur(self):
        return client_de(f.un_agent(Role.AUDITEUR))

    @pytest.mark.parametrize("champ", ["du", "au"])
    def test_une_date_illisible_est_dite_et_ne_montre_rien(self, auditeur, champ):
        consigner(ActeDeVague.PROGRAMMER, f.une_vague(), acteur=None)
        for saisi in ("9999-12-31", "0001-01-01", "0000-00-00", "demain", "1/10/55", "1" * 400):
            reponse = auditeur.get("/journal/", {champ: saisi})
            assert reponse.status_code == 200
            assert list(reponse.context["filtres"].errors) == [champ]
            assert list(reponse.context["page"]) == []

    def test_une_date_ecrite_en_francais_filtre(self, auditeur):
        consigner(ActeDeVague.PROGRAMMER, f.une_vague(), acteur=None)
        for au, visibles in (("1/10/22", 0), ("31 décembre 2099", 1)):
            reponse = auditeur.get("/journal/", {"au": au})
            assert len([ligne for ligne in reponse.context["page"] if ligne.acte == "programmer"]) == visibles


def test_un_communique_d_un_autre_age_est_une_page_qui_n_existe_pas():
    presse = client_de(f.un_agent(Role.PRESSE))
    for jour in ("9999-12-31", "0001-01-01", "1999-12-31", "2023-02-30", "٢٠٢٣-٠١-٠١"):
        assert presse.get(f"/presse/{jour}/").status_code == 404
        assert presse.get(f"/presse/{jour}/pdf/").status_code == 404
        assert presse.get("/presse/", {"au": jour}).status_code == 200


class TestInvitations:
    ADRESSES = ("agent@mairie.example\u200b", "\u200bagent@mairie.example", "agent@mairie.example\ufeff \u2060")

    @pytest.mark.parametrize("adresse", ADRESSES)
    def test_une_adresse_collee_avec_un_invisible_s_accepte(self, adresse):
        candidature: Candidature = f.une_candidature(vague=f.une_vague())
        porteur = f.porteur_de(candidature)
        page = reverse("candidatures:equipe", args=[candidature.pk])
        reponse = client_de(porteur).post(page, {"email": adresse, "qualite": Qualite.LECTEUR.value})
        assert reponse.status_code == 302
        invitation = Invitation.objects.get()
        assert invitation.email == "agent@mairie.example"
        courrier = Courrier.objects.get(cle__startswith=f"invitation-{invitation.pk}-")
        jeton = courrier.texte.partition("/invitations/")[2].partition("/")[0]
        invite = f.un_utilisateur(email="agent@mairie.example")
        participation = invitations.accepter_invitation(jeton=jeton, utilisateur=invite, maintenant=horloge_base())
        assert participation.utilisateur == invite

    @pytest.mark.parametrize("adresse", [*ADRESSES, "agent @mairie.example", "agent@mairie\u202e.example"])
    def test_postgres_le_tient(self, adresse):
        candidature = f.une_candidature(vague=f.une_vague())
        invitation = invitations.inviter(
            candidature=candidature,
            email=adresse,
            qualite=Qualite.LECTEUR,
            auteur=f.porteur_de(candidature),
            maintenant=horloge_base(),
        )
        assert invitation.email == "agent@mairie.example"
        with pytest.raises(IntegrityError, match="invitation_adresse_nette"), transaction.atomic():
            Invitation.objects.update(email=adresse)


def test_ce_qui_s_enregistre_tout_seul_passe_par_la_meme_porte():
    candidature = f.une_candidature(complete=False)
    saisie = {
        "revision": 0,
        "projets": "Usi\u200bne\x00 du\u202e lin\u000bneuve",
        "nombre_projets": "",
        "foncier": "e\u0301",
    }
    adresse = reverse("candidatures:automatique", args=[candidature.pk, "projets"])
    assert client_de(f.porteur_de(candidature)).post(adresse, saisie).json()["etat"] == "enregistre"
    candidature.refresh_from_db()
    garde = candidature.contenu["projets"]
    assert (garde["projets"], garde["foncier"]) == ("Usine du lin\nneuve", "é")


def test_ce_qui_ne_s_imprimera_pas_est_dit_a_qui_l_ecrit():
    candidature = f.une_candidature(complete=False)
    adresse = reverse("candidatures:section", args=[candidature.pk, "projets"])
    saisie = {"revision": 0, "projets": "Usine \U000ccccc", "nombre_projets": "", "foncier": ""}
    page = texte(client_de(f.porteur_de(candidature)).post(adresse, saisie, follow=True)).replace("\u00a0", " ")
    assert "enregistrée dans le brouillon" in page
    assert "Caractère non imprimable : \U000ccccc. Il se lit sur le portail" in page


def test_un_nul_dans_une_recherche_d_agent_n_est_jamais_une_panne():
    role_et_pages = {
        Role.ADMINISTRATEUR: ("/administration/roles/?q=%00", "/administration/vagues/?page=%00", "/courriers/?q=%00"),
        Role.AUDITEUR: ("/journal/?objet=%00&acteur=%00&acte=%00&page=%00",),
        Role.CHARGE_MISSION: ("/missions/?q=%00&tri=%00&region=%00", "/territoires/epci/?q=%00Cambrai"),
    }
    for role, pages in role_et_pages.items():
        client = client_de(f.un_agent(role))
        assert {adresse: client.get(adresse).status_code for adresse in pages} == dict.fromkeys(pages, 200)
