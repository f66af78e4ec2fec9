"""The model to sign, filled in with what the file knows."""

from pathlib import Path

import pdfua
import pytest
from pypdf import PdfReader

from candidatures.dossier.etats import NatureMembre
from candidatures.dossier.groupement.modele_mandat import Collectivite, Mandat, en_html, en_pdf, mandat_de
from candidatures.models import Membre
from rebond.socle.texte.typographie import instant_fr
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def groupement():
    candidature = f.une_candidature(complete=False)
    second = Membre.objects.create(candidature=candidature, epci=f.un_epci("CC de la Vallée"))
    return candidature, list(candidature.membres.all()), second


def test_ce_que_le_dossier_sait_est_rempli(groupement):
    candidature, membres, second = groupement
    chef = membres[0]
    le_chef = Collectivite(chef.nom, chef.siren)
    assert mandat_de(candidature, membres, second) == Mandat(
        collectivite=Collectivite("CC de la Vallée", second.siren, NatureMembre.EPCI),
        chef_de_file=le_chef,
        autres=(Collectivite("CC de la Vallée", second.siren),),
        territoire=candidature.territoire.nom,
        reference=candidature.reference,
        vague=candidature.vague.numero,
        cloture=candidature.vague.cloture,
        demonstration=False,
    )
    assert mandat_de(candidature, membres).collectivite == le_chef
    assert mandat_de(candidature, []).collectivite == le_chef


def test_le_chef_de_file_autorise_et_les_autres_donnent_mandat(groupement):
    candidature, membres, second = groupement
    du_chef = en_html(mandat_de(candidature, membres))
    du_membre = en_html(mandat_de(candidature, membres, second))

    assert "Délibération autorisant le dépôt" in du_chef
    assert "est le chef de file du groupement qu’elle forme avec\u00a0: CC de la Vallée" in du_chef
    assert f"Mandat est donné à {membres[0].nom}" in du_membre
    for html in (du_chef, du_membre):
        assert candidature.reference in html
        assert instant_fr(candidature.vague.cloture) in html
        assert "Données de démonstration" not in html


def test_un_territoire_seul_porte_seul_sa_candidature():
    candidature = f.une_candidature(complete=False)
    assert "porte seule cette candidature" in en_html(mandat_de(candidature, list(candidature.membres.all())))


def test_une_demonstration_le_dit(groupement):
    candidature, membres, _ = groupement
    candidature.demonstration = True
    html = en_html(mandat_de(candidature, membres))
    assert "<strong>Données de démonstration.</strong>" in html
    assert 'content: "Données de démonstration – Modèle' in html


def test_le_pdf_est_accessible_et_tient_sur_une_page(groupement, tmp_path: Path, caplog):
    candidature, membres, second = groupement
    fichier = tmp_path / "modele.pdf"
    fichier.write_bytes(en_pdf(mandat_de(candidature, membres, second)))

    constats = pdfua.validate(str(fichier)).findings
    assert [constat for constat in constats if constat.severity is pdfua.Severity.ERROR] == []
    assert len(PdfReader(fichier).pages) == 1
    assert caplog.records == []


def test_chaque_membre_telecharge_le_sien(groupement):
    candidature, membres, second = groupement
    porteur = client_de(f.porteur_de(candidature))
    for adresse, nom in (
        (page("modele_mandat", candidature.pk), f"modele-deliberation-{membres[0].siren}.pdf"),
        (page("modele_mandat_membre", candidature.pk, membres[0].pk), f"modele-deliberation-{membres[0].siren}.pdf"),
        (page("modele_mandat_membre", candidature.pk, second.pk), f"modele-mandat-{second.siren}.pdf"),
    ):
        reponse = porteur.get(adresse)
        assert (reponse["Content-Type"], reponse["Content-Disposition"]) == (
            "application/pdf",
            f'attachment; filename="{nom}"',
        )
        assert reponse.content.startswith(b"%PDF-")


def test_le_membre_d_un_autre_dossier_n_a_pas_de_modele_ici(groupement):
    candidature, _, _ = groupement
    autre = f.une_candidature(vague=candidature.vague, complete=False)
    adresse = page("modele_mandat_membre", candidature.pk, autre.membres.get().pk)
    assert client_de(f.porteur_de(candidature)).get(adresse).status_code == 404
