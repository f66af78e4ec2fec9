"""Small faults, one at a time, in the tree of a module: what a slip of the hand or of the mind would have written.

Sentences are left alone: their wording is not a rule.
"""

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

INVERSES: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
CALCULS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
JUMEAUX = {"min": "max", "max": "min", "any": "all", "all": "any"}
# Steps of a query, which it may lack.
SELECTIONS = {"filter", "exclude", "order_by", "distinct", "select_for_update"}
# Types, and what a decorator makes, are judged when the module is checked or loaded.
HORS_SUJET = {"annotation", "returns", "decorator_list", "format_spec", "type_params"}


@dataclass(frozen=True)
class Mutant:
    """`fonction`: first line of the outermost function that holds the fault; None when loading the module does."""

    chemin: str
    ligne: int
    fonction: int | None
    avant: str
    apres: str
    code: ast.Module

    @property
    def nom(self) -> str:
        return f"{self.chemin}:{self.ligne} · {self.avant} → {self.apres}"


def mutants(chemin: str) -> Iterator[Mutant]:
    """Every fault that the module of this path (from the root of the repository) may be given."""
    arbre = ast.parse(Path(chemin).read_text())
    for rang, (noeud, fonction) in enumerate(_noeuds(arbre, None)):
        for choix, remplacant in enumerate(_remplacants(noeud)):
            copie = deepcopy(arbre)
            vise = next(n for i, (n, _) in enumerate(_noeuds(copie, None)) if i == rang)
            nouveau = list(_remplacants(vise))[choix]
            vise.__class__, vise.__dict__ = nouveau.__class__, nouveau.__dict__  # type: ignore[assignment]
            yield Mutant(
                chemin,
                getattr(noeud, "lineno", 0),
                fonction,
                _texte(noeud),
                _texte(remplacant),
                ast.fix_missing_locations(copie),
            )


def _texte(noeud: ast.AST) -> str:
    return " ".join(ast.unparse(noeud).split()) or "(rien)"


def _noeuds(noeud: ast.AST, fonction: int | None) -> Iterator[tuple[ast.AST, int | None]]:
    yield noeud, fonction
    for champ, valeur in ast.iter_fields(noeud):
        if champ in HORS_SUJET:
            continue
        dedans = fonction
        if isinstance(noeud, ast.FunctionDef) and champ == "body" and fonction is None:
            dedans = min([noeud.lineno, *(d.lineno for d in noeud.decorator_list)])
        for enfant in valeur if isinstance(valeur, list) else [valeur]:
            if isinstance(enfant, ast.AST) and not _est_un_texte(enfant):
                yield from _noeuds(enfant, dedans)


def _est_un_texte(noeud: ast.AST) -> bool:
    """A docstring, the value and the label of a member of an enumeration, `__all__`."""
    match noeud:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(value=ast.Tuple(elts=[ast.Constant(value=str()), ast.Constant(value=str())])):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case _:
            return False


def _remplacants(noeud: ast.AST) -> Iterator[ast.AST]:
    match noeud:
        case ast.Compare(ops=[operateur]):
            for inverse in INVERSES[type(operateur)]:
                yield _avec(noeud, ops=[inverse()])
        case ast.Compare(ops=ops):
            for i, operateur in enumerate(ops):
                for inverse in INVERSES[type(operateur)]:
                    yield _avec(noeud, ops=[*ops[:i], inverse(), *ops[i + 1 :]])
        case ast.BoolOp(op=op, values=valeurs):
            yield _avec(noeud, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            yield from (_avec(noeud, values=reste) for reste in _sans_un(valeurs))
        case ast.UnaryOp(op=ast.Not(), operand=nie):
            yield deepcopy(nie)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if not isinstance(test, ast.Compare):
            yield _avec(noeud, test=_copie_placee(ast.UnaryOp(ast.Not(), deepcopy(test)), test))
        case ast.comprehension(ifs=ifs):
            yield from (_avec(noeud, ifs=reste) for reste in _sans_un(ifs))
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in CALCULS:
            yield _avec(noeud, op=CALCULS[type(op)]())
        case ast.Constant(value=bool(valeur)):
            yield _avec(noeud, value=not valeur)
        case ast.Constant(value=int(nombre)):
            yield _avec(noeud, value=nombre + 1)
            if nombre > 1:
                yield _avec(noeud, value=0)
        case (
            ast.Set(elts=elements) | ast.Tuple(elts=elements, ctx=ast.Load()) | ast.List(elts=elements, ctx=ast.Load())
        ):
            yield from (_sans_element(noeud, reste) for reste in _sans_un(elements))
        case ast.Dict(keys=cles, values=valeurs):
            for i in range(len(cles)):
                yield _avec(noeud, keys=cles[:i] + cles[i + 1 :], values=valeurs[:i] + valeurs[i + 1 :])
        case ast.Call():
            yield from _appels(noeud)
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield _copie_placee(ast.Pass(), noeud)
        case _:
            return


def _appels(appel: ast.Call) -> Iterator[ast.AST]:
    match appel.func:
        case ast.Name(id=nom) if nom in JUMEAUX:
            yield _avec(appel, func=_copie_placee(ast.Name(JUMEAUX[nom], ast.Load()), appel.func))
        case ast.Attribute(value=requete, attr=nom) if nom in SELECTIONS:
            yield deepcopy(requete)
            if len(appel.keywords) > 1:
                yield from (_avec(appel, keywords=reste) for reste in _sans_un(appel.keywords))
        case _:
            return


def _sans_un(elements: list) -> Iterator[list]:
    return (elements[:i] + elements[i + 1 :] for i in range(len(elements)))


def _sans_element(noeud: ast.Set | ast.Tuple | ast.List, reste: list[ast.expr]) -> ast.AST:
    if isinstance(noeud, ast.Set) and not reste:
        # Python has no literal for it.
        return _copie_placee(ast.Call(ast.Name("set", ast.Load()), [], []), noeud)
    return _avec(noeud, elts=reste)


def _avec(noeud: ast.AST, **champs: object) -> ast.AST:
    copie = deepcopy(noeud)
    for nom, valeur in champs.items():
        setattr(copie, nom, deepcopy(valeur))
    return copie


def _copie_placee(nouveau: ast.AST, modele: ast.AST) -> ast.AST:
    return ast.copy_location(nouveau, modele)
