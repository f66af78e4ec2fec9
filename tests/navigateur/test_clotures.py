"""The closing board and the incidents in Chromium, when all is well and when nothing is."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from candidatures.cloture.actions import cloture
from candidatures.surveillance import constats, veille
from rebond.socle.courriers.models import Courrier, PanneMessagerie
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.tasks import battre
from rebond.socle.vigie import Disponibilite
from rebond.surveillance import disponibilite
from territoires.etats import Role
from tests import fabriques as f
from tests.navigateur.dossier.test_parcours_porteur import se_connecter
from tests.outils.accessibilite import controler
from tests.outils.gestes import cocher

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def administrateur(navigateur: Page) -> Page:
    personne = f.un_agent(Role.ADMINISTRATEUR)
    personne.set_password(f.MOT_DE_PASSE)
    personne.save()
    se_connecter(navigateur, personne.email)
    return navigateur


def tout_va_mal() -> None:
    maintenant = horloge_base()
    close = f.une_vague(cloture=maintenant - timedelta(days=40))
    f.un_depot(f.une_candidature(vague=close))
    cloture.clore(vague_id=close.pk, maintenant=maintenant)
    Courrier.objects.update(abandonne_le=maintenant, derniere_erreur="550 5.1.1 Adresse inconnue")
    f.une_vague(ouverture=close.cloture, cloture=maintenant - 8 * MINUTE)
    PanneMessagerie.objects.create(
        debut=maintenant - timedelta(hours=1),
        prochain_essai=maintenant + 2 * MINUTE,
        essais=14,
        erreur="[Errno 111] Connection refused",
    )
    for secondes in range(3600, 0, -15):
        en_panne = 1200 < secondes < 2400 or secondes < 200
        disponibilite.observer(
            Disponibilite.INDISPONIBLE if en_panne else Disponibilite.DISPONIBLE,
            "Réponse 503" if en_panne else "",
            maintenant=maintenant - timedelta(seconds=secondes),
        )
    veille.veiller(maintenant=maintenant)
    constats.constater(maintenant=maintenant)


def test_le_tableau_des_clotures_d_un_portail_en_panne(administrateur: Page) -> None:
    tout_va_mal()
    administrateur.goto("/tableau-de-bord/")
    administrateur.get_by_role("link", name="Clôtures", exact=True).click()
    expect(administrateur.get_by_role("heading", name="Alarme : le portail ne répond plus")).to_be_visible()
    expect(administrateur.get_by_text("En cours d’enregistrement")).to_be_visible()
    controler(administrateur)

    administrateur.get_by_role("link", name="voir les e-mails").click()
    expect(administrateur.get_by_role("heading", name="Le serveur de messagerie est injoignable")).to_be_visible()
    controler(administrateur)
    administrateur.get_by_role("button", name="Renvoyer tous les e-mails mis de côté").press("Enter")
    expect(administrateur.get_by_text("remis dans la file d’envoi")).to_be_visible()


def test_le_tableau_des_clotures_d_un_portail_qui_va_bien(administrateur: Page) -> None:
    battre()
    administrateur.goto("/administration/clotures/")
    expect(administrateur.get_by_text("Aucune alarme en vigueur.")).to_be_visible()
    controler(administrateur)


def test_un_incident_se_declare_puis_se_termine(administrateur: Page) -> None:
    tout_va_mal()
    administrateur.goto("/administration/clotures/")
    administrateur.get_by_role("link", name="2 incidents").click()
    controler(administrateur)
    administrateur.get_by_role("link", name="Déclarer un incident").click()
    controler(administrateur)
    administrateur.get_by_role("button", name="Déclarer cet incident").press("Enter")
    expect(administrateur.get_by_text("Choisissez une nature.").first).to_be_visible()
    controler(administrateur)
    cocher(administrateur.get_by_label("Autre"))
    debut = horloge_base().astimezone(PARIS) - timedelta(hours=3)
    administrateur.get_by_label("Début").fill(f"{debut:%Y-%m-%dT%H:%M}")
    administrateur.get_by_label("Description").fill("Coupure d’électricité dans trois préfectures.")
    administrateur.get_by_role("button", name="Déclarer cet incident").click()
    expect(administrateur.get_by_text("L’incident est déclaré.")).to_be_visible()

    administrateur.get_by_role("link", name="Enregistrer sa fin : Autre").click()
    expect(administrateur.get_by_text("Coupure d’électricité")).to_be_visible()
    controler(administrateur)
    administrateur.get_by_role("button", name="Enregistrer la fin").press("Enter")
    expect(administrateur.get_by_text("La fin de l’incident est enregistrée.")).to_be_visible()
    controler(administrateur)
