"""What a mayor and another authority do without an account, by a link: in Chromium, on a phone, by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from candidatures.dossier.etats import GenreDeLien
from candidatures.models import Accord, Candidature, PieceJointe
from tests import fabriques as f
from tests.candidatures.depot.accords.test_accords import un_dossier_complet
from tests.candidatures.dossier.liens.outils import adresse, un_groupement, un_lien
from tests.navigateur.dossier.test_parcours_porteur import se_connecter
from tests.outils.accessibilite import controler
from tests.outils.gestes import cocher

pytestmark = pytest.mark.django_db(transaction=True)


def test_le_maire_lit_le_dossier_par_un_lien_que_l_on_annule(navigateur: Page, telephone: Page) -> None:
    porteur = f.un_utilisateur("porteur@example.fr", mot_de_passe=f.MOT_DE_PASSE)
    candidature = f.une_candidature(porteur=porteur)
    se_connecter(navigateur, porteur.email)
    navigateur.goto(f"/candidatures/{candidature.pk}/partager/")
    controler(navigateur)
    navigateur.get_by_label("Pour qui est ce lien").focus()
    navigateur.keyboard.type("Mme la maire")
    navigateur.keyboard.press("Enter")
    expect(navigateur.get_by_label("Lien pour Mme la maire")).to_be_visible()
    controler(navigateur)
    lien = navigateur.get_by_label("Lien pour Mme la maire").input_value()
    chemin = f"/liens/{lien.partition('/liens/')[2]}"
    telephone.goto(chemin)
    expect(telephone.get_by_text("Une usine ferme.")).to_be_visible()
    controler(telephone)
    navigateur.get_by_role("button", name="Annuler ce lien pour Mme la maire").press("Enter")
    expect(navigateur.get_by_text("il n’ouvre plus rien")).to_be_visible()
    telephone.reload()
    expect(telephone.get_by_role("heading", name="Ce lien n’ouvre rien")).to_be_visible()
    controler(telephone)


def test_une_collectivite_signe_et_envoie_son_document_sans_compte(telephone: Page, navigateur: Page) -> None:
    """Forms are sent from pages that tell their address to the portal alone: it must still know them for its own."""
    candidature, membre = un_dossier_complet()
    _, jeton = un_lien(GenreDeLien.ACCORD, candidature, membre)
    telephone.goto(adresse(jeton))
    controler(telephone)
    telephone.get_by_role("button", name="Donner le bon pour dépôt").press("Enter")
    expect(telephone.get_by_text("Cochez la case").first).to_be_visible()
    controler(telephone)
    telephone.get_by_label("Votre nom").fill("Odile Maire")
    telephone.get_by_label("Votre fonction").fill("présidente")
    cocher(telephone.get_by_label("J’ai lu cette version"))
    telephone.get_by_role("button", name="Donner le bon pour dépôt").press("Enter")
    expect(telephone.get_by_text("Votre bon pour dépôt est enregistré")).to_be_visible()
    controler(telephone)
    assert Accord.objects.get().signataire == "Odile Maire"
    se_connecter(navigateur, _avec_mot_de_passe(candidature))
    navigateur.goto(f"/candidatures/{candidature.pk}/accords/")
    expect(navigateur.get_by_text("Odile Maire, présidente")).to_be_visible()
    controler(navigateur)

    incomplet, autre = un_groupement(vague=candidature.vague)
    _, jeton = un_lien(GenreDeLien.PIECE, incomplet, autre)
    telephone.goto(adresse(jeton))
    controler(telephone)
    telephone.locator("input[type=file]").set_input_files(
        {"name": "deliberation.pdf", "mimeType": "application/pdf", "buffer": f.PDF + b"\n%3"}
    )
    telephone.get_by_role("button", name="Joindre ce fichier").press("Enter")
    expect(telephone.get_by_text("Votre fichier est reçu")).to_be_visible()
    controler(telephone)
    assert PieceJointe.objects.filter(membre=autre).count() == 1


def _avec_mot_de_passe(candidature: Candidature) -> str:
    porteur = f.porteur_de(candidature)
    porteur.set_password(f.MOT_DE_PASSE)
    porteur.save(update_fields=["password"])
    return porteur.email
