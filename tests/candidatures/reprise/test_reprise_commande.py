"""`manage.py importer_demarches`, as whoever runs it sees it."""

import json
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from candidatures.models import Candidature
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f
from tests.candidatures.reprise.reprise import champ, la_vague_passee, plat, reprendre, un_dossier, une_reponse


def importer(chemin, *options: str) -> tuple[int, str]:
    sortie = StringIO()
    try:
        call_command("importer_demarches", str(chemin), *options, stdout=sortie)
    except SystemExit as fin:
        return int(fin.code or 0), plat(sortie.getvalue())
    return 0, plat(sortie.getvalue())


@pytest.fixture
def export(tmp_path):
    def ecrire(*dossiers, **autres):
        chemin = tmp_path / "export.json"
        chemin.write_text(json.dumps(une_reponse(*dossiers, **autres)), "utf-8")
        return chemin

    return ecrire


@pytest.mark.django_db
def test_le_rapport_dit_tout_et_le_code_est_zero_quand_tout_est_repris(export):
    la_vague_passee()

    code, rapport = importer(export(un_dossier(numero=12), un_dossier(numero=12)))

    assert code == 0
    for ligne in (
        "Démarche 66000 – AMI Rebond industriel",
        "1 dossier lu : 1 créé.",
        "– n° 12 : 2 fois",
        "– n° 12 : Lauréat à annoncer : donnez la date d’annonce de la vague",
        "Champs repris :",
        "Champs sans place, gardés tels quels avec le dossier :",
        "1 compte créé :",
    ):
        assert ligne in rapport


@pytest.mark.django_db
def test_le_rapport_dit_comment_les_montants_sont_lus_et_demande_ce_qui_a_deux_sens(export):
    la_vague_passee()
    dossiers = [un_dossier(numero=rang) for rang in (1, 2)]
    for dossier, saisie in zip(dossiers, ("1,5 M€", "12.000"), strict=True):
        dossier["champs"].append(champ("Investissement total envisagé", valeur=saisie))

    _, rapport = importer(export(*dossiers))

    assert "« 1,5 M€ » lu 1 500 000 €" in rapport
    assert "« 12.000 » peut se lire de deux façons : 12 000 ou 12 ?" in rapport
    montants = [d.contenu.get("projets", {}).get("investissement") for d in Candidature.objects.order_by("pk")]
    assert montants == [1_500_000, None]


@pytest.mark.django_db
def test_le_code_est_deux_quand_un_dossier_est_refuse_ou_qu_une_page_manque(export):
    la_vague_passee()

    code, rapport = importer(export(un_dossier(), un_dossier(numero=3, usager=None)), "--a-blanc")
    assert code == 2
    assert "2 dossiers lus : 1 créé, 1 refusé." in rapport
    assert "– n° 3 : L’adresse e-mail de son usager manque ou n’est pas valable." in rapport
    assert rapport.endswith("Essai à blanc : rien n’a été écrit.\n")
    assert not Candidature.objects.exists()

    assert importer(export(un_dossier(), suite=True))[0] == 2


@pytest.mark.django_db
def test_le_journal_nomme_qui_a_fait_la_reprise(export):
    la_vague_passee()
    administrateur = f.un_utilisateur("Admin@etat.example")

    importer(export(un_dossier()), "--par", "admin@etat.example")

    assert EntreeJournal.objects.get(acte="reprendre").acteur_id_copie == administrateur.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        (["--par", "personne@etat.example"], "Personne n’a de compte à l’adresse « personne@etat.example »."),
        (["--pieces", "/nulle/part"], "Le dossier de pièces « /nulle/part » n’existe pas."),
        (["--correspondance", "/nulle.toml"], "Le fichier de correspondance « /nulle.toml » ne se lit pas."),
    ],
)
def test_une_option_fausse_se_dit_en_une_phrase(export, options, phrase):
    with pytest.raises(CommandError) as refus:
        importer(export(un_dossier()), *options)
    assert (plat(str(refus.value)), refus.value.returncode) == (phrase, 1)


@pytest.mark.django_db
def test_un_fichier_absent_est_une_phrase_et_le_code_un(tmp_path):
    with pytest.raises(CommandError) as refus:
        importer(tmp_path / "absent.json")
    assert refus.value.returncode == 1


@pytest.mark.concurrence
@pytest.mark.django_db(transaction=True)
def test_deux_reprises_simultanees_creent_chaque_dossier_une_fois():
    la_vague_passee()
    dossiers = [un_dossier() for _ in range(6)]
    depart = Barrier(2, timeout=30)
    rapports = []

    def lancer(lus):
        try:
            depart.wait()
            rapports.append(reprendre(*lus))
        finally:
            connection.close()

    fils = [Thread(target=lancer, args=[lus]) for lus in (dossiers, dossiers[::-1])]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=60)

    resultats = sorted((dict(rapport.resultats) for rapport in rapports), key=str)
    assert resultats == [{"créé": 6}, {"déjà là": 6}]
    assert [rapport.refus for rapport in rapports] == [[], []]
    assert Candidature.objects.count() == 6
