"""The printed procès-verbal: what it says, and that it is made once."""

from dataclasses import replace
from datetime import datetime

import pytest
from pdfua import Severity, validate

from candidatures.cloture.actions.impressions import imprimer
from candidatures.cloture.proces_verbal.document import DepotImprime, Edition, Mention, edition_de, en_html, en_pdf
from candidatures.models import ImpressionProcesVerbal, ProcesVerbal
from candidatures.tasks import fabriquer_proces_verbaux_en_attente
from rebond.socle.documents.stockage import lire
from rebond.socle.horloge.temps import PARIS
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.cloture.proces_verbaux import un_proces_verbal_de_format_1
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de

MIDI = datetime(2026, 6, 1, 12, tzinfo=PARIS)
EDITION = Edition(
    titre="Procès-verbal de clôture de la vague 14",
    vague=14,
    ouverture=datetime(2026, 2, 1, 12, tzinfo=PARIS),
    cloture=MIDI,
    echeance=MIDI,
    etabli_le=datetime(2026, 6, 1, 12, 1, 5, tzinfo=PARIS),
    regle="La réception fait foi.",
    depots=(
        DepotImprime(
            numero="R14-0042-1",
            territoire="Vallée d’Essai",
            recu_le=datetime(2026, 6, 1, 11, 59, 59, 999_999, tzinfo=PARIS),
            enregistre_le=datetime(2026, 6, 1, 12, 0, 2, tzinfo=PARIS),
            empreinte="ab" * 32,
            pieces=(("délibération <2026>.pdf", "cd" * 32),),
        ),
    ),
    brouillons=(("R14-0043", "Mesnil des Retardataires"),),
    mentions=(Mention("Incident", (("description", "Le portail n’a pas répondu."),)),),
    pieces=1,
    lignes=4,
    empreinte="ef" * 32,
    precedent="01" * 32,
    adresse="https://rebond.exemple.fr/instruction/vagues/14/proces-verbal/1/",
    demonstration=False,
    detaillee=True,
    listee=True,
)


def test_il_dit_la_vague_la_regle_les_depots_les_brouillons_et_les_incidents():
    html = en_html(EDITION)
    for attendu in (
        "La réception fait foi.",
        "1er\u00a0juin\u00a02026 à 12:00:00 (heure de Paris)",
        "1er\u00a0juin\u00a02026 à 11:59:59",
        "1er\u00a0juin\u00a02026 à 12:00:02",
        "R14-0042-1",
        "Vallée d’Essai",
        "R14-0043 – Mesnil des Retardataires",
        "Le portail n’a pas répondu.",
        "délibération &lt;2026&gt;.pdf",
        "ab" * 32,
        "cd" * 32,
        "ef" * 32,
        "01" * 32,
        "RFC 9162",
        "verifier_pv",
        "https://rebond.exemple.fr/instruction/vagues/14/proces-verbal/1/",
    ):
        assert attendu in html
    assert "démonstration" not in html


def test_des_donnees_de_demonstration_le_disent_sur_chaque_page():
    assert en_html(replace(EDITION, demonstration=True)).count("Données de démonstration") == 2


def test_une_grande_vague_renvoie_au_json_pour_les_empreintes_puis_pour_les_listes():
    grande = en_html(replace(EDITION, detaillee=False))
    assert "cd" * 32 not in grande
    assert "R14-0042-1" in grande
    assert "leurs empreintes entières sont dans le procès-verbal au format JSON" in grande
    immense = en_html(replace(EDITION, detaillee=False, listee=False))
    assert "R14-0042-1" not in immense
    assert "ef" * 32 in immense


def test_c_est_un_pdf_accessible_et_toujours_le_meme(tmp_path):
    fichier = tmp_path / "pv.pdf"
    fichier.write_bytes(en_pdf(EDITION))
    constats = validate(str(fichier)).findings
    assert [constat for constat in constats if constat.severity is Severity.ERROR] == []
    assert en_pdf(EDITION) == fichier.read_bytes()


@pytest.mark.django_db
class TestImpression:
    def test_il_s_imprime_une_fois_et_se_telecharge(self):
        vague, (dossier, _) = une_vague_close(None, None)
        client = client_de(f.un_agent(Role.VALIDEUR))
        page = f"/instruction/vagues/{vague.numero}/proces-verbal/1/"
        assert "en cours de préparation" in client.get(page).content.decode()
        assert client.get(f"{page}proces-verbal.pdf").status_code == 404

        fabriquer_proces_verbaux_en_attente()
        imprime = ImpressionProcesVerbal.objects.get()
        assert imprimer(proces_verbal_id=imprime.proces_verbal_id) == imprime

        assert client.get(f"{page}proces-verbal.pdf").getvalue() == lire(imprime.document)
        assert f"{page}proces-verbal.pdf" in client.get(page).content.decode()
        assert client_de(f.porteur_de(dossier)).get(f"{page}proces-verbal.pdf").status_code == 404

    def test_il_dit_ce_que_disent_ses_lignes(self):
        vague, dossiers = une_vague_close(None, None, noms=["Vallée d’Essai", "Plaine d’Essai"])
        acte = vague.proces_verbal
        edition = edition_de(acte)
        depots = [dossier.depots.get() for dossier in dossiers]
        assert [(d.numero, d.territoire, d.recu_le, d.empreinte) for d in edition.depots] == [
            (depot.numero, dossier.territoire.nom, depot.recu_le, depot.empreinte)
            for depot, dossier in zip(depots, dossiers, strict=True)
        ]
        assert (edition.pieces, edition.lignes, edition.empreinte) == (2, 3, acte.empreinte)

    def test_celui_d_avant_les_lignes_ne_s_imprime_pas(self):
        depot = f.un_depot()
        ancien = un_proces_verbal_de_format_1(depot)
        assert imprimer(proces_verbal_id=ancien.pk) is None
        assert not ProcesVerbal.objects.a_imprimer().exists()
