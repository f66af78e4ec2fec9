"""The model to sign, filled in with what the file knows."""

import io
import re
import zipfile
from pathlib import Path

import docx
import odfdo
import pdfua
import pytest
from pypdf import PdfReader

from candidatures.dossier.etats import NatureMembre
from candidatures.dossier.groupement.mandat_bureautique import FormatDeModele, en_bureautique, paragraphes
from candidatures.dossier.groupement.modele_mandat import Collectivite, Mandat, en_html, en_pdf, mandat_de
from candidatures.models import Membre
from rebond.socle.documents.ouverture import examiner
from rebond.socle.texte.typographie import instant_fr, siren_fr
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


def mots(octets: bytes, format_: FormatDeModele) -> list[str]:
    """The paragraphs of a document, as its own library reads them back."""
    if format_ is FormatDeModele.DOCX:
        return [paragraphe.text for paragraphe in docx.Document(io.BytesIO(octets)).paragraphs if paragraphe.text]
    corps = odfdo.Document(io.BytesIO(octets)).body
    return [element.inner_text for element in corps.children if element.inner_text]


@pytest.mark.parametrize("format_", FormatDeModele)
def test_le_modele_a_ecrire_dit_mot_pour_mot_celui_du_pdf(groupement, format_):
    candidature, membres, second = groupement
    mandat = mandat_de(candidature, membres, second)
    dits = mots(en_bureautique(mandat, format_), format_)
    du_pdf = " ".join(PdfReader(io.BytesIO(en_pdf(mandat))).pages[0].extract_text().split())
    assert dits == [paragraphe.texte for paragraphe in paragraphes(mandat)]
    assert dits[2] == "Délibération donnant mandat au chef de file pour l’appel «\u00a0Rebond industriel\u00a0»"
    assert f"SIREN {siren_fr(second.siren)}" in dits
    for dit in dits:
        debut = " ".join(dit.partition("……")[0].split())
        assert debut.replace(" ", "") in du_pdf.replace(" ", "").replace("\u00a0", ""), dit
    assert sum(dit.count("……") > 0 for dit in dits) == 6


@pytest.mark.parametrize("format_", FormatDeModele)
def test_le_modele_a_ecrire_est_recu_comme_piece_et_dit_sa_langue(groupement, format_):
    candidature, membres, _ = groupement
    octets = en_bureautique(mandat_de(candidature, membres), format_)
    examen = examiner(io.BytesIO(octets))
    assert (examen.contenu, examen.refus) == (format_.contenu, "")
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        styles = archive.read("word/styles.xml" if format_ is FormatDeModele.DOCX else "styles.xml").decode()
    langues = set(re.findall(r'w:lang w:val="([\w-]+)"|fo:language="(\w+)"', styles))
    assert langues == {("fr-FR", "")} if format_ is FormatDeModele.DOCX else {("", "fr")}


@pytest.mark.parametrize("format_", FormatDeModele)
def test_chaque_membre_telecharge_le_sien_et_personne_celui_d_un_autre_dossier(groupement, format_):
    candidature, _, second = groupement
    porteur = client_de(f.porteur_de(candidature))
    recu = porteur.get(page(f"modele_{format_}_membre", candidature.pk, second.pk))
    assert recu["Content-Type"] == format_.contenu.value
    assert f"modele-mandat-{second.siren}.{format_}" in recu["Content-Disposition"]
    assert "CC de la Vallée" in " ".join(mots(recu.content, format_))
    ailleurs = f.une_candidature(vague=candidature.vague, complete=False).membres.get()
    assert porteur.get(page(f"modele_{format_}_membre", candidature.pk, ailleurs.pk)).status_code == 404
    pieces = porteur.get(page("pieces", candidature.pk)).content.decode()
    assert page(f"modele_{format_}_membre", candidature.pk, second.pk) in pieces
