"""Inviting a colleague, joining by the link without an account, passing the file on: in Chromium, by keyboard too."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from candidatures.dossier.etats import Qualite
from candidatures.models import Invitation, Participation
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.dossier.equipe.outils import jeton_de
from tests.navigateur.dossier.test_parcours_porteur import se_connecter
from tests.outils.accessibilite import controler
from tests.outils.gestes import cocher

pytestmark = pytest.mark.django_db(transaction=True)


def accepter_sans_compte(browser: Browser, base_url: str, invitation: Invitation) -> None:
    """The invited person signs up first."""
    contexte = browser.new_context(base_url=base_url, locale="fr-FR", timezone_id="Europe/Paris")
    page = contexte.new_page()
    page.goto(f"/candidatures/invitations/{jeton_de(invitation)}/")
    controler(page)
    page.get_by_role("link", name="Créer mon compte").click()
    page.get_by_label("Prénom").fill("Inès")
    page.get_by_label("Nom", exact=True).fill("Vité")
    page.get_by_label("Adresse e-mail").fill("invite@example.fr")
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_label("Code reçu par e-mail")).to_be_visible()
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert code is not None
    page.get_by_label("Code reçu par e-mail").fill(code[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Accepter l’invitation")).to_be_visible()
    controler(page)
    page.get_by_role("button", name="Accepter l’invitation").press("Enter")
    expect(page.get_by_text("Vous participez maintenant à ce dossier.")).to_be_visible()
    page.goto(f"/candidatures/{invitation.candidature_id}/equipe/")
    controler(page)
    contexte.close()


def test_de_l_invitation_a_la_passation(navigateur: Page, browser: Browser, base_url: str) -> None:
    porteur = f.un_utilisateur("porteur@example.fr", prenom="Paule", nom="Teur", mot_de_passe=f.MOT_DE_PASSE)
    candidature = f.une_candidature(porteur=porteur)
    lecteur = f.un_utilisateur("lecteur@example.fr", prenom="Lec", nom="Teur")
    Participation.objects.create(candidature=candidature, utilisateur=lecteur, qualite=Qualite.LECTEUR)
    se_connecter(navigateur, porteur.email)
    navigateur.goto(f"/candidatures/{candidature.pk}/equipe/")
    controler(navigateur)

    # An incomplete form first, then the whole of it by keyboard.
    navigateur.get_by_role("button", name="Envoyer l’invitation").press("Enter")
    expect(navigateur.get_by_text("Choisissez un rôle.").first).to_be_visible()
    controler(navigateur)
    navigateur.get_by_label("Adresse e-mail de la personne").focus()
    navigateur.keyboard.type("invite@example.fr")
    navigateur.keyboard.press("Tab")
    navigateur.keyboard.press("Space")
    navigateur.keyboard.press("Enter")
    expect(navigateur.get_by_text("L’invitation est envoyée.")).to_be_visible()
    expect(navigateur.get_by_role("button", name="Renvoyer l’invitation à invite@example.fr")).to_be_visible()
    controler(navigateur)
    invitation = Invitation.objects.get()
    assert invitation.qualite == Qualite.CO_PORTEUR

    accepter_sans_compte(browser, base_url, invitation)

    # The porteur again: a role, the end of a part, the file passed on.
    navigateur.reload()
    navigateur.get_by_role("link", name="Changer son rôle : Inès Vité").press("Enter")
    controler(navigateur)
    cocher(navigateur.get_by_label("Lecteur"))
    navigateur.get_by_role("button", name="Enregistrer ce rôle").click()
    expect(navigateur.get_by_text("Le rôle est enregistré.")).to_be_visible()
    navigateur.get_by_role("link", name="Arrêter sa participation : Lec Teur").click()
    controler(navigateur)
    navigateur.get_by_role("button", name="Arrêter cette participation").click()
    expect(
        navigateur.get_by_text("Cette personne n’a plus accès au dossier\u00a0: «\u00a0Lec Teur\u00a0».")
    ).to_be_visible()
    navigateur.get_by_role("link", name="Passer la main").click()
    controler(navigateur)
    cocher(navigateur.get_by_label("Inès Vité"))
    navigateur.get_by_role("button", name="Passer la main").click()
    expect(navigateur.get_by_text("Vous avez passé la main.")).to_be_visible()
    controler(navigateur)
    assert f.porteur_de(candidature).email == "invite@example.fr"


def test_une_invitation_qui_ne_sert_plus_le_dit(navigateur: Page) -> None:
    navigateur.goto(f"/candidatures/invitations/{'x' * 43}/")
    expect(navigateur.get_by_text("Ce lien d’invitation n’est pas valable")).to_be_visible()
    controler(navigateur)


def test_un_administrateur_confie_un_dossier_dont_le_porteur_est_parti(navigateur: Page) -> None:
    administrateur = f.un_agent(Role.ADMINISTRATEUR)
    administrateur.set_password(f.MOT_DE_PASSE)
    administrateur.save()
    candidature = f.une_candidature(complete=False)
    nouveau = f.un_utilisateur()
    se_connecter(navigateur, administrateur.email)
    navigateur.goto("/administration/roles/")
    navigateur.get_by_role("link", name="Confier un dossier à un autre responsable").click()
    controler(navigateur)
    navigateur.get_by_label("Référence du dossier").fill("14")
    navigateur.keyboard.press("Enter")
    expect(navigateur.get_by_text("Une référence s’écrit comme").first).to_be_visible()
    controler(navigateur)
    navigateur.get_by_label("Référence du dossier").fill(candidature.reference)
    navigateur.keyboard.press("Enter")
    expect(navigateur.get_by_role("heading", name=f"Confier le dossier {candidature.reference}")).to_be_visible()
    controler(navigateur)
    navigateur.get_by_label("Adresse e-mail du nouveau responsable").fill(nouveau.email)
    navigateur.get_by_label("Motif").fill("Départ de la collectivité")
    navigateur.get_by_role("button", name="Confier le dossier").click()
    expect(navigateur.get_by_text("a un nouveau responsable")).to_be_visible()
    controler(navigateur)
    assert f.porteur_de(candidature) == nouveau
