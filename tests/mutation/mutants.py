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
HORS_SUJET = {"annotation", "returns", "bases", "decorator_list", "format_spec", "type_params"}


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
            vise.__class__, vise.__dict__ = nouveau.__class__, nouveau.__dict__
            yield Mutant(
                chemin,
                _ligne(noeud),
                fonction,
                _texte(noeud),
                _texte(remplacant),
                ast.fix_missing_locations(copie),
            )


def _ligne(noeud: ast.AST) -> int:
    """Where a node begins; a `for … in` inside an expression has no line but that of what it names."""
    return int(noeud.target.lineno if isinstance(noeud, ast.comprehension) else getattr(noeud, "lineno", 0))


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
    for famille in (_conditions, _valeurs, _elements, _appels, _instructions):
        yield from famille(noeud)


def _conditions(noeud: ast.AST) -> Iterator[ast.AST]:
    match noeud:
        case ast.Compare(ops=ops):
            for i, operateur in enumerate(ops):
                for inverse in INVERSES[type(operateur)]:
                    yield _avec(noeud, ops=[*ops[:i], inverse(), *ops[i + 1 :]])
        case ast.BoolOp(op=op, values=valeurs):
            yield _avec(noeud, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            for reste in _sans_un(valeurs):
                yield deepcopy(reste[0]) if len(reste) == 1 else _avec(noeud, values=reste)
        case ast.UnaryOp(op=ast.Not(), operand=nie):
            yield deepcopy(nie)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if not isinstance(test, ast.Compare):
            yield _avec(noeud, test=ast.copy_location(ast.UnaryOp(ast.Not(), deepcopy(test)), test))
        case ast.comprehension(ifs=ifs):
            yield from (_avec(noeud, ifs=reste) for reste in _sans_un(ifs))


def _valeurs(noeud: ast.AST) -> Iterator[ast.AST]:
    match noeud:
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in CALCULS:
            yield _avec(noeud, op=CALCULS[type(op)]())
        case ast.Constant(value=bool(valeur)):
            yield _avec(noeud, value=not valeur)
        case ast.Constant(value=int(nombre)):
            yield _avec(noeud, value=nombre + 1)
            if nombre > 1:
                yield _avec(noeud, value=0)


def _elements(noeud: ast.AST) -> Iterator[ast.AST]:
    match noeud:
        case ast.Set(elts=[_]):
            # Python has no literal for the empty set.
            yield ast.copy_location(ast.Call(ast.Name("set", ast.Load()), [], []), noeud)
        case ast.Set(elts=elements) | ast.Tuple(elts=elements, ctx=ast.Load()) | ast.List(elts=elements):
            yield from (_avec(noeud, elts=reste) for reste in _sans_un(elements))
        case ast.Dict(keys=cles, values=valeurs):
            yield from (
                _avec(noeud, keys=restantes, values=autres)
                for restantes, autres in zip(_sans_un(cles), _sans_un(valeurs), strict=True)
            )


def _instructions(noeud: ast.AST) -> Iterator[ast.AST]:
    match noeud:
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.copy_location(ast.Pass(), noeud)


def _appels(noeud: ast.AST) -> Iterator[ast.AST]:
    match noeud:
        case ast.Call(func=ast.Name(id=nom)) if nom in JUMEAUX:
            yield _avec(noeud, func=ast.copy_location(ast.Name(JUMEAUX[nom], ast.Load()), noeud.func))
        case ast.Call(func=ast.Attribute(value=requete, attr=nom), keywords=mots) if nom in SELECTIONS:
            yield deepcopy(requete)
            if len(mots) > 1:
                yield from (_avec(noeud, keywords=reste) for reste in _sans_un(mots))


def _sans_un(elements: list) -> Iterator[list]:
    return (elements[:i] + elements[i + 1 :] for i in range(len(elements)))


def _avec(noeud: ast.AST, **champs: object) -> ast.AST:
    copie = deepcopy(noeud)
    for nom, valeur in champs.items():
        setattr(copie, nom, deepcopy(valeur))
    return copie
