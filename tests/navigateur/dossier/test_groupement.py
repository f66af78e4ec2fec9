"""Composing a grouping in Chromium: suggestions, a PETR, the page at both widths."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from candidatures.models import Candidature, Membre
from territoires import referentiel
from territoires.actions import territoire_pour
from territoires.chargement import charger_referentiel
from territoires.models import Epci
from tests import fabriques as f
from tests.navigateur.dossier.test_parcours_porteur import se_connecter
from tests.outils.accessibilite import controler

pytestmark = pytest.mark.django_db(transaction=True)

CAMBRAI, CAUDRESIS, SOLESMOIS, DOUAISIS = "200068500", "200030633", "245901038", "200044618"


def referentiel_reduit() -> None:
    completes: dict[str, Any] = referentiel.tables()
    gardes = {CAMBRAI, CAUDRESIS, SOLESMOIS, DOUAISIS}
    charger_referentiel(completes | {"epcis": [ligne for ligne in completes["epcis"] if ligne[0] in gardes]})


def un_dossier_de_cambrai(page: Page) -> Candidature:
    """Its porteur is signed in."""
    referentiel_reduit()
    cambrai = Epci.objects.select_related("region").get(siren=CAMBRAI)
    porteur = f.un_utilisateur("porteur@example.fr", mot_de_passe=f.MOT_DE_PASSE)
    candidature = f.une_candidature(
        territoire=territoire_pour(epcis=[cambrai], chef_de_file=cambrai), porteur=porteur, complete=False
    )
    se_connecter(page, porteur.email)
    return candidature


def test_composer_un_groupement(navigateur: Page) -> None:
    candidature = un_dossier_de_cambrai(navigateur)
    voisine = Epci.objects.select_related("region").get(siren=DOUAISIS)
    f.une_candidature(
        vague=candidature.vague, territoire=territoire_pour(epcis=[voisine], chef_de_file=voisine), complete=False
    )
    # What others write of an authority is only said to whoever is known to work for it.
    f.un_rattachement(f.porteur_de(candidature), DOUAISIS)
    navigateur.goto(f"/candidatures/{candidature.pk}/groupement/")
    controler(navigateur)

    # A suggestion, by keyboard.
    navigateur.get_by_role("combobox").fill("Douais")
    expect(navigateur.get_by_role("option", name="Douaisis")).to_be_visible()
    navigateur.keyboard.press("ArrowDown")
    navigateur.keyboard.press("Enter")
    expect(navigateur.get_by_role("radio", name="Douaisis")).to_be_checked()
    controler(navigateur)
    navigateur.get_by_role("button", name="Ajouter au groupement").click()
    expect(navigateur.get_by_text("fait aussi partie d’un autre dossier de cette période de dépôt")).to_be_visible()
    controler(navigateur)

    # A PETR takes the place of its EPCI, the lead among them.
    navigateur.goto(f"/candidatures/{candidature.pk}/groupement/petr/")
    for nom in ("Cambrai", "Caudrésis"):
        navigateur.get_by_label("Nom, commune ou numéro SIREN").fill(nom)
        navigateur.keyboard.press("Escape")
        navigateur.get_by_role("button", name="Chercher", exact=True).click()
        expect(navigateur.get_by_role("button", name="Choisir cette intercommunalité")).to_be_visible()
        controler(navigateur)
        navigateur.get_by_role("button", name="Choisir cette intercommunalité").click()
    navigateur.get_by_label("Numéro SIREN du PETR").fill(f.un_siren(80_000))
    navigateur.get_by_label("Nom du PETR").fill("PETR du Pays du Cambrésis")
    controler(navigateur)
    navigateur.get_by_role("button", name="Déclarer ce PETR").click()
    expect(navigateur.get_by_role("heading", name="Groupement", exact=True)).to_be_visible()
    controler(navigateur)
    noms = [membre.nom for membre in Membre.objects.filter(candidature=candidature)]
    assert noms == ["PETR du Pays du Cambrésis", voisine.nom]

    navigateur.get_by_role("link", name=f"Retirer {voisine.nom}").click()
    controler(navigateur)
    navigateur.get_by_role("button", name="Retirer du groupement").click()
    expect(navigateur.get_by_text(f"{voisine.nom} ne fait plus partie du groupement.")).to_be_visible()
    controler(navigateur)


def test_qui_renonce_aux_propositions_ne_les_voit_plus_s_ouvrir(navigateur: Page) -> None:
    """Escape, then a press on the button below: the answer that was on its way opens no list over it."""
    candidature = un_dossier_de_cambrai(navigateur)
    navigateur.clock.install()
    navigateur.goto(f"/candidatures/{candidature.pk}/groupement/")
    retenues: list[Route] = []

    def retenir(route: Route) -> None:
        retenues.append(route)

    navigateur.route("**/*q=Douai*", retenir)
    saisie = navigateur.get_by_role("combobox")

    # The answer is on its way: it is given up.
    saisie.fill("Douais")
    with navigateur.expect_request("**/*q=Douais"):
        navigateur.clock.run_for(1_000)
    with navigateur.expect_event("requestfailed"):
        saisie.press("Escape")

    # So it is when the field loses the focus, on the way to the button that a list would cover.
    saisie.fill("Douai")
    with navigateur.expect_request("**/*q=Douai"):
        navigateur.clock.run_for(1_000)
    with navigateur.expect_event("requestfailed"):
        navigateur.get_by_role("button", name="Chercher", exact=True).focus()
    expect(navigateur.get_by_role("listbox")).to_be_hidden()

    # The question is not asked yet: it will not be.
    saisie.fill("Douaisis")
    demandes: list[str] = []
    navigateur.on("request", lambda requete: demandes.append(requete.url))
    saisie.press("Escape")
    navigateur.clock.run_for(1_000)
    assert not [adresse for adresse in demandes if "q=" in adresse]
    expect(navigateur.get_by_role("listbox")).to_be_hidden()
    assert len(retenues) == 2
