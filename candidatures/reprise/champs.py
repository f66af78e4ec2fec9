"""What a field of a dossier says, whatever its type: types come and go there."""

import json
from collections.abc import Iterator

from candidatures.reprise.brut import SIGNE_NUL, Objet, objet, objets, texte, textes
from rebond.socle.texte.caracteres import en_une_ligne, nettoyer

# They carry no answer.
DECORS = frozenset({"HeaderSectionChamp", "ExplicationChamp"})
# What every field has; the rest of an unknown one is its answer.
COMMUNS = frozenset({"__typename", "id", "champDescriptorId", "label", "stringValue", "updatedAt", "prefilled"})
ETIQUETTES = ("epci", "commune", "departement", "region")


def est_decor(champ: Objet) -> bool:
    return texte(champ, "__typename") in DECORS


def est_piece(champ: Objet) -> bool:
    return bool(fichiers(champ)) and not rangees(champ)


def libelle(champ: Objet) -> str:
    dit = en_une_ligne(_lisible(texte(champ, "label"))).strip()
    return dit or f"Champ {texte(champ, 'champDescriptorId') or texte(champ, 'id')}".strip()


def dire(champ: Objet) -> str:
    """The answer as a person reads it, without what nobody sees; empty when there is none."""
    for brut in (_booleen(champ), texte(champ, "stringValue"), _selon_le_type(champ)):
        if dit := nettoyer(_lisible(brut)).strip():
            return dit
    return nettoyer(_lisible(_inconnu(champ)))


def rangees(champ: Objet) -> list[list[Objet]]:
    """The rows of a repeated block, each its fields."""
    return [objets(rangee, "champs") for rangee in objets(champ, "rows")]


def fichiers(champ: Objet) -> list[Objet]:
    """The attachments of the field; older answers had one under `file`."""
    seul = objet(champ, "file")
    return objets(champ, "files") or ([seul] if seul else [])


def parcourir(champs: list[Objet]) -> Iterator[Objet]:
    """The fields, then those of their rows."""
    for champ in champs:
        yield champ
        for rangee in rangees(champ):
            yield from rangee


def siret(champ: Objet) -> str:
    """Of a company asked by its number: SIRET, or SIREN when there is nothing else."""
    etablissement = objet(champ, "etablissement")
    return texte(etablissement, "siret") or texte(etablissement, "entreprise", "siren") or texte(champ, "stringValue")


def code_epci(champ: Objet) -> str:
    return texte(champ, "epci", "code").strip()


def _lisible(brut: str) -> str:
    # The origin keeps this sign where a NUL was; an answer keeps neither.
    return brut.replace(SIGNE_NUL, "")


def _booleen(champ: Objet) -> str:
    for cle in ("selected", "checked"):
        if isinstance(champ.get(cle), bool):
            return "Oui" if champ[cle] else "Non"
    return {"true": "Oui", "false": "Non"}.get(texte(champ, "stringValue")) or ""


def _selon_le_type(champ: Objet) -> str:
    for cle in ("value", "date", "datetime", "decimalNumber", "integerNumber", "civilite", "primaryValue"):
        if valeur := texte(champ, cle):
            secondaire = texte(champ, "secondaryValue") if cle == "primaryValue" else ""
            return f"{valeur} / {secondaire}" if secondaire else valeur
    if valeurs := textes(champ, "values"):
        return ", ".join(valeurs)
    if rangees(champ):
        return "\n\n".join(_rangee(rangee) for rangee in rangees(champ))
    if noms := [texte(fichier, "filename") or "sans nom" for fichier in fichiers(champ)]:
        return ", ".join(noms)
    return _lieu(champ)


def _rangee(champs: list[Objet]) -> str:
    return "\n".join(f"{libelle(champ)}\u00a0: {dit}" for champ in champs if (dit := dire(champ)))


def _lieu(champ: Objet) -> str:
    for cle in ETIQUETTES:
        lieu = objet(champ, cle)
        if nom := texte(lieu, "name"):
            code = texte(lieu, "code")
            return f"{nom} ({code})" if code else nom
    if adresse := texte(champ, "address", "label"):
        return adresse
    if etablissement := objet(champ, "etablissement"):
        return " – ".join(filter(None, (texte(etablissement, "entreprise", "raisonSociale"), siret(champ))))
    if numero := texte(champ, "dossier", "number"):
        return f"Dossier n° {numero}"
    return ""


def _inconnu(champ: Objet) -> str:
    """What is left of a field whose type nobody knows, or that says nothing in words (a map)."""
    reste = {cle: valeur for cle, valeur in champ.items() if cle not in COMMUNS and valeur not in (None, "", [], {})}
    return json.dumps(reste, ensure_ascii=False) if reste else ""
