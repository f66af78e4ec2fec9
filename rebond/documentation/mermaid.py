"""The little of Mermaid that the diagrams are made of."""

from collections.abc import Iterable


def diagramme(genre: str, lignes: Iterable[str]) -> str:
    corps = "\n".join(f"    {ligne}" for ligne in lignes)
    return f"```mermaid\n{genre}\n{corps}\n```"


def mots(texte: str) -> str:
    """`texte` without what Mermaid reads as its own marks."""
    return texte.replace(" :", " –").replace("\u00a0:", " –").replace(":", " –").replace(";", ",").replace('"', "’")


def tableau(entetes: Iterable[str], lignes: Iterable[Iterable[str]]) -> str:
    """A table of Markdown."""
    titres = list(entetes)
    rangs = [titres, ["---"] * len(titres), *lignes]
    return "\n".join(f"| {' | '.join(cellule.replace('|', '/') for cellule in rang)} |" for rang in rangs)
