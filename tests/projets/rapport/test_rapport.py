"""Mission reports: one result whatever happens to the workers, figures frozen with the PDF."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pdfua
import pypdf
import pytest
from django.db import ProgrammingError, transaction

from projets.models import Mission, Projet, Rapport
from projets.portefeuille.etats import EtatProjet, NatureProjet
from projets.rapport import actions as rapports
from projets.rapport.dessins import Barre, barres_svg, dessiner
from projets.rapport.etats import EtatRapport
from projets.rapport.impression import Etape, en_html, imprimer
from projets.rapport.modele import assembler
from projets.tasks import fabriquer_rapports_en_attente
from rebond.socle.documents import stockage as documents
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from tests.fabriques import un_utilisateur
from tests.projets import decor

pytestmark = pytest.mark.django_db

CONNU_LE = datetime(2023, 10, 5, 9, 30, tzinfo=UTC)
AU = decor.RESTITUTION


@pytest.fixture
def mission() -> Mission:
    return decor.une_annonce()


@pytest.fixture
def consultante() -> Utilisateur:
    return un_utilisateur()


@pytest.fixture
def rapport(mission: Mission, consultante: Utilisateur) -> Rapport:
    return rapports.demander_rapport(mission=mission, au=AU, acteur=consultante)


@pytest.fixture
def remis_en_file(django_capture_on_commit_callbacks: Any) -> Callable[[], int]:
    """Runs the sweep and says how many messages it sends."""

    def balayer() -> int:
        with django_capture_on_commit_callbacks() as messages:
            fabriquer_rapports_en_attente()
        return len(messages)

    return balayer


def test_le_rapport_se_fabrique_fige_ses_chiffres_et_se_lit(rapport: Rapport, tmp_path: Any) -> None:
    fait = rapports.fabriquer(rapport_id=rapport.pk, maintenant=horloge_base())
    assert fait is not None
    rapport.refresh_from_db()
    assert (rapport.etat, rapport.avancement, rapport.erreur) == (EtatRapport.PRET, 100, "")
    assert rapport.chiffres is not None
    assert rapport.chiffres["chiffres"]["investissements"]["valeur"] == 10_840_000
    assert rapport.document is not None
    contenu = documents.lire(rapport.document)
    lu = pypdf.PdfReader(io.BytesIO(contenu))
    mots = " ".join(" ".join(page.extract_text() for page in lu.pages).replace("\u00a0", " ").split())
    for attendu in ("Rapport de mission", "Usine 3", "304 emplois", "L’emploi et les compétences", "Page 2 sur"):
        assert attendu in mots
    fichier = tmp_path / "rapport.pdf"
    fichier.write_bytes(contenu)
    constats = pdfua.validate(str(fichier)).findings
    assert [constat for constat in constats if constat.severity is pdfua.Severity.ERROR] == []


def test_un_rapport_pret_ne_se_refait_ni_ne_se_change(rapport: Rapport) -> None:
    assert rapports.fabriquer(rapport_id=rapport.pk, maintenant=horloge_base()) is not None
    rapport.refresh_from_db()
    document = rapport.document_id
    assert rapports.fabriquer(rapport_id=rapport.pk, maintenant=horloge_base()) is None
    rapport.refresh_from_db()
    assert rapport.document_id == document
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Rapport.objects.filter(pk=rapport.pk).update(chiffres={})


def test_un_ouvrier_vivant_garde_son_rapport_un_ouvrier_mort_le_laisse(
    rapport: Rapport, remis_en_file: Callable[[], int]
) -> None:
    maintenant = horloge_base()
    assert rapports._reserver(rapport.pk, maintenant) is not None
    assert rapports._reserver(rapport.pk, maintenant) is None
    assert remis_en_file() == 0
    silence = maintenant - rapports.SILENCE_MAX - timedelta(seconds=1)
    Rapport.objects.filter(pk=rapport.pk).update(signe_de_vie=silence)
    assert remis_en_file() == 1
    assert rapports._reserver(rapport.pk, maintenant) is not None


def test_un_rapport_dont_le_message_est_perdu_est_remis_en_file(
    rapport: Rapport, remis_en_file: Callable[[], int]
) -> None:
    assert remis_en_file() == 1


def test_un_seul_rapport_se_fabrique_a_la_fois(rapport: Rapport, consultante: Utilisateur) -> None:
    with pytest.raises(RegleEnfreinte, match="déjà en cours"):
        rapports.demander_rapport(mission=rapport.mission, au=AU, acteur=consultante)


def test_un_rapport_d_avant_la_mission_est_refuse(mission: Mission, consultante: Utilisateur) -> None:
    with pytest.raises(RegleEnfreinte, match="n’avait pas commencé"):
        rapports.demander_rapport(mission=mission, au=date(2023, 4, 2), acteur=consultante)


def test_un_echec_s_explique_et_se_relance(rapport: Rapport, consultante: Utilisateur) -> None:
    epci = rapport.mission.labellisations.get().territoire.chef_de_file
    lieux = list(epci.departements.all())
    # Nowhere to put it on the map: the drawing fails.
    epci.departements.clear()
    rapports.fabriquer(rapport_id=rapport.pk, maintenant=horloge_base())
    rapport.refresh_from_db()
    assert rapport.etat == EtatRapport.ECHEC
    assert f"rapport n° {rapport.pk}" in rapport.erreur
    epci.departements.set(lieux)
    rapports.relancer(rapport=rapport, acteur=consultante, maintenant=horloge_base())
    assert rapports.fabriquer(rapport_id=rapport.pk, maintenant=horloge_base()) is not None
    rapport.refresh_from_db()
    assert (rapport.etat, rapport.erreur) == (EtatRapport.PRET, "")


def test_le_rapport_dit_ce_qui_etait_vrai_a_sa_date(rapport: Rapport, consultante: Utilisateur) -> None:
    industriel = rapport.mission.industriels.earliest("pk")
    decor.un_projet(industriel, consultante, recense_le=AU + timedelta(days=1))
    modele = assembler(rapport, connu_le=CONNU_LE)
    assert len(modele.projets) == 6
    (suivi,) = modele.enveloppes
    assert (suivi.accorde, suivi.reste) == (0, 5_000_000)
    rapport.au = date(2023, 9, 27)
    modele = assembler(rapport, connu_le=CONNU_LE)
    assert len(modele.projets) == 7
    (suivi,) = modele.enveloppes
    assert (suivi.accorde, suivi.reste) == (250_000, 4_750_000)


def test_un_projet_abandonne_se_dit_abandonne_a_partir_de_ce_jour(rapport: Rapport) -> None:
    projet = rapport.mission.projets.filter(enveloppe__isnull=False, concours=None).get()
    Projet.objects.filter(pk=projet.pk).update(
        etat=EtatProjet.ABANDONNE, abandonne_le=date(2023, 9, 15), abandon="Autre site retenu"
    )

    def suite(au: date) -> str:
        rapport.au = au
        (ligne,) = [ligne for ligne in assembler(rapport, connu_le=CONNU_LE).projets if ligne.projet == projet]
        return ligne.suite

    assert suite(date(2023, 9, 14)) == "Enveloppe d’aides de la mission"
    assert suite(date(2023, 9, 15)) == "Abandonné le 15\u00a0septembre\u00a02023"


def test_il_dit_jusqu_a_quand_les_donnees_etaient_connues(rapport: Rapport) -> None:
    rapport.au = date(2023, 6, 1)
    rapport.mission.restituee_le, rapport.mission.fin = None, date(2023, 7, 31)
    html = en_html(assembler(rapport, connu_le=CONNU_LE))
    assert "ce qui avait eu lieu au 1er\u00a0juin\u00a02023 inclus" in html
    assert f"saisies jusqu’au {instant_fr(CONNU_LE)} (heure de Paris)" in html
    assert "telles qu’elles étaient" not in html
    assert "dont la fin est prévue le 31\u00a0juillet\u00a02023" in html


def test_les_memes_donnees_font_les_memes_octets(rapport: Rapport) -> None:
    etapes: list[Etape] = []
    premiere = imprimer(rapport, etapes.append, connu_le=CONNU_LE)
    assert imprimer(rapport, etapes.append, connu_le=CONNU_LE) == premiere
    avancements = [etape.avancement for etape in etapes]
    assert avancements[:4] == sorted(avancements[:4])


def test_les_natures_se_partagent_les_chiffres_exactement(rapport: Rapport, consultante: Utilisateur) -> None:
    industriel = rapport.mission.industriels.earliest("pk")
    decor.un_projet(industriel, consultante, nature=NatureProjet.NUMERIQUE, investissement=50_000_000, potentiels=3)
    modele = assembler(rapport, connu_le=CONNU_LE)
    assert [part.nature for part in modele.natures] == [NatureProjet.NUMERIQUE.label, NatureProjet.CAPACITE.label]
    assert sum(part.investissements.quantite for part in modele.natures) == modele.chiffres["investissements"].valeur
    assert sum(part.creations.quantite for part in modele.natures) == modele.chiffres["creations_potentielles"].valeur


def test_un_total_partiel_se_dit_partout_ou_il_s_imprime(rapport: Rapport, consultante: Utilisateur) -> None:
    industriel = rapport.mission.industriels.earliest("pk")
    decor.un_projet_sans_estimation(industriel)
    decor.un_projet(industriel, consultante, nature=NatureProjet.NUMERIQUE)
    modele = assembler(rapport, connu_le=CONNU_LE)
    html = en_html(modele).replace("\u00a0", " ").replace("\u202f", " ")
    assert html.count("11 840 000 € (renseigné pour 7 projets sur 8)") == 2
    assert html.count("11 M€ (renseigné pour 7 projets sur 8)") == 1
    assert "10 840 000 € (renseigné pour 6 projets sur 7)" in html
    assert "0 €</td>" not in html.replace("000 €", "")
    assert "≥ 10 M€" in dessiner(modele).investissements.alternative.replace("\u00a0", " ")


def test_chaque_dessin_est_une_image_avec_son_texte(rapport: Rapport) -> None:
    modele = assembler(rapport, connu_le=CONNU_LE)
    dessins = dessiner(modele)
    html = en_html(modele)
    assert html.count("<img ") == 3
    assert dessins.emplois.alternative.endswith("Augmentation de capacité, 64\u00a0emplois")
    assert "<svg" not in html


def test_un_graphique_sans_valeur_ne_divise_pas_par_zero() -> None:
    assert 'width="0.0"' in barres_svg([Barre("Rien", 0, "0 emploi")], "#000091")


def test_les_donnees_de_demonstration_se_disent_en_tete_et_en_pied(rapport: Rapport) -> None:
    assert "Données de démonstration" not in en_html(assembler(rapport, connu_le=CONNU_LE))
    rapport.mission.demonstration = True
    html = en_html(assembler(rapport, connu_le=CONNU_LE))
    assert 'content: "Données de démonstration – Rapport de mission' in html
    assert "<strong>Données de démonstration.</strong>" in html
