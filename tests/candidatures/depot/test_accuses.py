"""The receipt: what it says, and that it is made once."""

import html
import subprocess
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.test import override_settings
from django.utils.html import strip_tags

from candidatures.depot.accuses import Accuse, FichierRecu, Service, accuse_de, en_html, en_pdf
from candidatures.depot.actions.accuses import fabriquer_accuse
from candidatures.depot.actions.echeance import demander_depot_a_l_echeance, deposer_a_l_echeance
from candidatures.depot.codes_qr import code_qr
from candidatures.models import AccuseReception, Depot
from candidatures.vagues.regles import dans_quelques_mois
from rebond.socle.courriers.models import Courrier
from rebond.socle.documents.stockage import lire
from rebond.socle.horloge.temps import PARIS, horloge_base
from tests import fabriques as f

ACCUSE = Accuse(
    numero="R14-0042-1",
    reference="R14-0042",
    territoire="Vallée d’Essai",
    vague=14,
    deposant="Camille Exemple",
    recu_le=datetime(2026, 6, 1, 11, 59, 59, 900_000, tzinfo=PARIS),
    recu_localement="1er\u00a0juin\u00a02026 à 13:59:59 (heure de La Réunion)",
    enregistre_le=datetime(2026, 6, 1, 12, 0, 1, tzinfo=PARIS),
    empreinte="ab" * 32,
    fichiers=(FichierRecu("délibération <2026>.pdf", "Délibération ou mandat", 1_200_000, "cd" * 32),),
    service=Service("Service d’essai", "1 rue de l’Essai", "service@exemple.fr", "01 99 00 00 00"),
    silence="À défaut de décision expresse au 1er août 2026…",
    recours="Devant le tribunal administratif.",
    demonstration=False,
    verification="https://rebond.exemple.fr/verifier/R14-0042-1/",
)


def test_le_pdf_dit_les_memes_mots_que_son_texte_dans_le_meme_ordre(tmp_path) -> None:
    """What a screen reader is given of it (RGAA 13.4): footers and numbers of pages alone come besides."""
    (tmp_path / "accuse.pdf").write_bytes(en_pdf(ACCUSE))
    lu = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "accuse.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    corps = en_html(ACCUSE).partition("<body")[2].partition(">")[2]
    # Codes are cut at the end of a line.
    mots = [mot for mot in html.unescape(strip_tags(corps.replace("<", " <"))).split() if len(mot) < 30]
    suite = iter(lu.split())
    assert [mot for mot in mots if mot not in suite] == []
    assert len(mots) > 150


def test_il_dit_tout_ce_que_le_code_demande_et_de_quoi_prouver() -> None:
    html = en_html(ACCUSE)
    for attendu in (
        "dépôt n°\u00a0R14-0042-1",
        "1er\u00a0juin\u00a02026 à 11:59:59 (heure de Paris)",
        "soit le 1er\u00a0juin\u00a02026 à 13:59:59 (heure de La Réunion)",
        "1er\u00a0juin\u00a02026 à 12:00:01 (heure de Paris)",
        'href="https://rebond.exemple.fr/verifier/R14-0042-1/"',
        "L. 112-11 et R. 112-11-1",
        "ab" * 32,
        "cd" * 32,
        "délibération &lt;2026&gt;.pdf",
        "1,1\u00a0Mo",
        "service@exemple.fr",
        "01 99 00 00 00",
        "1er août 2026",
        "tribunal administratif",
    ):
        assert attendu in html
    assert "démonstration" not in html


def test_son_code_qr_mene_a_la_reponse_sans_rien_recopier() -> None:
    """Read as a telephone reads it: drawn by one library, read by another's rules is not to be had here, so the page
    that it names is asked instead, and the code is the one of that very address."""
    attendue = f"https://rebond.exemple.fr/verifier/R14-0042-1/?numero=R14-0042-1&empreinte={'ab' * 32}"
    assert ACCUSE.verification_faite == attendue
    assert f'<img src="{code_qr(attendue)}"' in en_html(ACCUSE)
    assert code_qr(attendue) != code_qr(attendue.replace("ab", "ac", 1))


@pytest.mark.django_db
def test_la_page_du_code_qr_repond_aussitot(client) -> None:
    accuse = accuse_de(f.un_depot())
    chemin = accuse.verification_faite.partition("/verifier/")[2]
    assert "sont ceux d’un dépôt reçu par le portail" in client.get(f"/verifier/{chemin}").content.decode()


def test_a_l_heure_de_paris_il_ne_dit_rien_d_une_autre() -> None:
    assert "soit le" not in en_html(replace(ACCUSE, recu_localement=""))


def test_des_donnees_de_demonstration_le_disent_sur_chaque_page() -> None:
    html = en_html(replace(ACCUSE, demonstration=True))
    assert html.count("Données de démonstration") == 2


def test_le_meme_accuse_donne_les_memes_octets() -> None:
    assert en_pdf(ACCUSE) == en_pdf(ACCUSE)


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        (date(2026, 6, 1), 2, date(2026, 8, 1)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_de_quantieme_a_quantieme(jour: date, mois: int, attendu: date) -> None:
    assert dans_quelques_mois(jour, mois) == attendu


@pytest.mark.django_db
@override_settings(ACCUSE_SERVICE="Un autre service")
def test_le_texte_appartient_aux_reglages_et_a_la_vague() -> None:
    depot = f.un_depot()
    vague = depot.candidature.vague
    vague.silence, vague.silence_mois = "Silence : {date}.", 2
    vague.cloture = datetime(2026, 7, 31, 23, 30, tzinfo=PARIS)
    accuse = accuse_de(depot)
    assert accuse.silence == "Silence : 30\u00a0septembre\u00a02026."
    assert accuse.service.nom == "Un autre service"


@pytest.mark.django_db
def test_il_est_fait_une_fois_et_la_lettre_part_avec_lui() -> None:
    depot = f.un_depot()
    assert list(Depot.objects.sans_accuse()) == [depot]
    accuse = fabriquer_accuse(depot_id=depot.pk)
    assert fabriquer_accuse(depot_id=depot.pk) == accuse
    assert not Depot.objects.sans_accuse().exists()
    assert AccuseReception.objects.count() == 1

    courrier = Courrier.objects.get()
    assert courrier.destinataire == f.porteur_de(depot.candidature).email
    assert depot.numero in courrier.objet
    assert lire(courrier.pieces.get()).startswith(b"%PDF-1.7")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "attendu"),
    [
        ("59", ""),
        ("974", "31\u00a0juillet\u00a02026 à 14:00:00 (heure de La Réunion)"),
        ("973", "31\u00a0juillet\u00a02026 à 07:00:00 (heure de la Guyane)"),
        ("988", "31\u00a0juillet\u00a02026 à 21:00:00 (heure de la Nouvelle-Calédonie)"),
    ],
)
def test_l_heure_locale_est_celle_du_departement_du_chef_de_file(code: str, attendu: str) -> None:
    territoire = f.un_territoire(departement=f.un_departement(code, region="04"))
    depot = f.un_depot(f.une_candidature(territoire=territoire))
    depot.recu_le = datetime(2026, 7, 31, 12, 0, tzinfo=PARIS)
    assert accuse_de(depot).recu_localement == attendu


@pytest.mark.django_db
@override_settings(ADRESSE_PUBLIQUE="https://rebond.exemple.fr")
def test_il_mene_a_la_page_qui_le_verifie() -> None:
    depot = f.un_depot()
    assert accuse_de(depot).verification == f"https://rebond.exemple.fr/verifier/{depot.numero}/"


@pytest.mark.django_db
def test_un_depot_fait_par_le_portail_le_dit_sur_l_accuse_et_dans_sa_lettre() -> None:
    candidature = f.une_candidature()
    porteur = f.porteur_de(candidature)
    demander_depot_a_l_echeance(candidature=candidature, auteur=porteur, maintenant=horloge_base())
    Courrier.objects.all().delete()
    depot = deposer_a_l_echeance(candidatures=candidature.vague.candidatures.all(), maintenant=horloge_base())[0]
    accuse = accuse_de(Depot.objects.get(pk=depot.pk))
    assert accuse.deposant == f"Le portail, à l’échéance, au nom de {porteur}"
    fabriquer_accuse(depot_id=depot.pk)
    lettre = Courrier.objects.get().texte
    assert "Le portail l’a déposé lui-même à la clôture" in lettre
    assert "vous pouvez modifier votre dossier" not in lettre
