"""What pages and files show of a procès-verbal, in both formats."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.paginator import Page

from candidatures.cloture.etats import NatureLigne
from candidatures.cloture.models.proces_verbaux import LigneProcesVerbal, ProcesVerbal
from candidatures.cloture.proces_verbal.lignes import LOT, arbre_des_lignes
from candidatures.cloture.proces_verbal.mentions import mention
from rebond.socle.preuve.empreintes import json_canonique
from rebond.socle.requete.pages import page_demandee

ALGORITHME = "RFC 9162, section 2.1, SHA-256"
A_PROPOS = (
    "Chaque élément de « lignes » est le texte exact d’une ligne ; ses octets en UTF-8 sont une feuille de l’arbre de "
    "hachage défini par la RFC 9162, section 2.1. La racine de l’arbre est « empreinte ». La première ligne est "
    "l’en-tête, qui contient l’empreinte du procès-verbal enregistré juste avant."
)


def comptes(acte: ProcesVerbal) -> dict[NatureLigne, int]:
    """How many lines of each kind, deposits first."""
    if acte.en_lignes:
        nombres = acte.contenu["lignes"]
    else:
        nombres = {"depot": len(acte.contenu["depots"]), "brouillon": len(acte.contenu["brouillons"])}
    return {nature: nombres[nature] for nature in NatureLigne if nature in nombres}


def page_de_lignes(acte: ProcesVerbal, nature: NatureLigne, *, numero: str | None, par_page: int) -> Page[Any]:
    """One page of the lines of that kind: data for deposits and drafts, `Mention` for the rest."""
    if not acte.en_lignes:
        anciennes = {NatureLigne.DEPOT: "depots", NatureLigne.BROUILLON: "brouillons"}
        return page_demandee(acte.contenu[anciennes[nature]], numero, par_page=par_page)
    textes = acte.lignes.filter(nature=nature).order_by("ordre").values_list("texte", flat=True)
    page: Page[Any] = page_demandee(textes, numero, par_page=par_page)
    lignes = [json.loads(texte) for texte in page.object_list]
    page.object_list = lignes if nature in {NatureLigne.DEPOT, NatureLigne.BROUILLON} else [*map(mention, lignes)]
    return page


def textes(acte: ProcesVerbal) -> Iterator[str]:
    """The exact lines, header first, read by batches."""
    lignes = LigneProcesVerbal.objects.filter(proces_verbal=acte).order_by("ordre")
    return lignes.values_list("texte", flat=True).iterator(chunk_size=LOT)


def en_jsonl(acte: ProcesVerbal) -> Iterator[str]:
    """JSON Lines: without its line end, each line is a leaf."""
    return (f"{texte}\n" for texte in textes(acte))


def en_json(acte: ProcesVerbal) -> Iterator[str]:
    """Everything that is needed to recompute the root. Of format 1, the bytes whose SHA-256 is the fingerprint."""
    if not acte.en_lignes:
        yield json_canonique(acte.contenu).decode()
        return
    debut = {
        "a_propos": A_PROPOS,
        "algorithme": ALGORITHME,
        "empreinte": acte.empreinte,
        "entete": acte.contenu,
    }
    yield json.dumps(debut, ensure_ascii=False, indent=1)[:-2]
    yield ',\n "lignes": ['
    separateur = "\n  "
    for texte in textes(acte):
        yield separateur + json.dumps(texte, ensure_ascii=False)
        separateur = ",\n  "
    yield "\n ]\n}\n"


def preuve(ligne: LigneProcesVerbal) -> dict[str, Any]:
    """What proves that `ligne` is in its procès-verbal, and nothing of the others: its audit path."""
    acte = ligne.proces_verbal
    arbre = arbre_des_lignes(acte.pk, suivre=ligne.ordre)
    chemin: Sequence[bytes] = arbre.chemin()
    return {
        "a_propos": f"{acte}\u00a0: preuve qu’une ligne y figure, à vérifier selon la RFC 9162, section 2.1.3.2.",
        "algorithme": ALGORITHME,
        "empreinte": acte.empreinte,
        "ligne": ligne.texte,
        "rang": ligne.ordre,
        "taille": arbre.taille,
        "chemin": [voisine.hex() for voisine in chemin],
    }
