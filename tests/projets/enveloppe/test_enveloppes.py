"""Pages of the envelope: who opens it, who grants from it, and what is left; and what Postgres holds of it."""

from datetime import date
from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projets.chiffres import de_la_mission
from projets.enveloppe import actions as enveloppes
from projets.mission.etats import EtatMission
from projets.models import Concours, Enveloppe, Industriel, Liberation, Mission, Projet
from projets.portefeuille import actions as portefeuille
from projets.portefeuille.etats import EtatProjet
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Region
from tests.fabriques import d_une_autre_page, un_agent, un_departement, un_utilisateur
from tests.outils.relecture import champs_caches, confirmer, lignes_relues
from tests.projets import conduite, decor

pytestmark = pytest.mark.django_db

RESTE = "Il reste 150\u202f000\u00a0€ dans l’enveloppe"


@pytest.fixture
def enveloppe() -> Enveloppe:
    return conduite.une_enveloppe(montant=400_000)


@pytest.fixture
def gestionnaire(client: Client) -> Utilisateur:
    personne = conduite.un_gestionnaire()
    client.force_login(personne)
    return personne


def adresse(enveloppe: Enveloppe, suite: str = "") -> str:
    return f"/missions/{enveloppe.mission_id}/enveloppe/{suite}"


def accorder(
    enveloppe: Enveloppe, montant: int, acteur: Utilisateur, *, accorde_le: date = conduite.ACCORD
) -> Concours:
    return enveloppes.accorder(
        enveloppe=enveloppe,
        projet=conduite.un_projet(enveloppe),
        montant=montant,
        accorde_le=accorde_le,
        acteur=acteur,
        maintenant=horloge_base(),
    )


def ouverture(**champs: Any) -> dict[str, Any]:
    return {
        "nom": "Enveloppe d’aides",
        "montant": "5 000 000",
        "ouverte_le": "2023-07-03",
        "financeurs-TOTAL_FORMS": "2",
        "financeurs-INITIAL_FORMS": "0",
        "financeurs-0-financeur": "État",
        "financeurs-0-montant": "4 000 000",
        "financeurs-1-financeur": "Région",
        "financeurs-1-montant": "1 000 000",
    } | champs


def test_une_enveloppe_ne_s_ouvre_pas_dans_un_autre_siecle(client: Client, gestionnaire: Utilisateur) -> None:
    mission = conduite.une_mission()
    for ouverte_le in ("2059-01-01", "9999-12-31", "0203-07-03", "1999-12-31"):
        reponse = client.post(f"/missions/{mission.pk}/enveloppe/ouvrir/", ouverture(ouverte_le=ouverte_le))
        assert list(reponse.context["formulaire"].errors) == ["ouverte_le"]
        assert f'value="{ouverte_le}"' in reponse.content.decode()
    assert not mission.enveloppes.exists()


def test_une_enveloppe_s_ouvre_avec_ses_financeurs(client: Client, gestionnaire: Utilisateur) -> None:
    mission = conduite.une_mission()
    page = f"/missions/{mission.pk}/enveloppe/ouvrir/"
    assert confirmer(client, page, ouverture()).status_code == 302
    enveloppe = mission.enveloppes.get()
    assert (enveloppe.montant, enveloppe.ouverte_le) == (5_000_000, date(2023, 7, 3))
    assert list(enveloppe.cofinancements.values_list("financeur", "montant")) == [
        ("État", 4_000_000),
        ("Région", 1_000_000),
    ]
    encore = client.post(page, ouverture(**d_une_autre_page()))
    assert encore.status_code == 409
    assert "a déjà une enveloppe" in encore.content.decode()
    assert mission.enveloppes.count() == 1


def test_les_financeurs_font_le_total_et_ce_qui_est_saisi_reste(client: Client, gestionnaire: Utilisateur) -> None:
    mission = conduite.une_mission()
    refus = client.post(f"/missions/{mission.pk}/enveloppe/ouvrir/", ouverture(montant="6 000 000"))
    assert refus.status_code == 409
    html = refus.content.decode()
    assert "5\u202f000\u202f000\u00a0€" in html
    assert 'value="6 000 000"' in html
    assert 'value="Région"' in html
    assert not mission.enveloppes.exists()


def test_un_concours_s_accorde_et_la_page_dit_ce_qui_reste(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    saisie = {"projet": projet.pk, "montant": "250 000", "accorde_le": "2023-09-27"}
    assert confirmer(client, page, saisie).status_code == 302
    concours = projet.concours
    projet.refresh_from_db()
    assert (concours.montant, concours.accorde_par, projet.etat) == (250_000, gestionnaire, EtatProjet.ACCORDE)
    assert EntreeJournal.objects.get(acte="accorder").details["montant"] == 250_000
    html = client.get(adresse(enveloppe)).content.decode()
    assert "Il reste <strong>150\u202f000\u00a0€</strong>" in html
    assert '<progress id="niveau' in html
    assert "n’attend plus de concours" in client.post(page, saisie | d_une_autre_page()).content.decode()


def test_un_concours_se_relit_en_lettres_et_en_contexte_avant_d_etre_garde(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    lue = client.post(page, {"projet": projet.pk, "montant": "240 k€", "accorde_le": "2023-09-27"})
    assert not Concours.objects.exists()
    assert not EntreeJournal.objects.filter(acte="accorder").exists()
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.ORIENTE
    assert lignes_relues(lue) == {
        "Projet": f"{projet} – {projet.industriel}",
        "Montant": "240 000 € (deux cent quarante mille euros)",
        "Dans l’enveloppe": "240 000 €, soit 60 % de ce qui reste (400 000 €). Il restera 160 000 €.",
        "Pour le projet": "24 % de son investissement, estimé à 1 000 000 €",
        "Date de l’accord": "27 septembre 2023",
    }


def test_ce_qui_change_apres_la_relecture_se_relit(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    """What is confirmed is what was read: neither another amount, nor another remainder."""
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    lue = client.post(page, {"projet": projet.pk, "montant": "240 000", "accorde_le": "2023-09-27"})
    assert "a changé entre-temps" not in lue.content.decode()
    champs = champs_caches(lue)
    autre_montant = client.post(page, champs | {"montant": "250 000"})
    assert lignes_relues(autre_montant)["Montant"].startswith("250 000 €")
    accorder(enveloppe, 100_000, gestionnaire)
    autre_reste = client.post(page, champs)
    assert "80 % de ce qui reste (300 000 €)" in lignes_relues(autre_reste)["Dans l’enveloppe"]
    assert "a changé entre-temps" in autre_reste.content.decode()
    assert [concours.montant for concours in Concours.objects.all()] == [100_000]
    assert client.post(page, champs_caches(autre_reste)).status_code == 302


def test_on_revient_a_la_saisie_sans_rien_perdre(client: Client, gestionnaire: Utilisateur) -> None:
    mission = conduite.une_mission()
    page = f"/missions/{mission.pk}/enveloppe/ouvrir/"
    lue = client.post(page, ouverture(montant="5 M€", nom="Enveloppe « A » & B"))
    assert lignes_relues(lue) == {
        "Nom de l’enveloppe": "Enveloppe « A » & B",
        "Montant total": "5 000 000 € (cinq millions d’euros)",
        "État": "4 000 000 €, soit 80 % de l’enveloppe",
        "Région": "1 000 000 €, soit 20 % de l’enveloppe",
        "Date d’ouverture": "3 juillet 2023",
    }
    html = client.post(page, champs_caches(lue) | {"relecture-reprendre": "oui"}).content.decode()
    for attendu in ('value="5 M€"', 'value="Enveloppe « A » &amp; B"', 'value="Région"', 'value="1 000 000"'):
        assert attendu in html
    assert not mission.enveloppes.exists()
    assert client.post(page, champs_caches(lue)).status_code == 302
    assert mission.enveloppes.get().montant == 5_000_000


@pytest.mark.parametrize("saisie", ["1.5", "12500.50", "12.000", "12,50 €", "nc", "0", "-5"])
def test_un_montant_douteux_ne_va_pas_jusqu_a_la_relecture(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur, saisie: str
) -> None:
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    html = client.post(page, {"projet": projet.pk, "montant": saisie, "accorde_le": "2023-09-27"}).content.decode()
    assert "relecture-lue" not in html
    assert "fr-message--error" in html
    assert f'value="{saisie}"' in html
    assert not Concours.objects.exists()


def test_ce_qui_depasse_ce_qui_reste_est_refuse_et_reste_saisi(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    accorder(enveloppe, 250_000, gestionnaire)
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    refus = client.post(page, {"projet": projet.pk, "montant": "150 001", "accorde_le": "2023-09-27"})
    html = refus.content.decode()
    assert RESTE in html
    assert 'value="150 001"' in html
    with pytest.raises(RegleEnfreinte, match=RESTE):
        accorder(enveloppe, 150_001, gestionnaire)
    assert accorder(enveloppe, 150_000, gestionnaire).montant == 150_000


def test_un_concours_suit_l_orientation_et_ne_devance_pas_le_jour(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    projet = conduite.un_projet(enveloppe)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    saisie = {"projet": projet.pk, "montant": "1 000"}
    assert "dans l’avenir" in client.post(page, saisie | {"accorde_le": "2099-01-01"}).content.decode()
    trop_tot = client.post(page, saisie | {"accorde_le": "2023-07-04"})
    assert trop_tot.status_code == 409
    assert "l’orientation du projet" in trop_tot.content.decode()
    assert not Concours.objects.exists()


def test_une_aide_ne_depasse_pas_l_investissement_de_son_projet(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    industriel = decor.un_industriel(enveloppe.mission, 77)
    projet = decor.un_projet(industriel, un_utilisateur(), enveloppe=enveloppe, investissement=90_000)
    page = adresse(enveloppe, f"{enveloppe.pk}/accorder/")
    refus = client.post(page, {"projet": projet.pk, "montant": "90 001", "accorde_le": "2023-09-27"})
    assert refus.status_code == 409
    assert "prévoit 90\u202f000\u00a0€ d’investissement" in refus.content.decode()
    with pytest.raises(Error, match="concours_dans_l_investissement"), transaction.atomic():
        Concours.objects.create(
            enveloppe=enveloppe,
            projet=projet,
            montant=90_001,
            accorde_le=conduite.ACCORD,
            accorde_par=gestionnaire,
        )
    # The estimate of the day counts: a later one, however large, does not make an earlier grant right.
    decor.estimer(projet, gestionnaire, date(2023, 10, 1), 500_000, 0, None)
    with pytest.raises(RegleEnfreinte, match="ne peut pas le dépasser"):
        enveloppes.accorder(
            enveloppe=enveloppe,
            projet=projet,
            montant=90_001,
            accorde_le=conduite.ACCORD,
            acteur=gestionnaire,
            maintenant=horloge_base(),
        )


def test_l_abandon_d_un_projet_libere_son_aide(enveloppe: Enveloppe, gestionnaire: Utilisateur) -> None:
    concours = accorder(enveloppe, 400_000, gestionnaire)
    equipier = conduite.un_equipier(enveloppe.mission)

    def abandonner(jour: date) -> Projet:
        return enveloppes.abandonner(
            projet=Projet.objects.get(pk=concours.projet_id),
            abandonne_le=jour,
            motif="Autre site retenu",
            acteur=equipier,
            maintenant=horloge_base(),
        )

    with pytest.raises(RegleEnfreinte, match="ne peut pas la précéder"):
        abandonner(date(2023, 9, 26))
    abandonner(date(2023, 11, 15))
    assert Enveloppe.objects.avec_totaux().get().accorde == 0
    # What was true before stays true: the aid existed until that day.
    for jour, accorde in ((date(2023, 11, 14), 400_000), (date(2023, 11, 15), 0)):
        assert de_la_mission(enveloppe.mission, au=jour)["concours_accordes"].valeur == accorde
        assert list(Concours.objects.accordes(jour)) == ([concours] if accorde else [])
        assert Concours.objects.select_related("liberation").get().accorde_au(jour) == bool(accorde)
    # The envelope has it again, in the eyes of Postgres too.
    assert accorder(enveloppe, 400_000, gestionnaire, accorde_le=date(2023, 11, 15)).montant == 400_000
    with pytest.raises(Error, match="liberation_immuable"), transaction.atomic():
        Liberation.objects.all().delete()


def test_une_somme_liberee_ne_s_accorde_pas_avant_sa_liberation(
    enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    """Otherwise two grants would hold it together between the two days, beyond what the envelope holds."""
    libere = accorder(enveloppe, 300_000, gestionnaire)
    enveloppes.abandonner(
        projet=libere.projet,
        abandonne_le=date(2023, 11, 15),
        motif="Autre site retenu",
        acteur=conduite.un_equipier(enveloppe.mission),
        maintenant=horloge_base(),
    )
    for jour in (conduite.ACCORD, date(2023, 8, 1), date(2023, 11, 14)):
        with pytest.raises(RegleEnfreinte, match="elle n’a été libérée que plus tard"):
            accorder(enveloppe, 100_001, gestionnaire, accorde_le=jour)
        with pytest.raises(Error, match="concours_dans_l_enveloppe_a_sa_date"), transaction.atomic():
            Concours.objects.create(
                enveloppe=enveloppe,
                projet=conduite.un_projet(enveloppe),
                montant=100_001,
                accorde_le=jour,
                accorde_par=gestionnaire,
            )
    # What was never held is granted at any date, and what was freed from that day on.
    accorder(enveloppe, 100_000, gestionnaire)
    accorder(enveloppe, 300_000, gestionnaire, accorde_le=date(2023, 11, 15))
    for jour in (conduite.ACCORD, date(2023, 11, 14), date(2023, 11, 15), date(2023, 12, 1)):
        assert de_la_mission(enveloppe.mission, au=jour)["concours_accordes"].valeur == enveloppe.montant


def annuler_de_force(objet: Projet | Industriel) -> None:
    signature = {"annule_le": horloge_base(), "annule_par": un_utilisateur(), "annulation": "Saisi deux fois"}
    type(objet)._default_manager.filter(pk=objet.pk).update(**signature)


def test_postgres_n_accorde_rien_a_un_projet_annule(enveloppe: Enveloppe, gestionnaire: Utilisateur) -> None:
    projet = conduite.un_projet(enveloppe)
    annuler_de_force(projet)
    with pytest.raises(Error, match="concours_d_un_projet_retenu"), transaction.atomic():
        Concours.objects.create(
            enveloppe=enveloppe, projet=projet, montant=1, accorde_le=conduite.ACCORD, accorde_par=gestionnaire
        )


def test_postgres_ne_laisse_aucun_projet_a_une_entreprise_annulee(enveloppe: Enveloppe) -> None:
    projet = conduite.un_projet(enveloppe)
    with pytest.raises(Error, match="industriel_annule_sans_projet"), transaction.atomic():
        annuler_de_force(projet.industriel)
    annuler_de_force(projet)
    annuler_de_force(projet.industriel)
    with pytest.raises(Error, match="projet_d_un_industriel_retenu"), transaction.atomic():
        decor.un_projet(projet.industriel, un_utilisateur())


def test_la_page_d_un_abandon_ne_propose_pas_d_annuler_un_projet_aide(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur
) -> None:
    client.force_login(conduite.un_equipier(enveloppe.mission))
    for projet, propose in (
        (conduite.un_projet(enveloppe), True),
        (accorder(enveloppe, 100_000, gestionnaire).projet, False),
    ):
        page = f"/missions/{enveloppe.mission_id}/projets/{projet.pk}/"
        assert (f"{page}annuler/" in client.get(f"{page}abandonner/").content.decode()) == propose


def test_un_projet_aide_ne_s_annule_pas(enveloppe: Enveloppe, gestionnaire: Utilisateur) -> None:
    """Nor once its aid is freed: « aides accordées » at an earlier date, and the report's list of them, would part."""
    concours = accorder(enveloppe, 100_000, gestionnaire)
    equipier, maintenant = conduite.un_equipier(enveloppe.mission), horloge_base()

    def annuler() -> None:
        projet = Projet.objects.get(pk=concours.projet_id)
        portefeuille.annuler(projet=projet, raison="Saisi deux fois", acteur=equipier, maintenant=maintenant)

    with pytest.raises(RegleEnfreinte, match="Notez plutôt son abandon"):
        annuler()
    with pytest.raises(Error, match="projet_annule_sans_aide"), transaction.atomic():
        annuler_de_force(concours.projet)
    enveloppes.abandonner(
        projet=concours.projet,
        abandonne_le=date(2023, 11, 15),
        motif="Autre site retenu",
        acteur=equipier,
        maintenant=maintenant,
    )
    with pytest.raises(RegleEnfreinte, match="il a existé"):
        annuler()
    assert de_la_mission(enveloppe.mission, au=conduite.ACCORD)["concours_accordes"].valeur == 100_000


def test_postgres_garde_les_concours_tels_quels(enveloppe: Enveloppe, gestionnaire: Utilisateur) -> None:
    accorder(enveloppe, 100_000, gestionnaire)
    with pytest.raises(Error, match="concours_immuable"), transaction.atomic():
        Concours.objects.update(montant=1)
    with pytest.raises(Error, match="concours_immuable"), transaction.atomic():
        Concours.objects.all().delete()
    with pytest.raises(Error, match="inférieure aux concours"), transaction.atomic():
        Enveloppe.objects.update(montant=99_999)


@pytest.mark.parametrize("etat", [EtatMission.A_LANCER, EtatMission.CLOSE])
def test_rien_ne_s_accorde_hors_d_une_mission_en_cours(
    client: Client, gestionnaire: Utilisateur, etat: EtatMission
) -> None:
    datee = {"restituee_le": decor.RESTITUTION} if etat == EtatMission.CLOSE else {}
    mission = Mission.objects.create(titre="Mission", etat=etat, debut=date(2023, 4, 3), **datee)
    enveloppe = conduite.une_enveloppe(mission)
    assert "Ouvrir une" not in client.get(adresse(enveloppe)).content.decode()
    assert client.post(adresse(enveloppe, "ouvrir/"), ouverture()).status_code == 409
    assert client.get(adresse(enveloppe, f"{enveloppe.pk}/accorder/")).status_code == 409
    with pytest.raises(RegleEnfreinte, match="pas en cours"):
        enveloppes.ouvrir_enveloppe(
            mission=mission,
            nom="Autre",
            montant=1,
            ouverte_le=conduite.OUVERTURE,
            cofinancements={},
            acteur=gestionnaire,
            maintenant=horloge_base(),
        )


def test_l_equipe_lit_l_enveloppe_et_n_accorde_rien(client: Client, enveloppe: Enveloppe) -> None:
    equipier = conduite.un_equipier(enveloppe.mission)
    client.force_login(equipier)
    assert client.get(adresse(enveloppe)).status_code == 200
    for suite in ("ouvrir/", f"{enveloppe.pk}/accorder/"):
        assert client.get(adresse(enveloppe, suite)).status_code == 404
    with pytest.raises(RegleEnfreinte, match="Seul un gestionnaire"):
        accorder(enveloppe, 1_000, equipier)


def test_un_gestionnaire_d_ailleurs_n_accorde_rien_ici(client: Client, enveloppe: Enveloppe) -> None:
    un_departement("29", "53")
    breton = un_agent(Role.GESTIONNAIRE, region=Region.objects.get(code="53"))
    client.force_login(breton)
    for suite in ("", "ouvrir/", f"{enveloppe.pk}/accorder/"):
        assert client.get(adresse(enveloppe, suite)).status_code == 404
    with pytest.raises(RegleEnfreinte, match="de ce territoire"):
        accorder(enveloppe, 1_000, breton)


@pytest.mark.parametrize("role", [None, Role.PRESSE, Role.EXPERT, Role.CHARGE_MISSION])
def test_pour_les_autres_l_enveloppe_n_existe_pas(client: Client, enveloppe: Enveloppe, role: Role | None) -> None:
    client.force_login(un_agent(role) if role else un_utilisateur())
    for suite in ("", "ouvrir/", f"{enveloppe.pk}/accorder/"):
        assert client.get(adresse(enveloppe, suite)).status_code == 404


def test_l_enveloppe_coute_autant_pour_un_concours_que_pour_trois(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for attendus in (1, 3):
        while Concours.objects.count() < attendus:
            accorder(enveloppe, 1_000, gestionnaire)
            conduite.un_projet(enveloppe)
        with django_assert_num_queries(9):
            [situation] = client.get(adresse(enveloppe)).context["situations"]
        assert (len(situation.concours), len(situation.attendent)) == (attendus, attendus)
        assert Projet.objects.count() == 2 * attendus
