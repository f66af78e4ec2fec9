"""Whoever holds the whole database and the files cannot change a procès-verbal unseen."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from candidatures.cloture.actions.proces_verbaux import etablir
from candidatures.cloture.proces_verbal.entete import instant_utc
from candidatures.models import ProcesVerbal
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.cloture.proces_verbaux import clore, falsifier, un_proces_verbal_de_format_1

pytestmark = pytest.mark.django_db
INSECABLE = "\u00a0"


@pytest.fixture
def vague():
    return f.une_vague(cloture=horloge_base() - timedelta(minutes=2))


@pytest.fixture
def depot(vague):
    return f.un_depot(f.une_candidature(vague=vague))


@pytest.fixture
def acte(vague, depot):
    f.une_candidature(vague=vague, complete=False)
    f.un_depot(f.une_candidature(vague=vague))
    return clore(vague)


def verifier(acte: ProcesVerbal) -> tuple[int, str]:
    """Exit status and last line printed."""
    sortie = io.StringIO()
    try:
        call_command("verifier_pv", str(acte.vague.numero), stdout=sortie)
    except SystemExit as fin:
        return int(str(fin.code)), _lisible(sortie)[-1]
    return 0, _lisible(sortie)[-1]


def _lisible(sortie: io.StringIO) -> list[str]:
    return [ligne.strip() for ligne in sortie.getvalue().replace(INSECABLE, " ").splitlines()]


def test_un_proces_verbal_intact_est_conforme_et_dit_ce_qui_a_ete_lu(acte):
    sortie = io.StringIO()
    call_command("verifier_pv", str(acte.vague.numero), stdout=sortie)
    assert _lisible(sortie)[1:] == [
        f"En-tête : vague {acte.vague.numero}, rang 1, conforme.",
        "2 lignes « Dépôt » : conformes à la base.",
        "1 ligne « Brouillon non déposé » : conformes à la base.",
        "Aucun dépôt qui compte n’a été oublié.",
        f"Racine recalculée sur 4 lignes : {acte.empreinte}.",
        "Chaîne : le premier.",
        "2 contenus de dépôt : chacun a l’empreinte inscrite.",
        f"1 fichier ({len(f.PDF)} octets) : chacun a l’empreinte inscrite.",
        "1 procès-verbal conforme.",
    ]


def test_une_ligne_changee_est_nommee_avec_son_champ(acte, depot):
    falsifier("UPDATE candidatures_ligneprocesverbal SET texte = replace(texte, 'reprise', 'portail') WHERE ordre = 1")
    assert verifier(acte) == (
        1,
        (
            f"DIFFÉRENCE – Ligne 1, dépôt {depot.numero}, champ « source » : le procès-verbal dit « portail », "
            "on trouve « reprise »."
        ),
    )


def test_un_instant_de_reception_change_dans_la_base_est_nomme(acte, depot):
    falsifier(f"UPDATE candidatures_depot SET recu_le = recu_le - interval '1 hour' WHERE id = {depot.pk}")
    autre = instant_utc(depot.recu_le - timedelta(hours=1))
    assert verifier(acte) == (
        1,
        (
            f"DIFFÉRENCE – Ligne 1, dépôt {depot.numero}, champ « recu_le » : le procès-verbal dit "
            f"« {instant_utc(depot.recu_le)} », on trouve « {autre} »."
        ),
    )


@pytest.mark.parametrize(
    ("requetes", "attendu"),
    [
        (["UPDATE candidatures_piecedeposee SET nom = 'autre.pdf'"], "champ « pieces[0].nom »"),
        (["UPDATE socle_document SET taille = 1"], "champ « pieces[0].taille »"),
        (
            ["UPDATE candidatures_depot SET contenu = jsonb_set(contenu, '{sections}', '{}')"],
            "empreinte de son contenu",
        ),
        (["DELETE FROM candidatures_ligneprocesverbal WHERE ordre = 2"], "Lignes « Dépôt »"),
        (["DELETE FROM candidatures_depot"], "le procès-verbal dit « qu’il existe », on trouve « rien dans la base »"),
        (["UPDATE candidatures_ligneprocesverbal SET texte = 'illisible' WHERE ordre = 1"], "Ligne 1"),
        (
            ["UPDATE candidatures_procesverbal SET contenu = jsonb_set(contenu, '{regle}', '\"Autre.\"')"],
            "Ligne 0, en-tête, champ « regle »",
        ),
        (["UPDATE candidatures_procesverbal SET contenu = '{}'"], "Empreinte du contenu"),
        (
            ["UPDATE candidatures_vague SET cloture = cloture + interval '1 second'"],
            "En-tête, champ « vague.cloture »",
        ),
        (["UPDATE candidatures_procesverbal SET empreinte = repeat('0', 64)"], "Racine de l’arbre des lignes"),
        # The lines are all true, but not in their order.
        (
            [
                "UPDATE candidatures_ligneprocesverbal SET ordre = 9 WHERE ordre = 1",
                "UPDATE candidatures_ligneprocesverbal SET ordre = 1 WHERE ordre = 2",
                "UPDATE candidatures_ligneprocesverbal SET ordre = 2 WHERE ordre = 9",
            ],
            "Racine de l’arbre des lignes",
        ),
        # The line follows the deposit that was changed: the root remembers.
        (
            [
                "UPDATE candidatures_depot SET source = 'portail'",
                "UPDATE candidatures_ligneprocesverbal SET texte = replace(texte, 'reprise', 'portail')",
            ],
            "Racine de l’arbre des lignes",
        ),
    ],
)
def test_toute_autre_falsification_est_nommee(acte, requetes, attendu):
    falsifier(*requetes)
    code, ligne = verifier(acte)
    assert code == 1
    assert attendu in ligne


def test_un_fichier_change_ou_perdu_est_nomme(acte, depot):
    piece = depot.pieces.get()
    chemin, sha256 = piece.document.chemin, piece.document.sha256
    default_storage.delete(chemin)
    debut = f"DIFFÉRENCE – Dépôt {depot.numero}, fichier « {piece.nom} »"
    perdu = verifier(acte)
    default_storage.save(chemin, ContentFile(f.PDF + b"\n"))
    change = verifier(acte)
    default_storage.delete(chemin)
    default_storage.save(chemin, ContentFile(f.PDF))

    assert perdu == (1, f"{debut} : le procès-verbal dit « {sha256} », on trouve « aucun fichier ».")
    assert change[0] == 1
    assert change[1].startswith(f"{debut}, empreinte : le procès-verbal dit « {sha256} »")
    assert verifier(acte)[0] == 0


def test_un_depot_qui_passe_en_instruction_sans_etre_inscrit_est_nomme(vague, depot):
    oublie = f.un_depot(f.une_candidature(vague=vague))
    acte = etablir(
        vague=vague,
        rang=1,
        candidatures=vague.candidatures.exclude(pk=oublie.candidature_id),
        maintenant=horloge_base(),
    )
    assert verifier(acte)[0] == 0
    falsifier("UPDATE candidatures_candidature SET etat = 'en_instruction'")
    assert verifier(acte) == (
        1,
        (
            f"DIFFÉRENCE – Dépôt {oublie.numero} : le procès-verbal dit « rien », on trouve « ce dépôt, qui aurait "
            "dû y figurer »."
        ),
    )


def test_une_reprise_posterieure_n_est_pas_un_oubli_mais_un_depot_remplace_en_est_un(acte, depot, vague):
    f.un_depot(f.une_candidature(vague=vague))
    copie = f"""INSERT INTO candidatures_depot SELECT (jsonb_populate_record(d, jsonb_build_object(
                'id', 900000, 'rang', 2, 'numero', numero || 'bis', 'cle', gen_random_uuid(),
                'enregistre_le', clock_timestamp()))).*
                  FROM candidatures_depot d WHERE id = {depot.pk}"""
    falsifier(copie)
    assert verifier(acte)[0] == 0
    falsifier("UPDATE candidatures_depot SET source = 'portail' WHERE id = 900000")
    code, ligne = verifier(acte)
    assert code == 1
    assert f"Ligne 1, dépôt {depot.numero}" in ligne
    assert f"le dépôt {depot.numero}bis, plus récent" in ligne


def test_un_precedent_change_rompt_la_chaine(acte):
    suivante = f.une_vague(
        ouverture=acte.vague.cloture, cloture=horloge_base() - timedelta(seconds=1), grace=timedelta(0)
    )
    second = clore(suivante)
    assert verifier(second)[0] == 0
    falsifier(f"UPDATE candidatures_procesverbal SET empreinte = repeat('0', 64) WHERE id = {acte.pk}")
    assert verifier(second) == (
        1,
        (
            "DIFFÉRENCE – Chaîne, empreinte du procès-verbal précédent : le procès-verbal dit "
            f"« {acte.empreinte} », on trouve « {'0' * 64} »."
        ),
    )


def test_un_proces_verbal_d_avant_les_lignes_se_verifie_aussi(depot):
    ancien = un_proces_verbal_de_format_1(depot)
    assert verifier(ancien) == (0, "1 procès-verbal conforme.")
    falsifier("UPDATE candidatures_depot SET empreinte = repeat('0', 64)")
    assert f"Dépôt {depot.numero}, champ « empreinte »" in verifier(ancien)[1]
    falsifier("UPDATE candidatures_procesverbal SET contenu = jsonb_set(contenu, '{brouillons}', '[]')")
    assert "Empreinte du contenu" in verifier(ancien)[1]


def test_toutes_les_vagues_ou_un_seul_rang(acte):
    etablir(vague=acte.vague, rang=2, candidatures=acte.vague.candidatures.none(), maintenant=horloge_base())
    for arguments, nombre in (
        (["--toutes"], "2 procès-verbaux conformes."),
        (["--toutes", "--rang", "2"], "1 procès"),
    ):
        sortie = io.StringIO()
        call_command("verifier_pv", *arguments, stdout=sortie)
        assert _lisible(sortie)[-1].startswith(nombre)


@pytest.mark.parametrize("arguments", [[], ["3", "--toutes"], ["32000"], ["--toutes", "--rang", "7"]])
def test_une_demande_sans_objet_rend_2(arguments):
    with pytest.raises(CommandError) as refus:
        call_command("verifier_pv", *arguments)
    assert refus.value.returncode == 2
