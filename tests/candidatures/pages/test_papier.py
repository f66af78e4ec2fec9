"""The page of the form on paper: downloaded, filled in, previewed, taken; hostile files refused in a sentence."""

import io
import json
import re
import zipfile
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidatures.cahier import Type
from candidatures.cahier.verification import LIGNES_MAX
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions import redaction
from candidatures.dossier.etats import Qualite
from candidatures.dossier.papier import propositions
from candidatures.dossier.papier.forms import ELEMENTS_MAX
from candidatures.dossier.papier.propositions import revisions_de
from rebond.socle.documents.bureautique.texte import BALISES_MAX, TEXTE_MAX
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.requetes import entrees_sur
from tests import fabriques as f
from tests.candidatures.dossier.papier.formulaires import dans_word, repondre
from tests.candidatures.pages.pages import client_de, en_retard, nouveau, page, texte
from tests.outils.fichiers import un_docx, un_odt, un_pdf, un_xlsx, un_zip

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidature():
    return f.une_candidature()


@pytest.fixture
def porteur(candidature):
    return client_de(f.porteur_de(candidature))


def telecharge(client, candidature, format_="docx") -> bytes:
    return client.get(page(f"papier_{format_}", candidature.pk)).getvalue()


def apporter(client, candidature, octets, nom="formulaire.docx"):
    return client.post(page("papier", candidature.pk), {"fichier": SimpleUploadedFile(nom, octets)})


def caches(reponse) -> dict[str, str]:
    """What the preview carries, and what is chosen on it before anybody chooses."""
    lus = re.findall(r'<input type="hidden" name="(lu|revisions)" value="([^"]*)"', texte(reponse))
    choisis = re.findall(r'name="(choix-[^"]+)" value="([^"]+)" checked', texte(reponse))
    return {nom: unescape(valeur) for nom, valeur in [*lus, *choisis]}


def contenu(candidature):
    candidature.refresh_from_db()
    return candidature.contenu


def ecrire(candidature, section, **reponses):
    redaction.enregistrer_section(
        candidature=candidature,
        section=section,
        reponses={**contenu(candidature).get(section, {}), **reponses},
        auteur=f.porteur_de(candidature),
        maintenant=horloge_base(),
    )


@pytest.mark.parametrize("format_", ["docx", "odt"])
def test_un_formulaire_rapporte_tel_quel_ne_change_rien(candidature, porteur, format_):
    avant = contenu(candidature)
    reponse = apporter(porteur, candidature, telecharge(porteur, candidature, format_), f"f.{format_}")
    assert reponse.status_code == 200
    assert "Ce document ne change aucune réponse du dossier." in texte(reponse)
    assert "Ce qui n’a pas été compris" not in texte(reponse)
    assert contenu(candidature) == avant


def test_les_reponses_choisies_arrivent_dans_leurs_rubriques_et_l_apercu_n_enregistre_rien(candidature, porteur):
    avant = contenu(candidature)
    rempli = repondre(
        telecharge(porteur, candidature),
        description="Deux usines ferment.\n\nEt une troisième <b>.",
        emplois_concernes="1 250",
        foncier="Une friche de 3 ha.",
        fonction="Maire",
    )
    vu = apporter(porteur, candidature, rempli)
    assert contenu(candidature) == avant
    assert "Et une troisième &lt;b&gt;." in texte(vu)
    choix = caches(vu)
    assert {nom: valeur for nom, valeur in choix.items() if nom.startswith("choix")} == {
        "choix-choc.description": "document",
        "choix-entreprises.emplois_concernes": "document",
        "choix-projets.foncier": "document",
        "choix-contact.fonction": "document",
    }
    suite = porteur.post(page("papier_reprendre", candidature.pk), choix | {"choix-contact.fonction": "garder"})
    assert (suite.status_code, suite.url) == (302, page("dossier", candidature.pk))
    attendu = json.loads(json.dumps(avant))
    attendu["choc"]["description"] = "Deux usines ferment.\n\nEt une troisième <b>."
    attendu["entreprises"]["emplois_concernes"] = 1250
    attendu["projets"]["foncier"] = "Une friche de 3 ha."
    assert contenu(candidature) == attendu
    acte = entrees_sur(candidature).filter(acte=ActeDuDossier.REPRENDRE_DOCUMENT).get()
    assert acte.details == {"sections": ["choc", "entreprises", "projets"], "reponses": 3}
    assert "3\u00a0réponses du document sont enregistrées dans le brouillon." in texte(porteur.get(suite.url))


def test_un_dossier_ou_rien_n_est_encore_ecrit_recoit_son_premier_document():
    vide = f.une_candidature(complete=False)
    client = client_de(f.porteur_de(vide))
    vu = apporter(client, vide, repondre(telecharge(client, vide), fonction="Maire"))
    assert client.post(page("papier_reprendre", vide.pk), caches(vu)).status_code == 302
    assert contenu(vide) == {"contact": {"fonction": "Maire"}}


def test_ce_que_les_collegues_ont_change_depuis_n_est_jamais_ecrase_sans_un_choix(candidature, porteur):
    """Left as printed in the document: kept. Changed on both sides: the saved answer is chosen until somebody says."""
    imprime = telecharge(porteur, candidature)
    ecrire(candidature, "contact", fonction="Adjointe", nom="B. Durand")
    vu = apporter(porteur, candidature, repondre(imprime, fonction="Maire"))
    choix = caches(vu)
    assert {nom: valeur for nom, valeur in choix.items() if nom.startswith("choix")} == {
        "choix-contact.fonction": "garder"
    }
    assert "A changé sur le portail depuis ce document" in texte(vu)
    porteur.post(page("papier_reprendre", candidature.pk), choix)
    assert contenu(candidature)["contact"]["fonction"] == "Adjointe"
    porteur.post(page("papier_reprendre", candidature.pk), choix | {"choix-contact.fonction": "document"})
    assert contenu(candidature)["contact"]["fonction"] == "Maire"
    assert contenu(candidature)["contact"]["nom"] == "B. Durand"


def test_une_reponse_videe_dans_le_document_reste_tant_que_personne_ne_demande_de_l_effacer(candidature, porteur):
    vu = apporter(porteur, candidature, repondre(telecharge(porteur, candidature), fonction=""))
    assert caches(vu)["choix-contact.fonction"] == "garder"
    assert "Effacer la réponse, comme dans le document" in texte(vu)
    porteur.post(page("papier_reprendre", candidature.pk), caches(vu) | {"choix-contact.fonction": "document"})
    assert "fonction" not in contenu(candidature)["contact"]


def test_une_reponse_changee_pendant_que_l_on_lit_l_apercu_refait_choisir_et_rien_n_est_enregistre(
    candidature, porteur
):
    vu = apporter(
        porteur, candidature, repondre(telecharge(porteur, candidature), fonction="Maire", attentes="Un plan.")
    )
    ecrire(candidature, "contact", fonction="Adjointe")
    avant = contenu(candidature)
    suite = porteur.post(page("papier_reprendre", candidature.pk), caches(vu))
    assert suite.status_code == 409
    assert "a changé sur le portail pendant que vous lisiez cette page" in texte(suite)
    assert contenu(candidature) == avant
    assert caches(suite)["choix-contact.fonction"] == "garder"
    porteur.post(page("papier_reprendre", candidature.pk), caches(suite) | {"choix-contact.fonction": "document"})
    assert contenu(candidature)["contact"]["fonction"] == "Maire"
    assert contenu(candidature)["mission"]["attentes"] == "Un plan."


def test_ce_que_le_formulaire_refuserait_est_dit_avec_son_motif_et_n_est_pas_repris(candidature, porteur):
    rempli = repondre(telecharge(porteur, candidature), emplois_concernes="beaucoup", courriel="mairie", fonction="M.")
    vu = apporter(porteur, candidature, rempli)
    cellule = r"<t[hd]\b[^>]*>(.*?)</t[hd]>"
    lignes = re.findall(rf'<tr[^>]*>(?=<th[^>]*scope="row"){cellule * 3}</tr>', texte(vu))
    assert [(ou, dit) for ou, dit, _ in lignes] == [
        ("Emplois directs supprimés ou menacés", "beaucoup"),
        ("Adresse e-mail", "mairie"),
    ]
    assert "Il faut un seul nombre entier" in lignes[0][2]
    porteur.post(page("papier_reprendre", candidature.pk), caches(vu))
    assert contenu(candidature)["entreprises"]["emplois_concernes"] == 120
    assert contenu(candidature)["contact"]["fonction"] == "M."


def _entite(octets: bytes) -> bytes:
    """A document that would read a file of the server into an answer."""
    xml = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return dans_word(octets, ("<w:document", f"{xml}<w:document"), ("<w:t>Directrice</w:t>", "<w:t>&e;</w:t>"))


def _bombe(octets: bytes) -> bytes:
    """Some kilobytes that become more than is read of any text."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as lu, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as ecrit:
        for nom in lu.namelist():
            partie = lu.read(nom)
            if nom == "word/document.xml":
                partie = partie.replace(b"Directrice", b"D" * (TEXTE_MAX + 1))
            ecrit.writestr(nom, partie)
    return sortie.getvalue()


def _foisonnant(octets: bytes) -> bytes:
    """Few bytes, and more marks than any text has."""
    return dans_word(octets, ("<w:sectPr", f"{'<w:p/>' * BALISES_MAX}<w:sectPr"))


@pytest.mark.parametrize(
    ("faire", "dit"),
    [
        (_foisonnant, "trop complexe pour être ouvert"),
        (_entite, "abîmé"),
        (_bombe, "trop complexe pour être ouvert"),
        (lambda octets: dans_word(octets, ("</w:body>", "")), "abîmé"),
        (lambda octets: octets[: len(octets) // 2], "Word"),
        (lambda _octets: un_odt(Basic__Standard__Module1_xml="<x/>"), "macros"),
        (lambda _octets: un_odt(**{"META-INF__manifest_xml": "<encryption-data/>"}), "mot de passe"),
        (lambda _octets: un_pdf(), "Ce fichier est un PDF"),
        (lambda _octets: un_xlsx(), "Ce fichier est un tableur"),
        (lambda _octets: un_zip({"a": "b"}), "Formats acceptés"),
        (lambda _octets: b"", "Ce fichier est vide"),
        (lambda _octets: un_odt(), "abîmé"),
    ],
)
def test_un_fichier_hostile_ou_abime_est_refuse_d_une_phrase(candidature, porteur, faire, dit):
    avant = contenu(candidature)
    reponse = apporter(porteur, candidature, faire(telecharge(porteur, candidature)))
    assert reponse.status_code in {200, 409}
    assert dit in texte(reponse)
    assert "Réponses du document" not in texte(reponse)
    assert contenu(candidature) == avant


def test_un_document_word_qui_n_est_pas_un_formulaire_ne_change_rien_et_le_dit(candidature, porteur):
    reponse = apporter(porteur, candidature, un_docx())
    assert reponse.status_code == 200
    assert "Ce document ne change aucune réponse du dossier." in texte(reponse)
    assert "Ce qui n’est pas dans le document" in texte(reponse)


def lu_avec(brut: object) -> str:
    return json.dumps({"reponses": {"choc": {"filieres": [None, brut]}}, "rejets": [], "ailleurs": []})


TROP = [{"nom": "", "effectif": ""}] * (ELEMENTS_MAX + 1)
ALTEREES = [
    *("", "pas du JSON", "{}", "[]"),
    '{"reponses": {"choc": 3}, "rejets": [], "ailleurs": []}',
    *(lu_avec(brut) for brut in ([1], [["a"]], [{"nom": 1}], [{"nom": ["a", 1]}], [None])),
    *(lu_avec(trop) for trop in (TROP, ["a"] * len(TROP), [{"nom": ["a"] * len(TROP)}])),
    json.dumps({"reponses": {}, "rejets": [["", "", ""]] * len(TROP), "ailleurs": []}),
    *("[" * 50_000, '{"a": ' * 50_000),
]
NOMS = [str(rang) for rang in range(len(ALTEREES))]


@pytest.mark.parametrize("lu", ALTEREES, ids=NOMS)
def test_une_page_d_apercu_alteree_est_refusee_sans_rien_changer(candidature, porteur, lu):
    avant = contenu(candidature)
    reponse = porteur.post(page("papier_reprendre", candidature.pk), {"lu": lu, "revisions": "{}"})
    assert reponse.status_code == 409
    assert "La page reçue était incomplète" in texte(reponse)
    assert contenu(candidature) == avant


def test_une_page_d_apercu_qui_nomme_une_question_inconnue_ne_change_rien(candidature, porteur):
    avant = contenu(candidature)
    lu = json.dumps({"reponses": {"choc": {"inconnue": [None, "x"]}}, "rejets": [], "ailleurs": []})
    revisions = json.dumps(revisions_de(candidature))
    assert (
        porteur.post(page("papier_reprendre", candidature.pk), {"lu": lu, "revisions": revisions}).status_code == 302
    )
    assert contenu(candidature) == avant


def test_aucun_document_n_apporte_plus_de_lignes_que_le_formulaire_n_en_lit(candidature, porteur, monkeypatch):
    """Whatever the page carries, the form of a block is asked of one row more than it takes."""
    demandees = []
    bloc = next(q for section in candidature.cahier.cahier.sections for q in section.saisies if q.type is Type.BLOC)
    section = next(s for s in candidature.cahier.cahier.sections if bloc in s.saisies)
    posee = propositions.donnees_de

    def compter(*arguments):
        donnees = posee(*arguments)
        demandees.append(int(donnees.get(f"{bloc.cle}-TOTAL_FORMS", 0)))
        return donnees

    monkeypatch.setattr(propositions, "donnees_de", compter)
    rangees = [{champ.cle: "a" for champ in bloc.champs}] * (ELEMENTS_MAX - 1)
    lu = json.dumps({"reponses": {section.cle: {bloc.cle: [None, rangees]}}, "rejets": [], "ailleurs": []})
    revisions = json.dumps(revisions_de(candidature))
    avant = contenu(candidature)
    assert (
        porteur.post(page("papier_reprendre", candidature.pk), {"lu": lu, "revisions": revisions}).status_code == 302
    )
    assert demandees == [bloc.maximum + 1]
    assert contenu(candidature) == avant
    assert LIGNES_MAX < ELEMENTS_MAX


def test_ce_qu_aucun_texte_ne_contient_ne_passe_pas_non_plus_par_une_page_alteree(candidature, porteur):
    """A lone surrogate goes neither into a page nor into Postgres; a NUL neither."""
    lu = json.dumps(
        {
            "reponses": {"contact": {"fonction": [0, "Mai\ud800re\0"]}},
            "rejets": [["\ud800", "a\0", "b"]],
            "ailleurs": ["\udfff"],
        }
    )
    revisions = json.dumps(revisions_de(candidature))
    envoi = {"lu": lu, "revisions": "{}", "choix-contact.fonction": "document"}
    assert porteur.post(page("papier_reprendre", candidature.pk), envoi).status_code == 409
    suite = porteur.post(page("papier_reprendre", candidature.pk), envoi | {"revisions": revisions})
    assert suite.status_code == 302
    assert contenu(candidature)["contact"]["fonction"] == "Maire"


def test_un_lecteur_telecharge_et_n_apporte_rien_et_apres_l_echeance_personne(candidature, porteur):
    rempli = repondre(telecharge(porteur, candidature), fonction="Maire")
    lecteur = nouveau(candidature, Qualite.LECTEUR)
    assert telecharge(lecteur, candidature).startswith(b"PK")
    assert "Document rempli" not in texte(lecteur.get(page("papier", candidature.pk)))
    assert apporter(lecteur, candidature, rempli).status_code == 409
    choix = caches(apporter(porteur, candidature, rempli))
    assert lecteur.post(page("papier_reprendre", candidature.pk), choix).status_code == 409
    en_retard(candidature)
    assert apporter(porteur, candidature, rempli).status_code == 409
    refus = porteur.post(page("papier_reprendre", candidature.pk), choix)
    assert refus.status_code == 409
    assert contenu(candidature)["contact"]["fonction"] == "Directrice"


def test_le_nombre_de_requetes_de_l_apercu_ne_depend_pas_de_ce_que_le_document_change(candidature, porteur):
    imprime = telecharge(porteur, candidature)
    for section in contenu(candidature):
        ecrire(candidature, section, essai="")
    tailles = []
    for reponses in ({"fonction": "Maire"}, dict.fromkeys(("fonction", "nom", "attentes", "projets"), "Autre")):
        rempli = repondre(imprime, **reponses)
        with CaptureQueriesContext(
            connection,
        ) as lues:
            assert apporter(porteur, candidature, rempli).status_code == 200
        tailles.append(len(lues))
    assert tailles[0] == tailles[1]
