"""The press release: true numbers, French typography, four readable formats, and a drawer that nobody reopens."""

import io
import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pdfua
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction
from docx import Document as DocumentWord

from projets.communique import editions
from projets.communique.actions import figer
from projets.communique.annexes import ANNEXES
from projets.communique.contenu import CommuniquePret
from projets.communique.formats import FORMATS
from projets.communique.publies import derniers_chiffres
from projets.communique.redaction import ponctuer
from projets.models import Communique, Industriel
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import PARIS
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Territoire
from tests.fabriques import un_utilisateur
from tests.projets import decor
from tests.projets.chiffres.test_chiffres import RECOMPTES, recompter

AU = decor.RESTITUTION
MAINTENANT = datetime(2023, 8, 29, 9, tzinfo=PARIS)


@pytest.fixture
def pret(db: None) -> CommuniquePret:
    decor.une_annonce()
    return editions.projet(au=AU, maintenant=MAINTENANT)


@pytest.fixture
def attachee() -> Utilisateur:
    return un_utilisateur()


def texte(communique: CommuniquePret) -> str:
    """With plain spaces: what is looked for here are words and numbers."""
    return FORMATS["texte"].fabriquer(communique).decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_la_ponctuation_double_est_insecable() -> None:
    assert ponctuer("« a » : b ; c ! d ? de France 2030") == (
        "«\u00a0a\u00a0»\u00a0: b\u00a0; c\u00a0! d\u00a0? de France\u00a02030"
    )


def test_le_texte_porte_les_nombres_recomptes_en_sql(pret: CommuniquePret) -> None:
    ecrit = texte(pret)
    comptes = {cle: recompter(cle, AU) for cle in RECOMPTES}
    phrases = [
        f"{comptes['nouveaux_laureats']} nouveaux territoires lauréats",
        f"{comptes['territoires_laureats']} territoires lauréats dans une région",
        f"rencontré {comptes['industriels_rencontres']} industriels en mai 2023",
        f"{comptes['projets_recenses']} projets industriels",
        f"près de {comptes['investissements'] // 1_000_000 + 1} millions d’euros d’investissements productifs",
        f"{comptes['creations_potentielles']} créations potentielles d’emplois",
        f"{comptes['projets_orientes']} projets d’investissement structurants ont été orientés",
        f"plus de {comptes['creations_previsionnelles'] // 100 * 100} créations prévisionnelles d’emplois",
        f"enveloppe de {comptes['enveloppe'] // 1_000_000} millions d’euros",
        "La prochaine relève se tiendra le 1er octobre 2023",
    ]
    assert [phrase for phrase in phrases if phrase not in ecrit] == []
    # The two measures of jobs are never added.
    assert str(comptes["creations_potentielles"] + comptes["creations_previsionnelles"]) not in ecrit


def test_aucune_espace_ordinaire_avant_une_ponctuation_double(pret: CommuniquePret) -> None:
    html = FORMATS["html"].fabriquer(pret).decode()
    lus = {
        "texte": FORMATS["texte"].fabriquer(pret).decode(),
        "html": re.sub(r"<[^>]*>", "", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)),
        "docx": _mots_du_docx(FORMATS["docx"].fabriquer(pret)),
        "carte": pret.alternative,
    }
    signes = (" :", " ;", " !", " ?", "« ", " »")
    assert [(format_, signe) for format_, mots in lus.items() for signe in signes if signe in mots] == []


def test_les_nouveaux_laureats_viennent_d_abord_dans_leur_region(pret: CommuniquePret) -> None:
    (laureats,) = pret.contenu.par_region.values()
    assert [laureat.nouveau for laureat in laureats] == [True, True, False]


def test_ce_qui_est_invente_est_dit_dans_chaque_format(db: None) -> None:
    mission = decor.une_annonce()
    mission.demonstration = True
    mission.save()
    pret = editions.projet(au=AU, maintenant=MAINTENANT)
    assert texte(pret).startswith("DONNÉES DE DÉMONSTRATION.")
    assert (
        "Le détail du portefeuille (4 industriels, 6 projets, leurs montants et leurs emplois) est inventé."
        in texte(pret)
    )
    assert "Données de démonstration" in FORMATS["html"].fabriquer(pret).decode()
    assert "Données de démonstration" in _mots_du_docx(FORMATS["docx"].fabriquer(pret))
    assert "oui" in ANNEXES["csv"].fabriquer(pret).decode("utf-8-sig").splitlines()[4]


def _mots_du_docx(contenu: bytes) -> str:
    return "\n".join(paragraphe.text for paragraphe in DocumentWord(io.BytesIO(contenu)).paragraphs)


def test_le_pdf_se_lit_et_se_parcourt_sans_la_vue(pret: CommuniquePret, tmp_path: Path) -> None:
    contenu = FORMATS["pdf"].fabriquer(pret)
    fichier = tmp_path / "communique.pdf"
    fichier.write_bytes(contenu)
    lu = pypdf.PdfReader(io.BytesIO(contenu))
    mots = " ".join(page.extract_text() for page in lu.pages).replace("\u00a0", " ")
    assert "64 créations potentielles" in " ".join(mots.split())
    assert lu.metadata is not None
    assert lu.metadata.title == pret.contenu.titre
    constats = pdfua.validate(str(fichier)).findings
    assert [constat for constat in constats if constat.severity is pdfua.Severity.ERROR] == []
    assert FORMATS["pdf"].fabriquer(pret) == contenu


def test_le_docx_a_des_titres_un_vrai_tableau_et_une_carte_decrite(pret: CommuniquePret) -> None:
    contenu = FORMATS["docx"].fabriquer(pret)
    word = DocumentWord(io.BytesIO(contenu))
    assert [p.text for p in word.paragraphs if p.style and p.style.name == "Heading 1"] == [pret.contenu.titre]
    assert "64\u00a0créations potentielles d’emplois" in _mots_du_docx(contenu)
    (tableau,) = word.tables
    assert len(tableau.rows) == 1 + len(pret.contenu.laureats)
    (image,) = word.inline_shapes
    assert image._inline.docPr.get("descr") == pret.alternative
    assert FORMATS["docx"].fabriquer(pret) == contenu


def test_tout_le_docx_est_dans_une_langue(pret: CommuniquePret) -> None:
    with ZipFile(io.BytesIO(FORMATS["docx"].fabriquer(pret))) as archive:
        lues = {
            langue
            for nom in archive.namelist()
            for dite in re.findall(rb"<w:lang [^>]*>", archive.read(nom))
            for langue in re.findall(rb'w:(?:val|eastAsia)="([^"]+)"', dite)
        }
    assert lues == {b"fr-FR"}


def test_la_page_web_ne_cherche_rien_ailleurs(pret: CommuniquePret) -> None:
    page = FORMATS["html"].fabriquer(pret).decode()
    assert 'src="data:image/svg+xml' in page
    assert [mot for mot in ('src="http', "statique:", "<script", "<link") if mot in page] == []


def test_la_commande_ecrit_les_quatre_formats(pret: CommuniquePret, tmp_path: Path) -> None:
    debuts = {"texte": b"Communiqu", "html": b"<!DOCTYPE html>", "docx": b"PK", "pdf": b"%PDF-1.7"}
    for format_, debut in debuts.items():
        fichier = tmp_path / format_
        call_command("communique", "--au", "2023-08-28", "--format", format_, "-o", str(fichier))
        assert fichier.read_bytes().startswith(debut)


def test_la_commande_explique_ce_qui_ne_va_pas(pret: CommuniquePret, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ajoutez « -o FICHIER »"):
        call_command("communique", "--au", "2023-08-28", "--format", "pdf")
    with pytest.raises(CommandError, match="Impossible d’écrire"):
        call_command("communique", "--au", "2023-08-28", "-o", str(tmp_path / "absent" / "communique.txt"))


def test_les_chiffres_s_ecrivent_en_json(pret: CommuniquePret, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("chiffres", "--au", "2023-08-28", "--format", "json")
    donnees = json.loads(capsys.readouterr().out)
    assert donnees["chiffres"]["projets_recenses"]["valeur"] == recompter("projets_recenses", AU)
    assert len(donnees["chiffres"]["projets_recenses"]["lignes"]) == 6


def test_un_embargo_figure_en_tete(db: None) -> None:
    decor.une_annonce()
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    levee = datetime(2023, 8, 29, 18, tzinfo=PARIS)
    decor.un_laureat(vague, datetime(2023, 8, 28, 12, tzinfo=PARIS), publique_a=levee)
    assert "SOUS EMBARGO jusqu’au 29 août 2023 à 18 h 00" in texte(editions.projet(au=AU, maintenant=MAINTENANT))
    assert "EMBARGO" not in texte(editions.projet(au=AU, maintenant=levee))


def test_un_communique_fige_ne_change_plus_quand_les_donnees_changent(
    pret: CommuniquePret, attachee: Utilisateur
) -> None:
    communique = decor.un_communique(maintenant=MAINTENANT)
    avant = FORMATS["texte"].fabriquer(editions.fige(communique, maintenant=MAINTENANT))
    carte = editions.fige(communique, maintenant=MAINTENANT).contenu.carte
    decor.un_projet(Industriel.objects.earliest("pk"), attachee)
    Territoire.objects.update(nom="Un autre nom")
    relu = Communique.objects.get(pk=communique.pk)
    assert list(editions.fige(relu, maintenant=MAINTENANT).chiffres) == list(pret.chiffres)
    assert FORMATS["texte"].fabriquer(editions.fige(relu, maintenant=MAINTENANT)) == avant
    assert editions.fige(relu, maintenant=MAINTENANT).contenu.carte == carte


@pytest.mark.parametrize("champ", ["chiffres", "contenu", "empreinte", "motif"])
def test_la_base_refuse_de_changer_un_communique_fige(pret: CommuniquePret, attachee: Utilisateur, champ: str) -> None:
    communique = decor.un_communique(maintenant=MAINTENANT)
    with pytest.raises(ProgrammingError, match="permission denied for table"), transaction.atomic():
        Communique.objects.filter(pk=communique.pk).update(**{champ: "autre"})
    with pytest.raises(ProgrammingError, match="permission denied for table"), transaction.atomic():
        communique.delete()


def test_un_rectificatif_est_une_nouvelle_version_motivee(pret: CommuniquePret, attachee: Utilisateur) -> None:
    decor.un_communique(maintenant=MAINTENANT)
    decor.un_projet(Industriel.objects.earliest("pk"), attachee)
    for motif in ("", "x", "Correction", "a b c d e f g h i j"):
        with pytest.raises(RegleEnfreinte, match="dites en une phrase ce qui a changé"):
            figer(au=AU, acteur=attachee, maintenant=MAINTENANT, motif=motif)
    rectificatif = figer(au=AU, acteur=attachee, maintenant=MAINTENANT, motif="Un projet oublié.")
    assert rectificatif.version == 2
    assert "version 2, rectificative – Un projet oublié." in texte(editions.fige(rectificatif, maintenant=MAINTENANT))
    assert EntreeJournal.objects.filter(acte="figer_communique").count() == 1


def test_sans_laureat_annonce_il_n_y_a_rien_a_figer(pret: CommuniquePret, attachee: Utilisateur) -> None:
    with pytest.raises(RegleEnfreinte, match="rien à publier"):
        figer(au=date(2023, 1, 1), acteur=attachee, maintenant=MAINTENANT)


def test_les_chiffres_publies_sont_ceux_du_dernier_communique_hors_embargo(
    pret: CommuniquePret, attachee: Utilisateur
) -> None:
    assert derniers_chiffres(MAINTENANT) == []
    decor.un_communique(maintenant=MAINTENANT)
    decor.un_projet(Industriel.objects.earliest("pk"), attachee)
    assert {c.cle: c.valeur for c in derniers_chiffres(MAINTENANT)}["ensemble_projets_recenses"] == 6
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    levee = MAINTENANT + timedelta(hours=9)
    decor.un_laureat(vague, datetime(2023, 8, 28, 13, tzinfo=PARIS), publique_a=levee)
    decor.un_communique(maintenant=MAINTENANT)
    assert {c.cle: c.valeur for c in derniers_chiffres(MAINTENANT)}["ensemble_projets_recenses"] == 6
    assert {c.cle: c.valeur for c in derniers_chiffres(levee)}["ensemble_projets_recenses"] == 7
