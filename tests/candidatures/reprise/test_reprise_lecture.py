"""What the file may look like: one answer or several, whole or not."""

import json

import pytest

from candidatures.reprise.lecture import FichierIllisible, lire, lire_fichier
from tests.candidatures.reprise.reprise import plat, une_reponse

A = {"number": 1, "dateDerniereModification": "2023-01-01T00:00:00+01:00"}
B = {"number": "2"}


def numeros(brut) -> list[str]:
    return [dossier.numero for dossier in lire(brut).dossiers]


@pytest.mark.parametrize(
    "brut",
    [
        une_reponse(A, B),
        une_reponse(A, B)["data"],
        [une_reponse(A, suite=True), une_reponse(B)],
        [une_reponse(A)["data"], une_reponse(B)],
        {"data": {"demarche": {"number": 9, "dossiers": {"edges": [{"node": A}, {"node": B}]}}}},
        [une_reponse(A), une_reponse(B, numero=2)],
    ],
)
def test_une_reponse_ou_une_liste_de_reponses_donnent_leurs_dossiers(brut):
    assert numeros(brut) == ["1", "2"]
    assert lire(brut).anomalies == []


def test_chaque_dossier_sait_de_quelle_demarche_il_vient():
    lu = lire([une_reponse(A, numero=7), une_reponse(B, numero=8)])
    assert [dossier.demarche for dossier in lu.dossiers] == ["7", "8"]
    assert list(lu.demarches) == ["7", "8"]


def test_du_meme_numero_la_derniere_modification_est_gardee_dans_n_importe_quel_ordre():
    tard = A | {"dateDerniereModification": "2022-12-31T23:30:00Z", "motivation": "la dernière"}
    tot = A | {"dateDerniereModification": None}
    for pages in ([tard, A, tot], [A, tot, tard]):
        lu = lire([une_reponse(page) for page in pages])
        assert ([dossier.brut["motivation"] for dossier in lu.dossiers], lu.doublons) == (["la dernière"], {"1": 3})


def test_ce_qui_manque_est_dit_et_le_reste_est_lu():
    lu = lire(
        [
            une_reponse(A, None, {}, {"number": None}, {"number": "x" * 61}, suite=True),
            {"data": None, "errors": [{"message": "Timeout\non\x00page 2"}]},
            {"data": {"demarche": {"number": 66_000, "dossiers": None}}},
            {"data": {"demarche": {"number": 66_000, "dossiers": {"nodes": "rien"}}}},
            "n’importe quoi",
        ]
    )
    assert [dossier.numero for dossier in lu.dossiers] == ["1"]
    assert [plat(anomalie) for anomalie in lu.anomalies] == [
        "Réponse n° 1 : 4 dossiers sans numéro lisible, impossible à reprendre.",
        "Réponse n° 2 : Démarches simplifiées a signalé « Timeout on page 2 ».",
        "Réponse n° 2 : aucune démarche.",
        "Réponse n° 4 : la liste des dossiers n’est pas lisible.",
        "Réponse n° 5 : aucune démarche.",
        "Démarche 66000 : la dernière page manque, il reste des dossiers à demander.",
    ]


@pytest.mark.parametrize(
    ("contenu", "phrase"),
    [
        (b"", "est vide."),
        (b" \n", "est vide."),
        (b"{", "n’est pas du JSON."),
        (b"\xff\xfe{}", "n’est pas du JSON."),
        (b"[" * 100_000, "n’est pas du JSON."),
        (b"{}", "une liste de telles réponses."),
        (b"[]", "une liste de telles réponses."),
        (b"null", "une liste de telles réponses."),
        (b'"demarche"', "une liste de telles réponses."),
        (b'{"data": {"demarche": null}}', "une liste de telles réponses."),
        (b'{"data": {"demarche": []}}', "une liste de telles réponses."),
        ('{"errors": [{"message": "Jeton refusé"}]}'.encode(), "a signalé « Jeton refusé »."),
    ],
)
def test_un_fichier_qui_n_est_pas_un_export_se_dit_en_une_phrase(tmp_path, contenu, phrase):
    fichier = tmp_path / "export.json"
    fichier.write_bytes(contenu)
    with pytest.raises(FichierIllisible) as refus:
        lire_fichier(fichier)
    assert plat(refus.value.message).endswith(phrase)


def test_un_fichier_absent_ou_un_dossier_se_disent_aussi(tmp_path):
    with pytest.raises(FichierIllisible, match=r"n’existe pas\.$"):
        lire_fichier(tmp_path / "absent.json")
    with pytest.raises(FichierIllisible, match="ne se lit pas"):
        lire_fichier(tmp_path)


def test_une_marque_d_ordre_et_des_nombres_demesures_se_lisent(tmp_path):
    fichier = tmp_path / "export.json"
    fichier.write_bytes(
        b'\xef\xbb\xbf{"demarche": {"number": 1, "dossiers": {"nodes": [{"number": 5, "x": [1e999, NaN, %s]}]}}}'
        % (b"9" * 5000)
    )
    (dossier,) = lire_fichier(fichier).dossiers
    assert dossier.brut["x"] == [float("inf"), "NaN", "9" * 5000]


@pytest.mark.parametrize("encodage", ["utf-16", "utf-16-le", "cp1252", "mac_roman"])
def test_l_encodage_dans_lequel_un_terminal_ou_un_tableur_l_a_enregistre_se_reconnait(tmp_path, encodage):
    fichier = tmp_path / "export.json"
    reponse = une_reponse(A | {"motivation": "Déposé à Évreux"})
    fichier.write_bytes(json.dumps(reponse, ensure_ascii=False).encode(encodage))
    lu = lire_fichier(fichier)
    assert ([dossier.brut["motivation"] for dossier in lu.dossiers], lu.encodage != "UTF-8") == (
        ["Déposé à Évreux"],
        True,
    )
