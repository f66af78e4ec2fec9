"""What the paper on accesses says of the matrix."""

from pathlib import Path

import pytest

from rebond.documentation import acces

TABLE = """\
# Un essai.
[personnes]
public   un visiteur
porteur  son responsable
comité   un membre du comité

[objets]
-        rien
dossier  un dossier

[adresses]
GET  accueil          -       200 200 200
GET  dossiers:dossier dossier cnx 200 404
POST dossiers:dossier dossier cnx 409 404
"""


def test_la_table_se_lit_et_se_recrit() -> None:
    matrice = acces.lire(TABLE)
    assert matrice.personnes == {
        "public": "un visiteur",
        "porteur": "son responsable",
        "comité": "un membre du comité",
    }
    assert matrice.objets == {"-": "rien", "dossier": "un dossier"}
    assert matrice.lignes[2] == acces.Ligne("POST", "dossiers:dossier", "dossier", ("cnx", "409", "404"))
    assert TABLE.endswith(acces.ecrire(matrice.lignes) + "\n")


@pytest.mark.parametrize("faute", ["GET accueil - 200 200\n", "GET accueil - 200 200 404\n"])
def test_une_ligne_trop_courte_ou_double_est_refusee(faute: str) -> None:
    with pytest.raises(ValueError, match="illisibles"):
        acces.lire(TABLE + faute)


def test_le_papier_dit_a_qui_chaque_adresse_repond(tmp_path, monkeypatch) -> None:
    table = tmp_path / "acces.txt"
    table.write_text(TABLE)
    monkeypatch.setattr(acces, "FICHIER", table)
    *_, portail, dossiers = [rubrique for rubrique in acces.rubriques() if rubrique.startswith("| ")][-2:]
    assert "| GET | `accueil` |  | tout le monde |  |" in portail
    assert "| GET | `dossiers:dossier` | dossier | porteur |  |" in dossiers
    assert "| POST | `dossiers:dossier` | dossier | personne | porteur (409) |" in dossiers


@pytest.mark.parametrize("fichier", [acces.FICHIER, acces.FICHIER_D_INSTRUCTION], ids=["portail", "instruction"])
def test_la_matrice_du_portail_se_recrit_telle_quelle(fichier: Path) -> None:
    """Its columns stay aligned, so that a change of one cell is a change of one cell."""
    texte = fichier.read_text()
    assert texte.endswith(acces.ecrire(acces.lire(texte).lignes) + "\n")
