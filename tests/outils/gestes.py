"""What every visit of a browser test begins and goes on with."""

from django.test import Client
from playwright.sync_api import Locator, Page, expect

from rebond.socle.utilisateur import Utilisateur


def entrer(page: Page, personne: Utilisateur, adresse: str) -> None:
    """Open `adresse` as `personne`; signing in by hand has its own test."""
    client = Client()
    client.force_login(personne)
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "localhost", "path": "/"}]
    )
    page.goto(adresse)


def bouton(page: Page, nom: str) -> None:
    page.get_by_role("button", name=nom, exact=True).click()


def lien(page: Page, nom: str) -> None:
    page.get_by_role("link", name=nom).first.click()


def cocher(case: Locator) -> None:
    """Tick a box as people do, by its label: the design system hides the box itself. Playwright waits for the label to
    be in view and still, where it could only be forced onto the box, in the middle of whatever moves the page."""
    if not case.is_checked():
        case.page.locator(f'label[for="{case.get_attribute("id")}"]').click()
    expect(case).to_be_checked()
