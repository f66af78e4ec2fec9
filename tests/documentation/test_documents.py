"""The papers made from the code say what the code says today, in diagrams that Mermaid reads."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from rebond.documentation import documents as d
from rebond.documentation.mermaid import mots, tableau
from rebond.socle.etats.table import Table

DOCUMENTS = d.documents()
MOTS = r"[^:;\"\n]+"
# Every form that a line of ours may take: Mermaid would read others, we write no others.
GRAMMAIRES = {
    "stateDiagram-v2": re.compile(
        rf'state "{MOTS}" as [a-z_]+|\[\*\] --> [a-z_]+|[a-z_]+ --> (\[\*\]|[a-z_]+ : {MOTS})', re.ASCII
    ),
    "erDiagram": re.compile(
        r"[A-Z]\w+( \{)?|\}"
        rf'|    [a-z]\w*(\([\w-]+\))?(\[\])? [a-z]\w*( (PK|FK|UK)(, (FK|UK))*)?( "{MOTS}")?'
        rf'|[A-Z]\w+ (\|\||\|o|\}}o)--(o\||o\{{) [A-Z]\w+ : "{MOTS}"',
        re.ASCII,
    ),
}


def diagrammes(texte: str) -> Iterator[tuple[str, list[str]]]:
    """The kind and the lines of each."""
    for bloc in re.findall(r"^```mermaid\n(.*?)^```$", texte, flags=re.DOTALL | re.MULTILINE):
        genre, *lignes = bloc.splitlines()
        yield genre, [ligne.removeprefix("    ") for ligne in lignes]


def rubrique(chemin: str, titre: str) -> str:
    return DOCUMENTS[Path(chemin)].partition(f"{titre}\n")[2].partition("\n#")[0]


@pytest.mark.parametrize("chemin", DOCUMENTS, ids=str)
def test_le_document_dit_ce_que_dit_le_code(chemin: Path) -> None:
    assert (settings.RACINE / chemin).read_text() == DOCUMENTS[chemin], (
        f"{chemin} n’est plus à jour : lancez « .venv/bin/python {d.COMMANDE} » et gardez ce qu’il écrit."
    )


@pytest.mark.parametrize("chemin", [Path("docs/etats.md"), Path("docs/modele.md")], ids=str)
def test_chaque_dessin_se_lit(chemin: Path) -> None:
    dessins = list(diagrammes(DOCUMENTS[chemin]))
    assert len(dessins) >= 6
    illisibles = [
        (genre, ligne) for genre, lignes in dessins for ligne in lignes if not GRAMMAIRES[genre].fullmatch(ligne)
    ]
    assert illisibles == []


def test_chaque_table_de_passages_est_dessinee_en_entier() -> None:
    portees = [m for m in apps.get_models() if isinstance(getattr(m, "TRANSITIONS", None), Table)]
    dessins = list(diagrammes(DOCUMENTS[Path("docs/etats.md")]))
    assert len(dessins) == len(portees)
    for modele, (_, lignes) in zip(portees, dessins, strict=True):
        fleches = {
            (source, cible): libelles.split(", ")
            for source, cible, libelles in re.findall(r"^(\w+) --> (\w+) : (.+)$", "\n".join(lignes), re.MULTILINE)
        }
        attendues: dict[tuple[str, str], list[str]] = {}
        for transition in modele.TRANSITIONS.values():
            for source in transition.sources:
                attendues.setdefault((source, transition.cible), []).append(mots(transition.acte.libelle))
        assert fleches == attendues


def test_le_dessin_d_un_aggregat_se_lit_du_premier_etat_au_dernier() -> None:
    _, lignes = next(diagrammes(rubrique("docs/etats.md", "## Prolongation")))
    assert lignes == [
        'state "En attente d’une seconde signature" as proposee',
        'state "Accordée" as accordee',
        'state "Écartée" as ecartee',
        'state "Terminée" as close',
        "[*] --> proposee",
        "proposee --> accordee : Prolongation accordée",
        "proposee --> ecartee : Prolongation écartée",
        "accordee --> close : Fin de la prolongation enregistrée",
        "ecartee --> [*]",
        "close --> [*]",
    ]


def test_le_modele_montre_colonnes_cles_et_liens() -> None:
    _, lignes = next(diagrammes(rubrique("docs/modele.md", "### projets/feuille_de_route")))
    assert lignes[:4] == [
        "FeuilleDeRoute {",
        "    bigint id PK",
        "    bigint mission_id FK, UK",
        "}",
    ]
    assert 'Mission ||--o| FeuilleDeRoute : "mission"' in lignes


def test_chaque_modele_est_dessine_et_chaque_regle_de_la_base_nommee() -> None:
    texte = DOCUMENTS[Path("docs/modele.md")]
    modeles = list(d.nos_modeles())
    assert len(modeles) > 60
    for modele in modeles:
        assert texte.count(f"    {modele.__name__} {{\n") == 1
    regles = {
        (modele.__name__, regle.name)
        for modele in modeles
        for regle in [*modele._meta.constraints, *getattr(modele._meta, "triggers", ())]
    }
    assert set(re.findall(r"^\| (\w+) \| `(\w+)` \|", texte, re.MULTILINE)) == regles


def test_la_commande_ecrit_ce_qui_manque(tmp_path: Path, settings) -> None:
    (tmp_path / "docs").mkdir()
    for dossier in ("rebond", "territoires", "candidatures", "projets"):
        (tmp_path / dossier).mkdir()
    settings.RACINE = tmp_path
    call_command("documenter", verbosity=0)
    assert {chemin: (tmp_path / chemin).read_text() for chemin in DOCUMENTS} == DOCUMENTS


def test_ce_que_mermaid_prendrait_pour_ses_marques_est_remplace() -> None:
    assert mots('Décision reprise : "lauréat" ; 9:30') == "Décision reprise – ’lauréat’ , 9 –30"
    assert tableau(("a", "b"), [("x|y", "z")]) == "| a | b |\n| --- | --- |\n| x/y | z |"
