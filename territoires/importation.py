"""Reading of the official lists of Territoires d’industrie, in the two shapes in which they are published.

- `id_ti;lib_ti;siren_groupement;lib_groupement;nature_juridique`: one line per member.
- `insee_com;lib_com;id_ti;lib_ti`: one line per commune; its members are the EPCI that contain those communes.

Either may hold several `id_ti` in one cell, separated by ` ; `, with as many labels in `lib_ti`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from rebond.socle.importation.tables import Faute, Ligne, Table, abime_par_le_tableur, lire_table
from rebond.socle.texte.caracteres import en_une_ligne
from territoires.etats import NatureMembre
from territoires.regles import siren_compact, siren_valide

COLONNES_MEMBRES = ("id_ti", "lib_ti", "siren_groupement", "lib_groupement", "nature_juridique")
COLONNES_COMMUNES = ("insee_com", "lib_com", "id_ti", "lib_ti")
SEPARATEUR_CELLULE = " ; "
IDENTIFIANT_MAX, NOM_MAX = 20, 200


@dataclass(frozen=True, slots=True)
class LigneTI:
    """One member of one territory: by its SIREN (first shape) or by the INSEE code of a commune (second shape).

    `numero` is the line of the file that says so.
    """

    id_ti: str
    nom: str
    nature: NatureMembre
    libelle: str
    siren: str = ""
    code_commune: str = ""
    numero: int = field(default=0, compare=False)


@dataclass(frozen=True)
class ListeTI:
    """A whole file: the lines of either shape that read, each once, and everything that is wrong in the others."""

    lignes: list[LigneTI]
    fautes: list[Faute]
    remarques: list[str]


def lire(contenu: bytes) -> ListeTI:
    """Raises `rebond.socle.importation.tables.TableIllisible` when the file is not such a list at all."""
    table = lire_table(contenu, [COLONNES_MEMBRES, COLONNES_COMMUNES], recoller=_recoller)
    interpreter = _membre if set(COLONNES_MEMBRES) <= set(table.colonnes) else _commune
    lignes = list(dict.fromkeys(_interpreter(table, interpreter)))
    fautes = [*table.fautes, *contradictions(lignes)]
    if not lignes and not fautes:
        fautes.append(Faute(1, "aucune ligne ne suit le nom des colonnes"))
    return ListeTI(lignes, sorted(fautes, key=lambda faute: faute.ligne), table.remarques)


def contradictions(lignes: Iterable[LigneTI]) -> Iterator[Faute]:
    """The lines that call a territory otherwise than the first one that named it."""
    premieres: dict[str, LigneTI] = {}
    for ligne in lignes:
        premiere = premieres.setdefault(ligne.id_ti, ligne)
        if premiere.nom != ligne.nom:
            yield Faute(
                ligne.numero,
                f"l’identifiant {ligne.id_ti} porte deux noms\u00a0: «\u00a0{premiere.nom}\u00a0» à la ligne "
                f"{premiere.numero}",
                "lib_ti",
                ligne.nom,
            )


Interprete = Callable[[Ligne, str, str], LigneTI | Faute]


def _interpreter(table: Table, interpreter: Interprete) -> Iterator[LigneTI]:
    """What each line says; what is wrong goes to the faults of the table, and the next line is read."""
    for ligne in table.lignes:
        territoires = _territoires(ligne)
        if isinstance(territoires, Faute):
            table.fautes.append(territoires)
            continue
        for id_ti, nom in territoires:
            lue = interpreter(ligne, id_ti, nom)
            if isinstance(lue, Faute):
                # The same for each territory of the line.
                table.fautes.append(lue)
                break
            yield lue


def _recoller(cellules: list[str]) -> list[str]:
    """Puts together again the cells that an unquoted ` ; ` has cut."""
    recollees = cellules[:1]
    for cellule in cellules[1:]:
        if recollees[-1].endswith(" ") and cellule.startswith(" "):
            recollees[-1] += f";{cellule}"
        else:
            recollees.append(cellule)
    return recollees


def _territoires(ligne: Ligne) -> list[tuple[str, str]] | Faute:
    """Identifiers and labels of the line; none for a commune outside the programme."""
    libelle = ligne.cellules["lib_ti"]
    identifiants = [mot.strip() for mot in ligne.cellules["id_ti"].split(";") if mot.strip()]
    noms = [libelle] if len(identifiants) == 1 else libelle.split(SEPARATEUR_CELLULE)
    if identifiants and len(noms) != len(identifiants):
        return ligne.faute(
            "lib_ti", f"{len(noms)} nom{'s' if len(noms) > 1 else ''} pour {len(identifiants)} identifiants"
        )
    for identifiant in identifiants:
        if cause := abime_par_le_tableur(identifiant):
            return ligne.faute("id_ti", cause)
        if len(identifiant) > IDENTIFIANT_MAX:
            return ligne.faute("id_ti", f"plus de {IDENTIFIANT_MAX} caractères")
    paires = [(identifiant, en_une_ligne(nom).strip()) for identifiant, nom in zip(identifiants, noms, strict=False)]
    if any(not nom or len(nom) > NOM_MAX for _, nom in paires):
        return ligne.faute("lib_ti", f"un nom de 1 à {NOM_MAX} caractères est attendu")
    return paires


def _membre(ligne: Ligne, id_ti: str, nom: str) -> LigneTI | Faute:
    cellules = ligne.cellules
    if cause := abime_par_le_tableur(cellules["siren_groupement"]):
        return ligne.faute("siren_groupement", cause)
    siren = siren_compact(cellules["siren_groupement"])
    if not siren_valide(siren):
        return ligne.faute("siren_groupement", "ce n’est pas un numéro SIREN")
    nature = cellules["nature_juridique"]
    if nature not in NatureMembre.values:
        conseil = f"\u00a0; écrivez {nature.upper()}" if nature.upper() in NatureMembre.values else ""
        connues = ", ".join(NatureMembre.values)
        return ligne.faute("nature_juridique", f"cette nature juridique n’est pas connue ({connues}){conseil}")
    libelle = en_une_ligne(cellules["lib_groupement"])[:NOM_MAX] or siren
    return LigneTI(id_ti, nom, NatureMembre(nature), libelle, siren=siren, numero=ligne.numero)


def _commune(ligne: Ligne, id_ti: str, nom: str) -> LigneTI | Faute:
    if cause := abime_par_le_tableur(ligne.cellules["insee_com"]):
        return ligne.faute("insee_com", cause)
    # Spreadsheets eat the leading zero of Ain to Ariège.
    code = ligne.cellules["insee_com"].upper().zfill(5)
    if len(code) != 5 or not code[2:].isdigit():
        return ligne.faute("insee_com", "ce n’est pas un code INSEE de commune")
    libelle = en_une_ligne(ligne.cellules["lib_com"])[:NOM_MAX] or code
    return LigneTI(id_ti, nom, NatureMembre.COMMUNE, libelle, code_commune=code, numero=ligne.numero)
