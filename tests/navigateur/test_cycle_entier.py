"""One file all the way through: from an empty form to a printed press release, in Chromium, with a real worker.

Everything is done by the pages, except the passing of time: the deadline is brought forward.
"""

import re
from datetime import timedelta

import pytest
from celery import current_app
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from candidatures.models import AccuseReception, Candidature, ProcesVerbal, Vague
from candidatures.vagues.etats import EtatVague
from projets.mission.etats import EtatMission
from projets.models import Communique, Mission, Rapport
from projets.rapport.etats import EtatRapport
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.texte.typographie import FINE, INSECABLE
from territoires import referentiel
from territoires.chargement import charger_referentiel
from territoires.etats import Role
from tests import fabriques as f
from tests.concurrence.attente import attendre
from tests.navigateur.dossier.test_parcours_porteur import FICHIER, remplir
from tests.outils.gestes import bouton, cocher, entrer, lien

pytestmark = pytest.mark.django_db(transaction=True)

CAMBRAI = "200068500"


def texte_pdf(chemin) -> str:
    lu = "\n".join(page.extract_text() for page in PdfReader(chemin).pages)
    return re.sub(r"\s+", " ", lu.replace(INSECABLE, " ").replace(FINE, " "))


@pytest.fixture(autouse=True)
def _patience(navigateur):
    navigateur.set_default_timeout(8000)


def test_d_un_dossier_vide_a_un_communique_imprime(navigateur: Page, ouvrier) -> None:
    charger_referentiel(referentiel.tables())
    vague = f.une_vague()
    ouvrier()
    dossier = deposer(navigateur)
    attendre(AccuseReception.objects.exists)
    clore(vague)
    instruire(navigateur, dossier)
    annoncer(navigateur, vague)
    mission = conduire_la_mission(navigateur)
    financer(navigateur, mission)
    fabriquer_le_rapport(navigateur, mission)
    restituer(navigateur, mission)
    publier(navigateur)


def deposer(page: Page) -> Candidature:
    porteur = f.un_utilisateur()
    f.un_rattachement(porteur, CAMBRAI)
    entrer(page, porteur, "/candidatures/")
    lien(page, "Commencer un dossier")
    page.get_by_label("Nom, commune ou numéro SIREN").fill(CAMBRAI)
    page.keyboard.press("Enter")
    bouton(page, "Choisir cette intercommunalité")
    bouton(page, "Commencer le dossier")
    lien(page, "Vue d’ensemble")
    lien(page, "Filières touchées")
    remplir(page)
    page.locator("#piece-deliberation input[type=file]").set_input_files(FICHIER)
    expect(page.locator("#piece-deliberation .rebond-piece__nom")).to_be_visible()
    lien(page, "Continuer : relire et déposer")
    page.get_by_role("button", name="Déposer le dossier", exact=True).first.click()
    expect(page.get_by_role("heading", name="Votre dossier est déposé")).to_be_visible()
    return Candidature.objects.get()


def clore(vague: Vague) -> None:
    """The deadline comes; the worker records it."""
    Vague.objects.filter(pk=vague.pk).update(cloture=horloge_base(), grace=timedelta(0))
    current_app.send_task("candidatures.tasks.clore_vagues_echues")
    attendre(ProcesVerbal.objects.exists)


def instruire(page: Page, dossier: Candidature) -> None:
    entrer(page, f.un_agent(Role.INSTRUCTEUR), f"/instruction/dossiers/{dossier.pk}/")
    bouton(page, "Toutes remplies\u00a0: déclarer recevable")
    page.get_by_text("Labelliser", exact=True).click()
    page.get_by_label("Motif").fill("Le territoire est prêt.")
    bouton(page, "Enregistrer la proposition")


def annoncer(page: Page, vague: Vague) -> None:
    entrer(page, f.un_agent(Role.VALIDEUR), f"/instruction/vagues/{vague.numero}/decisions/")
    page.get_by_text("Je prends ces décisions").click()
    bouton(page, "Prendre ces décisions")
    lien(page, "Annoncer les résultats")
    page.get_by_text("J’annonce tous les résultats").click()
    bouton(page, "Annoncer les résultats de la vague")
    expect(page.get_by_text("publiques depuis le")).to_be_visible()
    assert Vague.objects.get(pk=vague.pk).etat == EtatVague.PUBLIEE
    assert Courrier.objects.filter(cle__startswith="resultat-").count() == 1


def conduire_la_mission(page: Page) -> Mission:
    mission = Mission.objects.get()
    entrer(page, f.un_agent(Role.CHARGE_MISSION), "/missions/")
    lien(page, mission.titre)
    bouton(page, "Prendre en charge cette mission")
    bouton(page, "Passer à l’étape suivante")
    lien(page, "Industriels")
    lien(page, "Ajouter une entreprise")
    page.get_by_label("SIREN").fill(f.un_siren(1))
    page.get_by_label("Raison sociale").fill("Tissages d’essai")
    page.get_by_label("Intercommunalité du site").select_option(index=1)
    page.get_by_label("Rencontrée le").fill(jour_de_paris(horloge_base()).isoformat())
    bouton(page, "Enregistrer l’entreprise")
    page.goto(f"/missions/{mission.pk}/projets/")
    lien(page, "Ajouter un projet")
    page.get_by_label("Industriel").select_option(index=1)
    page.get_by_label("Intitulé du projet").fill("Nouvel atelier")
    page.get_by_label("Nature du projet").select_option("capacite")
    page.get_by_label("Intercommunalité du projet").select_option(index=1)
    cocher(page.get_by_label("Projet structurant"))
    page.get_by_label("Investissement en euros").fill("3 250 000")
    page.get_by_label("Créations potentielles d’emplois").fill("42")
    page.get_by_label("Créations prévisionnelles d’emplois").fill("31")
    bouton(page, "Ajouter ce projet")
    page.goto(f"/missions/{mission.pk}/feuille-de-route/")
    lien(page, "Ajouter un axe")
    page.get_by_label("Titre de l’axe").fill("L’emploi et les compétences")
    page.get_by_label("Intitulé").fill("Une école de production")
    bouton(page, "Enregistrer l’axe")
    expect(page.get_by_text("Une école de production")).to_be_visible()
    return mission


def financer(page: Page, mission: Mission) -> None:
    """The fund manager opens the envelope; the team sends the project to it; the manager grants."""
    projet = mission.projets.get()
    gestionnaire, equipier = f.un_agent(Role.GESTIONNAIRE), mission.equipe.get()
    jour = jour_de_paris(horloge_base()).isoformat()
    entrer(page, gestionnaire, f"/missions/{mission.pk}/enveloppe/")
    lien(page, "Ouvrir une enveloppe")
    page.get_by_label("Nom de l’enveloppe").fill("Enveloppe d’essai")
    page.get_by_label("Montant total en euros").fill("1 000 000")
    page.get_by_label("Date d’ouverture").fill(jour)
    page.get_by_label("Financeur").and_(page.get_by_role("textbox")).fill("État")
    page.get_by_label("Montant en euros").fill("1 000 000")
    bouton(page, "Ouvrir l’enveloppe")
    page.get_by_role("button", name="Ouvrir cette enveloppe de").click()

    entrer(page, equipier, f"/missions/{mission.pk}/projets/{projet.pk}/")
    bouton(page, "Qualifier le projet")
    lien(page, "Orienter le projet")
    cocher(page.get_by_label("Enveloppe d’aides de la mission"))
    page.locator("select[name=enveloppe]").select_option(index=1)
    page.get_by_label("Orienté le").fill(jour)
    bouton(page, "Orienter ce projet")

    entrer(page, gestionnaire, f"/missions/{mission.pk}/enveloppe/")
    lien(page, "Accorder une aide")
    page.locator("select[name=projet]").select_option(index=1)
    page.get_by_label("Montant en euros").fill("1 000 001")
    page.get_by_label("Date de l’accord").fill(jour)
    bouton(page, "Accorder cette aide")
    expect(page.get_by_text(re.compile("Il reste 1.000.000")).first).to_be_visible()
    page.get_by_label("Montant en euros").fill("250 000")
    bouton(page, "Accorder cette aide")
    page.get_by_role("button", name="Accorder 250").click()
    expect(page.get_by_role("cell", name=re.compile("250.000.€")).first).to_be_visible()


def fabriquer_le_rapport(page: Page, mission: Mission) -> None:
    entrer(page, mission.equipe.get(), f"/rapports/mission/{mission.pk}/")
    bouton(page, "Fabriquer le rapport")
    attendre(lambda: Rapport.objects.filter(etat__in=[EtatRapport.PRET, EtatRapport.ECHEC]).exists(), delai=90)
    rapport = Rapport.objects.get()
    assert (rapport.etat, rapport.erreur) == (EtatRapport.PRET, "")
    page.goto(f"/rapports/{rapport.pk}/")
    with page.expect_download() as telechargement:
        lien(page, "Télécharger le rapport")
    texte = texte_pdf(telechargement.value.path())
    for attendu in ("Nouvel atelier", "Tissages d’essai", "3 250 000", "Une école de production"):
        assert attendu in texte


def restituer(page: Page, mission: Mission) -> None:
    page.goto(f"/missions/{mission.pk}/")
    while Mission.objects.get(pk=mission.pk).etat != EtatMission.FEUILLE_DE_ROUTE:
        bouton(page, "Passer à l’étape suivante")
        page.wait_for_load_state()
    page.get_by_label("Date de la restitution").fill(jour_de_paris(horloge_base()).isoformat())
    bouton(page, "Passer à l’étape suivante")
    expect(page.get_by_role("status").first).to_contain_text("Restituée")


def publier(page: Page) -> None:
    """What the press office prints is what was typed above, and nothing else."""
    jour = jour_de_paris(horloge_base()).isoformat()
    entrer(page, f.un_agent(Role.PRESSE), f"/presse/{jour}/")
    with page.expect_download() as telechargement:
        lien(page, "Communiqué : PDF")
    texte = texte_pdf(telechargement.value.path())
    for attendu in ("un territoire lauréat", "un projet", "42 créations potentielles", "CA de Cambrai"):
        assert attendu in texte
    # All of it happened today, and the day is not over: nothing of it is final yet.
    expect(page.get_by_text("ses chiffres peuvent encore changer")).to_be_visible()
    assert not Communique.objects.exists()
