"""A grouping of three authorities writes one file, in Chromium: two people at once, a lost connection, a deposit, its
replacement, a correction, and a copy into the next wave.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from candidatures.actions import cloture
from candidatures.actions.invitations import inviter
from candidatures.etats import EtatCandidature, Qualite
from candidatures.models import Candidature, Depot, Vague
from rebond.socle.models import Courrier
from rebond.socle.temps import horloge_base
from tests import fabriques as f
from tests.navigateur.test_cycle_entier import bouton, entrer, lien
from tests.navigateur.test_parcours_porteur import controler, remplir

pytestmark = pytest.mark.django_db(transaction=True)

CAMBRAI, CAUDRY, SOLESMES = "200068500", "200030633", "200042190"
ENREGISTRE = re.compile("Tout est enregistré")


@pytest.fixture(autouse=True)
def _patience(navigateur: Page) -> None:
    navigateur.set_default_timeout(10_000)


@pytest.fixture
def autre(browser: Browser, browser_context_args: dict) -> Iterator[Page]:
    """A second person's browser."""
    contexte = browser.new_context(**browser_context_args)
    contexte.set_default_timeout(10_000)
    yield contexte.new_page()
    contexte.close()


def test_un_groupement_de_trois_collectivites(navigateur: Page, autre: Page) -> None:
    call_command("charger_referentiel", verbosity=0)
    vague = f.une_vague()
    porteur = f.un_utilisateur(prenom="Alix", nom="Essai")
    collegue = f.un_utilisateur(prenom="Camille", nom="Essai")

    candidature = composer(navigateur, porteur)
    associer(autre, candidature, collegue)
    ecrire_a_deux(navigateur, autre, candidature)
    page_du_dossier(navigateur, candidature)
    lien(navigateur, "Le choc industriel")
    remplir(navigateur)
    joindre(navigateur, candidature)
    premier = deposer(navigateur, candidature)
    second = remplacer(navigateur, candidature, premier)
    clore(vague)
    assert list(Depot.objects.qui_comptent()) == [second]
    page_du_dossier(navigateur, candidature)
    expect(navigateur.get_by_role("heading", name="Dossier en instruction")).to_be_visible()


def page_du_dossier(page: Page, candidature: Candidature) -> None:
    page.goto(f"/candidatures/{candidature.pk}/")


def composer(page: Page, porteur) -> Candidature:
    """The lead opens the file, then two others join the grouping."""
    entrer(page, porteur, f"/candidatures/nouvelle/?epci={CAMBRAI}")
    bouton(page, "Commencer le dossier")
    expect(page.get_by_role("heading", name="Brouillon : ce dossier n’est pas déposé")).to_be_visible()
    candidature = Candidature.objects.get()
    for siren in (CAUDRY, SOLESMES):
        page.goto(f"/candidatures/{candidature.pk}/groupement/")
        page.get_by_label("Nom ou numéro SIREN").fill(siren)
        bouton(page, "Chercher")
        bouton(page, "Ajouter au groupement")
    page.goto(f"/candidatures/{candidature.pk}/groupement/")
    expect(page.get_by_text("Chef de file", exact=True)).to_be_visible()
    expect(page.get_by_text("À joindre")).to_have_count(3)
    controler(page)
    candidature.refresh_from_db()
    assert set(candidature.territoire.sirens) == {CAMBRAI, CAUDRY, SOLESMES}
    return candidature


def associer(page: Page, candidature: Candidature, collegue) -> None:
    """An invitation, and the link of its letter."""
    inviter(
        candidature=candidature,
        email=collegue.email,
        qualite=Qualite.CO_PORTEUR,
        auteur=f.porteur_de(candidature),
        maintenant=horloge_base(),
    )
    lettre = Courrier.objects.get(destinataire=collegue.email)
    entrer(page, collegue, re.search(r"/candidatures/invitations/\S+", lettre.texte)[0])
    bouton(page, "Accepter l’invitation")
    assert candidature.participations.get(utilisateur=collegue).qualite == Qualite.CO_PORTEUR


def ecrire_a_deux(page: Page, autre: Page, candidature: Candidature) -> None:
    """One section, two people; the second one writes in a tunnel."""
    adresse = f"/candidatures/{candidature.pk}/rubriques/gouvernance/"
    page.goto(adresse)
    autre.goto(adresse)
    page.get_by_label("Comment la démarche sera-t-elle pilotée").fill("Un comité des trois présidents.")
    autre.context.set_offline(True)
    autre.get_by_label("Partenaires associés").fill("La Région et les chambres consulaires.")
    expect(page.locator("[data-etat]")).to_have_text(ENREGISTRE)
    expect(autre.locator("[data-etat]")).to_contain_text("Connexion perdue")
    autre.context.set_offline(False)
    expect(autre.locator("[data-etat]")).to_have_text(ENREGISTRE)
    expect(autre.get_by_label("Comment la démarche sera-t-elle pilotée")).to_have_value(
        "Un comité des trois présidents."
    )
    candidature.refresh_from_db()
    assert candidature.contenu["gouvernance"] == {
        "pilotage": "Un comité des trois présidents.",
        "partenaires": "La Région et les chambres consulaires.",
    }


def joindre(page: Page, candidature: Candidature) -> None:
    """One mandate each."""
    page.goto(f"/candidatures/{candidature.pk}/pieces/")
    for rang, membre in enumerate(candidature.membres.order_by("pk")):
        place = page.locator(f"#piece-deliberation-{membre.pk}")
        nom = f"mandat-{rang}.pdf"
        fichier = {"name": nom, "mimeType": "application/pdf", "buffer": f.PDF + b"%%%d" % rang}
        place.locator("input[type=file]").set_input_files(fichier)
        expect(place.locator(".rebond-piece__nom")).to_contain_text(nom)


def deposer(page: Page, candidature: Candidature) -> Depot:
    page.goto(f"/candidatures/{candidature.pk}/deposer/")
    bouton(page, "Déposer le dossier")
    expect(page.get_by_role("heading", name="Votre dossier est déposé")).to_be_visible()
    return Depot.objects.order_by("rang").last()


def remplacer(page: Page, candidature: Candidature, premier: Depot) -> Depot:
    """What is written after the deposit is not deposited, and the page says so, until one deposits again."""
    page.goto(f"/candidatures/{candidature.pk}/rubriques/projets/")
    page.get_by_label("Projets industriels connus").fill("Une fonderie à Caudry.")
    bouton(page, "Enregistrer et revenir au dossier")
    expect(page.get_by_role("heading", name="Dossier déposé, mais des modifications ne le sont pas")).to_be_visible()
    premier.refresh_from_db()
    assert premier.contenu["sections"]["projets"]["projets"] == "Aucun."
    second = deposer(page, candidature)
    assert (second.rang, second.contenu["sections"]["projets"]["projets"]) == (2, "Une fonderie à Caudry.")
    assert next(piece.intitule for piece in second.pieces.all()).startswith("Délibération ou mandat – ")
    return second


def clore(vague: Vague) -> None:
    Vague.objects.filter(pk=vague.pk).update(cloture=horloge_base(), grace=timedelta(0))
    assert cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
    assert Candidature.objects.get().etat == EtatCandidature.EN_INSTRUCTION
