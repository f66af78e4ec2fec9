"""A grouping of three authorities writes one file, in Chromium: two people at once, a lost connection, a deposit, its
replacement, a correction, and a copy into the next wave.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from candidatures.cahier import MODELE, Question, Type, vers_json
from candidatures.cloture.actions import cloture
from candidatures.dossier.actions.invitations import inviter
from candidatures.dossier.etats import EtatCandidature, Qualite, SensDecision
from candidatures.labellisation import actions as labellisation
from candidatures.models import CahierDesCharges, Candidature, Depot, Vague
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from territoires import referentiel
from territoires.chargement import charger_referentiel
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire
from tests.navigateur.dossier.test_parcours_porteur import remplir
from tests.outils.accessibilite import controler
from tests.outils.gestes import bouton, cocher, entrer, lien

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
    charger_referentiel(referentiel.tables())
    vague = f.une_vague()
    porteur = f.un_utilisateur(prenom="Alix", nom="Essai")
    f.un_rattachement(porteur, CAMBRAI)
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
    instructeur = f.un_agent(Role.INSTRUCTEUR)
    echanger(navigateur, autre, candidature, instructeur)
    corriger(navigateur, autre, candidature, instructeur)
    second.refresh_from_db()
    assert second.contenu["sections"]["projets"]["projets"] == "Une fonderie à Caudry."
    copier(navigateur, autre, candidature, instructeur)


def page_du_dossier(page: Page, candidature: Candidature) -> None:
    page.goto(f"/candidatures/{candidature.pk}/")


def composer(page: Page, porteur) -> Candidature:
    """The lead opens the file, then two others join the grouping."""
    entrer(page, porteur, f"/candidatures/nouvelle/?epci={CAMBRAI}")
    bouton(page, "Commencer le dossier")
    expect(page.get_by_role("heading", level=1, name="Le choc industriel")).to_be_visible()
    candidature = Candidature.objects.get()
    for siren in (CAUDRY, SOLESMES):
        page.goto(f"/candidatures/{candidature.pk}/groupement/")
        page.get_by_label("Nom, commune ou numéro SIREN").fill(siren)
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
    page.get_by_role("button", name="Déposer le dossier", exact=True).first.click()
    expect(page.get_by_role("heading", name="Votre dossier est déposé")).to_be_visible()
    return Depot.objects.order_by("rang").last()


def deposer_ce_qui_vient_de_changer(page: Page, candidature: Candidature) -> Depot:
    """The colleague saves between the reading and the click: the page says what, and one reads again."""
    page.goto(f"/candidatures/{candidature.pk}/deposer/")
    collegue = candidature.participations.get(qualite=Qualite.CO_PORTEUR).utilisateur
    f.reecrire(candidature, "Deux usines ferment.", par=collegue)
    page.get_by_role("button", name="Déposer le dossier", exact=True).first.click()
    expect(page.get_by_role("heading", name="Le dossier a changé depuis que vous l’avez relu")).to_be_visible()
    expect(page.get_by_text(f"Changé par {collegue}").first).to_be_visible()
    expect(page.get_by_role("button", name="Déposer la version que j’ai relue")).to_be_visible()
    controler(page)
    lien(page, "Relire le dossier tel qu’il est")
    page.get_by_role("button", name="Déposer le dossier", exact=True).first.click()
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
    second = deposer_ce_qui_vient_de_changer(page, candidature)
    assert (second.rang, second.contenu["sections"]["projets"]["projets"]) == (2, "Une fonderie à Caudry.")
    assert next(piece.intitule for piece in second.pieces.all()).startswith("Délibération ou mandat – ")
    return second


def clore(vague: Vague) -> None:
    Vague.objects.filter(pk=vague.pk).update(cloture=horloge_base(), grace=timedelta(0))
    assert cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
    assert Candidature.objects.get().etat == EtatCandidature.EN_INSTRUCTION


def echanger(page: Page, autre: Page, candidature: Candidature, instructeur) -> None:
    """The second browser is now the instructeur's."""
    entrer(autre, instructeur, f"/instruction/dossiers/{candidature.pk}/messages/")
    autre.get_by_label("Votre message").fill("Où en est la fonderie ?")
    bouton(autre, "Envoyer le message")
    page.goto(f"/candidatures/{candidature.pk}/messages/")
    expect(page.get_by_text("Non lu", exact=True)).to_be_visible()
    expect(page.get_by_text("Où en est la fonderie ?")).to_be_visible()
    controler(page)
    page.get_by_label("Votre message").fill("Le permis est accordé.")
    bouton(page, "Envoyer le message")
    expect(page.get_by_text("Le permis est accordé.")).to_be_visible()


def corriger(page: Page, autre: Page, candidature: Candidature, instructeur) -> None:
    """One answer is asked for; the original stays beside it."""
    autre.goto(f"/instruction/dossiers/{candidature.pk}/")
    lien(autre, "Demander une correction")
    cocher(autre.get_by_label("Projets industriels connus"))
    autre.get_by_label("Ce qui est à corriger").fill("Citez tous les projets.")
    autre.get_by_label("À rendre avant le").fill((horloge_base() + timedelta(days=6)).strftime("%Y-%m-%dT%H:%M"))
    controler(autre)
    bouton(autre, "Demander cette correction")
    page_du_dossier(page, candidature)
    expect(page.get_by_role("heading", name="Une correction vous est demandée")).to_be_visible()
    lien(page, "Voir ce qui est demandé")
    lien(page, "Les projets déjà connus")
    expect(page.get_by_text("Une fonderie à Caudry.").first).to_be_visible()
    page.get_by_label("Projets industriels connus").fill("Une fonderie à Caudry, un atelier à Solesmes.")
    controler(page)
    bouton(page, "Enregistrer ces corrections")
    controler(page)
    bouton(page, "Rendre la correction")
    expect(page.get_by_role("heading", name="Corrections")).to_be_visible()
    autre.goto(f"/instruction/dossiers/{candidature.pk}/")
    for texte in ("Une fonderie à Caudry.", "Une fonderie à Caudry, un atelier à Solesmes."):
        expect(autre.get_by_text(texte, exact=True).first).to_be_visible()
    controler(autre)
    candidature.refresh_from_db()
    assert candidature.etat == EtatCandidature.EN_INSTRUCTION


def copier(page: Page, autre: Page, candidature: Candidature, instructeur) -> None:
    """Not retained, announced, then presented again in the next wave, whose specifications ask one thing more."""
    instruire(candidature, instructeur=instructeur, sens=SensDecision.NE_PAS_RETENIR)
    valideur, maintenant = f.un_agent(Role.VALIDEUR), horloge_base()
    vague = Vague.objects.get()
    decisions = {candidature.pk: SensDecision.NE_PAS_RETENIR}
    labellisation.labelliser(vague=vague, decisions=decisions, valideur=valideur, maintenant=maintenant)
    labellisation.annoncer(vague=vague, valideur=valideur, publique_a=maintenant, maintenant=maintenant)
    suivante = f.une_vague(ouverture=horloge_base())
    ajouter_une_question(suivante)

    page_du_dossier(page, candidature)
    expect(page.get_by_role("heading", name="Dossier non retenu")).to_be_visible()
    lien(page, "Copier ce dossier dans la période de dépôt ouverte")
    page.get_by_role("button", name=re.compile("^Copier")).click()
    copie = Candidature.objects.get(vague=suivante)
    assert (copie.copie_de, copie.territoire, copie.pieces.count()) == (candidature, candidature.territoire, 3)
    page.goto(f"/candidatures/{copie.pk}/rubriques/projets/")
    expect(page.get_by_label(re.compile("Quel foncier faut-il"))).to_be_visible()
    expect(page.get_by_text("Nouveau", exact=True)).to_have_count(1)
    expect(page.get_by_label("Projets industriels connus")).to_have_value("Une fonderie à Caudry.")
    controler(page)


def ajouter_une_question(vague: Vague) -> None:
    """The next wave's specifications: those of the first, and one question more in the section on projects."""
    question = Question("foncier_voulu", "Quel foncier faut-il\u00a0?", Type.TEXTE_LONG, obligatoire=False)
    sections = tuple(
        replace(section, questions=(*section.questions, question)) if section.cle == "projets" else section
        for section in MODELE.sections
    )
    definition = vers_json(replace(MODELE, sections=sections))
    CahierDesCharges.objects.create(vague=vague, version=1, definition=definition)
