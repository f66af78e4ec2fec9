"""Pages of a mission and of its companies: who reads, who writes, and each step in its turn."""

from datetime import date
from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from candidatures.models import Labellisation, Participation, Vague
from projets.mission.etats import EtatMission
from projets.models import Industriel, Mission
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Epci, Succession, Territoire
from territoires.regles import siren_fictif
from tests.fabriques import (
    d_une_autre_page,
    un_agent,
    un_departement,
    un_epci,
    un_territoire,
    un_utilisateur,
    une_vague,
)
from tests.projets import conduite, decor

pytestmark = pytest.mark.django_db

SIREN = siren_fictif(81_000)


def un_laureat(territoire: Territoire | None = None) -> Labellisation:
    """Of the wave of the test: two of them would overlap."""
    vague = Vague.objects.first() or une_vague()
    return decor.un_laureat(vague, horloge_base(), territoire=territoire)


@pytest.fixture
def mission() -> Mission:
    """Under way, with one company met."""
    mission = decor.une_mission(un_laureat(), restituee_le=None)
    decor.un_industriel(mission, 1)
    return mission


@pytest.fixture
def equipe(client: Client, mission: Mission) -> Client:
    client.force_login(conduite.un_equipier(mission))
    return client


def une_mission_a_lancer(titre: str = "Mission qui attend") -> Mission:
    laureat = un_laureat()
    mission = Mission.objects.create(titre=titre)
    mission.rattachements.create(labellisation=laureat)
    return mission


def une_personne_du_territoire(mission: Mission) -> Utilisateur:
    personne = un_utilisateur()
    candidature = mission.labellisations.get().candidature
    Participation.objects.create(candidature=candidature, utilisateur=personne, qualite="porteur")
    return personne


def saisie(mission: Mission, **champs: Any) -> dict[str, Any]:
    epci = mission.labellisations.get().territoire.chef_de_file
    return {"siren": SIREN, "nom": "Filature d’essai", "epci": epci.pk, "activite": "Textile"} | champs


LECTURES = ("", "industriels/", "projets/", "projets.csv", "projets.xlsx")
ECRITURES = ("industriels/ajouter/", "projets/ajouter/")


@pytest.mark.parametrize("role", [Role.GESTIONNAIRE, Role.INSTRUCTEUR, Role.VALIDEUR])
def test_les_agents_lisent_et_n_ecrivent_pas(client: Client, mission: Mission, role: Role) -> None:
    client.force_login(un_agent(role))
    base = f"/missions/{mission.pk}/"
    assert [client.get(f"{base}{page}").status_code for page in LECTURES] == [200] * len(LECTURES)
    assert [client.get(f"{base}{page}").status_code for page in ECRITURES] == [404] * len(ECRITURES)
    assert client.post(f"{base}avancer/portefeuille/").status_code == 404
    assert "Ajouter" not in client.get(f"{base}industriels/").content.decode()


def test_le_territoire_lit_sa_mission_et_n_y_ecrit_pas(client: Client, mission: Mission) -> None:
    client.force_login(une_personne_du_territoire(mission))
    base = f"/missions/{mission.pk}/"
    assert [client.get(f"{base}{page}").status_code for page in LECTURES] == [200] * len(LECTURES)
    assert [client.post(f"{base}{page}").status_code for page in ECRITURES] == [404] * len(ECRITURES)
    assert mission.titre in client.get("/missions/").content.decode()


@pytest.mark.parametrize("role", [None, Role.PRESSE, Role.EXPERT, Role.COMITE, Role.AUDITEUR, Role.CHARGE_MISSION])
def test_pour_les_autres_la_mission_n_existe_pas(client: Client, mission: Mission, role: Role | None) -> None:
    client.force_login(un_agent(role) if role else un_utilisateur())
    for page in LECTURES + ECRITURES:
        assert client.get(f"/missions/{mission.pk}/{page}").status_code == 404
    assert mission.titre not in client.get("/missions/").content.decode()


def test_un_visiteur_est_invite_a_se_connecter(client: Client, mission: Mission) -> None:
    assert client.get(f"/missions/{mission.pk}/").headers["Location"].startswith("/compte/login/")


def test_un_charge_de_mission_prend_en_charge_une_mission_qui_attend(client: Client) -> None:
    mission = une_mission_a_lancer()
    personne = un_agent(Role.CHARGE_MISSION)
    client.force_login(personne)
    page = f"/missions/{mission.pk}/"
    assert "Prendre en charge cette mission" in client.get(page).content.decode()
    lointaine = client.post(f"{page}prendre-en-charge/", {"debut": "2059-04-03"})
    assert "à plus d’un an d’ici" in lointaine.content.decode()
    refusee = client.post(f"{page}prendre-en-charge/", {"debut": "3 avril"})
    assert refusee.status_code == 200
    assert 'value="3 avril"' in refusee.content.decode()
    assert client.post(f"{page}prendre-en-charge/", {"debut": "2026-09-01"}).status_code == 302
    mission.refresh_from_db()
    assert (mission.etat, mission.debut) == (EtatMission.ETAT_DES_LIEUX, date(2026, 9, 1))
    assert list(mission.equipe.all()) == [personne]
    # A colleague who was looking at the same page comes too late.
    client.force_login(un_agent(Role.CHARGE_MISSION))
    assert client.post(f"{page}prendre-en-charge/", {"debut": "2026-09-02"}).status_code == 404


def test_la_mission_avance_d_une_etape_meme_si_l_on_appuie_deux_fois(equipe: Client, mission: Mission) -> None:
    adresse = f"/missions/{mission.pk}/avancer/portefeuille/"
    assert equipe.post(adresse).status_code == 302
    encore = equipe.post(adresse, d_une_autre_page())
    assert encore.status_code == 409
    assert "a déjà changé d’étape" in encore.content.decode()
    mission.refresh_from_db()
    assert mission.etat == EtatMission.PORTEFEUILLE
    assert equipe.post(f"/missions/{mission.pk}/avancer/nulle-part/").status_code == 404


def test_la_restitution_demande_sa_date(equipe: Client, mission: Mission) -> None:
    for etape in ("portefeuille", "feuille_de_route"):
        equipe.post(f"/missions/{mission.pk}/avancer/{etape}/")
    adresse = f"/missions/{mission.pk}/avancer/restituee/"
    assert "Donnez la date de la restitution." in equipe.post(adresse).content.decode()
    avant_le_debut = equipe.post(adresse, {"restituee_le": "2023-01-01"})
    assert avant_le_debut.status_code == 409
    assert 'value="2023-01-01"' in avant_le_debut.content.decode()
    assert "dans l’avenir" in equipe.post(adresse, {"restituee_le": "2099-01-01"}).content.decode()
    assert equipe.post(adresse, {"restituee_le": "2023-08-28"}).status_code == 302
    mission.refresh_from_db()
    assert (mission.etat, mission.restituee_le) == (EtatMission.RESTITUEE, date(2023, 8, 28))


def test_postgres_refuse_une_etape_qui_n_est_pas_la_suivante(mission: Mission) -> None:
    with pytest.raises(Error, match="rencontres"), transaction.atomic():
        Mission.objects.filter(pk=mission.pk).update(etat=EtatMission.CLOSE, restituee_le=date(2023, 8, 28))


def test_une_mission_close_se_lit_et_ne_change_plus(client: Client, mission: Mission) -> None:
    close = decor.une_mission(un_laureat())
    client.force_login(conduite.un_equipier(close))
    for etape in ("suivi", "close"):
        client.post(f"/missions/{close.pk}/avancer/{etape}/")
    page = client.get(f"/missions/{close.pk}/industriels/")
    assert page.status_code == 200
    assert "Ajouter une entreprise" not in page.content.decode()
    assert client.get(f"/missions/{close.pk}/industriels/ajouter/").status_code == 409
    assert client.post(f"/missions/{close.pk}/industriels/ajouter/", saisie(close)).status_code == 409
    assert not close.industriels.exists()


def test_le_tableau_de_bord_donne_les_chiffres_et_dit_ce_qui_est_invente(equipe: Client, mission: Mission) -> None:
    Mission.objects.filter(pk=mission.pk).update(demonstration=True)
    html = equipe.get(f"/missions/{mission.pk}/").content.decode()
    assert "1\u00a0industriel" in html
    assert "Données de démonstration" in html
    # Six stages below: the steps of the portal are not counted beside them.
    assert 'Rencontres des industriels. <span class="fr-text--md">Étape suivante&nbsp;: ' in html
    assert "sur 8" not in html


def test_une_mission_qui_commence_ne_montre_pas_huit_zeros(client: Client) -> None:
    neuve = une_mission_a_lancer(un_laureat())
    client.force_login(conduite.un_equipier(neuve))
    html = client.get(f"/missions/{neuve.pk}/").content.decode()
    assert "Rien à compter encore, au " in html
    assert "rebond-chiffres" not in html


def test_une_entreprise_s_ajoute_avec_un_siren_espace(equipe: Client, mission: Mission) -> None:
    adresse = f"/missions/{mission.pk}/industriels/ajouter/"
    espace = f"{SIREN[:3]} {SIREN[3:6]} {SIREN[6:]}"
    assert equipe.post(adresse, saisie(mission, siren=espace, effectif="1 200")).status_code == 302
    ajoutee = Industriel.objects.get(siren=SIREN)
    assert (ajoutee.nom, ajoutee.effectif, ajoutee.rencontre_le) == ("Filature d’essai", 1200, None)
    assert EntreeJournal.objects.filter(acte="ajouter_industriel", objet_id=str(ajoutee.pk)).exists()


def test_ce_qui_est_refuse_reste_saisi(equipe: Client, mission: Mission) -> None:
    adresse = f"/missions/{mission.pk}/industriels/ajouter/"
    faux = equipe.post(adresse, saisie(mission, siren="123 456 789", activite="Tissage"))
    assert "Ce numéro SIREN n’est pas valable" in faux.content.decode()
    assert 'value="123 456 789"' in faux.content.decode()
    assert 'value="Tissage"' in faux.content.decode()
    ailleurs = un_epci(departement=un_departement("29", "53"))
    assert "epci" in equipe.post(adresse, saisie(mission, epci=ailleurs.pk)).context["formulaire"].errors
    demain = equipe.post(adresse, saisie(mission, rencontre_le="2099-01-01"))
    assert "rencontre_le" in demain.context["formulaire"].errors
    doublon = equipe.post(adresse, saisie(mission, siren=mission.industriels.get().siren))
    assert doublon.status_code == 409
    assert "Cette entreprise est déjà dans la mission." in doublon.content.decode()
    assert mission.industriels.count() == 1


def test_une_entreprise_se_corrige(equipe: Client, mission: Mission) -> None:
    industriel = mission.industriels.get()
    adresse = f"/missions/{mission.pk}/industriels/{industriel.pk}/modifier/"
    assert 'value="Usine 1"' in equipe.get(adresse).content.decode()
    assert equipe.post(adresse, saisie(mission, nom="Usine renommée")).status_code == 302
    industriel.refresh_from_db()
    assert (industriel.nom, industriel.siren) == ("Usine renommée", SIREN)
    autre = decor.une_mission(un_laureat())
    ailleurs = decor.un_industriel(autre, 2)
    assert equipe.get(f"/missions/{mission.pk}/industriels/{ailleurs.pk}/modifier/").status_code == 404


def test_les_entreprises_se_cherchent_se_filtrent_et_se_trient(equipe: Client, mission: Mission) -> None:
    decor.un_industriel(mission, 2, rencontre_le=None)
    Industriel.objects.filter(nom="Usine 2").update(activite="Mécanique de précision", effectif=80)

    def trouves(requete: str) -> list[str]:
        reponse = equipe.get(f"/missions/{mission.pk}/industriels/?{requete}")
        return [industriel.nom for industriel in reponse.context["page"]]

    assert trouves("") == ["Usine 1", "Usine 2"]
    assert trouves("tri=-nom") == ["Usine 2", "Usine 1"]
    assert trouves("tri=-effectif") == ["Usine 2", "Usine 1"]
    assert trouves("rencontre=non") == ["Usine 2"]
    assert trouves("rencontre=oui") == ["Usine 1"]
    assert trouves("q=mecanique") == ["Usine 2"]
    assert trouves(f"q={siren_fictif(70_001)}") == ["Usine 1"]
    assert trouves("epci=0&rencontre=oui") == ["Usine 1"]
    assert trouves("tri=n-importe-quoi") == ["Usine 1", "Usine 2"]


def test_les_missions_se_cherchent_se_filtrent_et_se_trient(client: Client) -> None:
    client.force_login(un_agent(Role.INSTRUCTEUR))
    breton = un_territoire("Pays de Brest", departement=un_departement("29", "53"))
    decor.une_mission(un_laureat(breton), titre="Mission bretonne")
    une_mission_a_lancer()

    def trouvees(requete: str) -> list[str]:
        return [mission.titre for mission in client.get(f"/missions/?{requete}").context["page"]]

    assert trouvees("") == ["Mission bretonne", "Mission qui attend"]
    assert trouvees("tri=etape") == ["Mission qui attend", "Mission bretonne"]
    assert trouvees("region=53") == ["Mission bretonne"]
    assert trouvees("etape=a_lancer") == ["Mission qui attend"]
    assert trouvees("q=brest") == ["Mission bretonne"]
    assert trouvees("q=rien+de+tel") == []
    epci = breton.epcis.get()
    assert trouvees(f"epci={epci.siren}") == ["Mission bretonne"]
    # One that came after it leads there too, once a mission of its own makes it a choice.
    grand_brest = un_territoire("Grand Brest")
    suivante = grand_brest.epcis.get()
    Succession.objects.create(ancienne=epci, nouvelle=suivante, le=date(2026, 1, 1), part=100)
    autre = decor.une_mission(un_laureat(grand_brest), titre="Autre mission")
    assert sorted(trouvees(f"epci={suivante.siren}")) == [autre.titre, "Mission bretonne"]
    choix = client.get("/missions/").context["filtres"].fields["epci"].queryset
    assert {epci, suivante} <= set(choix)
    assert set(choix) == set(Epci.objects.filter(territoires__labellisations__missions__in=Mission.objects.all()))


def test_la_liste_des_missions_coute_autant_pour_une_que_pour_trois(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(un_agent(Role.INSTRUCTEUR))
    for attendues in (1, 3):
        while Mission.objects.count() < attendues:
            une_mission_a_lancer()
        with django_assert_num_queries(8):
            assert len(client.get("/missions/").context["page"]) == attendues


def test_la_liste_des_entreprises_coute_autant_pour_une_que_pour_trois(
    equipe: Client, mission: Mission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for attendues in (1, 3):
        while mission.industriels.count() < attendues:
            decor.un_industriel(mission, mission.industriels.count() + 1)
        with django_assert_num_queries(9):
            assert len(equipe.get(f"/missions/{mission.pk}/industriels/").context["page"]) == attendues


def test_le_contexte_et_la_fin_prevue_s_ecrivent(client: Client) -> None:
    mission = decor.une_mission(decor.un_laureat(une_vague(), horloge_base()), restituee_le=None)
    page = f"/missions/{mission.pk}/decrire/"
    client.force_login(un_agent(Role.CHARGE_MISSION))
    assert client.get(page).status_code == 404
    client.force_login(conduite.un_equipier(mission))
    assert page in client.get(f"/missions/{mission.pk}/").content.decode()
    trop_tot = client.post(page, {"contexte": "Une usine a fermé.", "fin": "2023-04-02"})
    assert trop_tot.status_code == 409
    assert "avant d’avoir commencé" in trop_tot.content.decode()
    assert "Une usine a fermé." in trop_tot.content.decode()
    assert client.post(page, {"contexte": "Une usine a fermé.", "fin": "2023-07-31"}).status_code == 302
    mission.refresh_from_db()
    assert (mission.contexte, mission.fin) == ("Une usine a fermé.", date(2023, 7, 31))
    lue = client.get(f"/missions/{mission.pk}/").content.decode()
    assert "Une usine a fermé." in lue
    assert "31\u00a0juillet\u00a02023" in lue
