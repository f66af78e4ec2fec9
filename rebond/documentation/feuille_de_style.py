"""The part of the State's design system (DSFR) that pages use, as one style sheet: a visitor on a slow line reads no
page before its style sheets have come, and the whole system weighs 1.2 MB.

A rule is kept when every class that it names is written somewhere in a template, a module or a script of the portal;
what a template completes (« fr-badge--{{ genre }} ») keeps all that begins so, and what the scripts of the DSFR add to
a component goes with it. Rules for Internet Explorer are left out: it reads no colour of the DSFR.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import tinycss2
from django.apps import apps

RACINE = Path(__file__).resolve().parent.parent.parent
FEUILLE = Path("static/rebond/vendor/dsfr.css")
#: Of the same rules, those of the dark theme, for a browser without scripts whose system is dark.
SOMBRE = Path("static/rebond/vendor/sans-script-sombre.css")
THEME_SOMBRE = "[data-fr-theme=dark]"
SOURCES = ("dsfr.min.css", "utility/utility.min.css")
#: From the folder of `FEUILLE` to that of the sources.
VERS_LES_SOURCES = "../../dsfr/dist/"
PREFIXE = "fr-"
ECRITE = re.compile(r"(?<![\w-])fr-[a-z0-9_-]*(\{(?!%))?")
COMPOSANT = re.compile(r"(?:fr-)?([a-z0-9]+)")
DANS_UN_SCRIPT = re.compile(r"[\"'`]([a-z][a-z0-9]*(?:[-_]+[a-z0-9]+)*)[\"'`]")
#: « min-width:0\\0 » is a condition that it alone takes for one.
POUR_INTERNET_EXPLORER = ("-ms-", "\ufffd")
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
LICENCE = "/*! Tiré du Système de Design de l’État, {version} (MIT) : « manage.py documenter ». */\n"


def feuille() -> str:
    choix = _Choix()
    regles = [regle for nom in SOURCES for regle in choix.regles(_lue(nom), dossier=Path(nom).parent.as_posix())]
    lues = set(VARIABLE.findall("".join(_nos_feuilles())))
    return LICENCE.format(version=_version()) + "\n".join(_sans_variables_inutiles(regles, lues)) + "\n"


def sombre(feuille: str) -> str:
    """What `feuille` keeps for the script that sets the theme, as the browser alone can apply it."""
    lues = tinycss2.parse_stylesheet(feuille, skip_comments=True, skip_whitespace=True)
    regles = ["@media screen and (prefers-color-scheme:dark){", *_pour_le_sombre(lues), "}"]
    return LICENCE.format(version=_version()) + "\n".join(regles) + "\n"


def _pour_le_sombre(regles: Iterable[Any]) -> Iterator[str]:
    for regle in regles:
        if regle.type == "qualified-rule":
            choisis = [tinycss2.serialize(lu).strip() for lu in _selecteurs(regle.prelude)]
            # The attribute is never there without a script; the weight of the selector is kept.
            tete = ",".join(
                ":root:not([data-fr-theme])" + lu.partition(THEME_SOMBRE)[2]
                for lu in choisis
                if lu.removeprefix(":root").startswith(THEME_SOMBRE)
            )
            if tete:
                yield f"{tete}{{{tinycss2.serialize(regle.content)}}}"
        elif regle.type == "at-rule" and regle.at_keyword == "media":
            dedans = "".join(_pour_le_sombre(tinycss2.parse_rule_list(regle.content, skip_whitespace=True)))
            if dedans:
                yield f"@media{tinycss2.serialize(regle.prelude)}{{{dedans}}}"


class _Choix:
    """What is kept, by the classes that are written somewhere."""

    def __init__(self) -> None:
        self.classes: set[str] = set()
        debuts: set[str] = set()
        for texte in _nos_textes():
            for trouvee in ECRITE.finditer(texte):
                mot = trouvee.group().removesuffix("{")
                (debuts if trouvee.group(1) or mot.endswith("-") else self.classes).add(mot)
        # « fr- » alone begins everything.
        self.debuts = tuple(debuts - {PREFIXE})
        composants = {_composant(classe) for classe in (*self.classes, *self.debuts)}
        # « modal--opened » is written there in two words.
        self.mots_des_scripts = set(DANS_UN_SCRIPT.findall(_lue("dsfr.module.min.js")))
        self.classes |= {f"{PREFIXE}{mot}" for mot in self.mots_des_scripts if _composant(mot) in composants}

    def regles(self, texte: str, *, dossier: str) -> Iterator[str]:
        lues = tinycss2.parse_stylesheet(texte, skip_comments=True, skip_whitespace=True)
        return (_adresses(regle, dossier) for regle in self._retenues(lues))

    def _retenues(self, regles: Iterable[Any]) -> Iterator[str]:
        for regle in regles:
            if regle.type == "qualified-rule":
                choisis = [selecteur for selecteur in _selecteurs(regle.prelude) if self._servent(selecteur)]
                if choisis:
                    tete = ",".join(tinycss2.serialize(choisi).strip() for choisi in choisis)
                    yield f"{tete}{{{tinycss2.serialize(regle.content)}}}"
            elif regle.type == "at-rule" and regle.at_keyword in ("media", "supports"):
                condition = tinycss2.serialize(regle.prelude)
                dedans = "".join(self._retenues(tinycss2.parse_rule_list(regle.content, skip_whitespace=True)))
                if dedans and not any(signe in condition for signe in POUR_INTERNET_EXPLORER):
                    yield f"@{regle.at_keyword}{condition}{{{dedans}}}"
            elif regle.type == "at-rule" and regle.at_keyword != "charset":
                yield regle.serialize()

    def _servent(self, selecteur: list[Any]) -> bool:
        """What is inside of « :not() » need not be written anywhere."""
        classes = [
            mot.value
            for point, mot in pairwise(selecteur)
            if point.type == "literal" and point.value == "." and mot.type == "ident"
        ]
        return all(self._sert(classe) for classe in classes)

    def _sert(self, classe: str) -> bool:
        nom, _, etat = classe.partition("--")
        return (
            classe in self.classes
            or classe.startswith(self.debuts)
            or not classe.startswith(PREFIXE)
            or (nom in self.classes and etat in self.mots_des_scripts)
        )


def _composant(classe: str) -> str:
    trouve = COMPOSANT.match(classe)
    return trouve.group(1) if trouve else classe


def _selecteurs(prelude: list[Any]) -> list[list[Any]]:
    selecteurs: list[list[Any]] = [[]]
    for signe in prelude:
        if signe.type == "literal" and signe.value == ",":
            selecteurs.append([])
        else:
            selecteurs[-1].append(signe)
    return selecteurs


def _adresses(regle: str, dossier: str) -> str:
    """Seen from where the sheet is."""

    def reecrite(trouvee: re.Match[str]) -> str:
        adresse = trouvee.group(1).strip("\"'")
        if adresse.startswith(("data:", "#")):
            return trouvee.group()
        racine = Path("/")
        chemin = (racine / dossier / adresse.partition("?")[0].partition("#")[0]).resolve().relative_to(racine)
        return f'url("{VERS_LES_SOURCES}{chemin}")'

    return re.sub(r"url\(([^)]*)\)", reecrite, regle)


def _sans_variables_inutiles(regles: list[str], lues: set[str]) -> Iterator[str]:
    """Without the custom properties that nothing kept reads, be it through another one."""
    declaration = re.compile(r"(?<![\w-])(--[\w-]+)\s*:([^;{}]*);?")
    valeurs: dict[str, str] = {}
    for regle in regles:
        for nom, valeur in declaration.findall(regle):
            valeurs[nom] = valeurs.get(nom, "") + valeur
        lues |= set(VARIABLE.findall(declaration.sub("", regle)))
    a_lire = list(lues)
    while a_lire:
        nouvelles = set(VARIABLE.findall(valeurs.get(a_lire.pop(), ""))) - lues
        lues |= nouvelles
        a_lire += nouvelles
    vide = re.compile(r"^[^{]*\{\s*\}$")
    for regle in regles:
        allegee = declaration.sub(lambda lue: lue.group() if lue.group(1) in lues else "", regle)
        if not vide.match(allegee):
            yield allegee


def _nos_textes() -> Iterator[str]:
    paquets = ("rebond", "territoires", "candidatures", "projets")
    for dossier, fin in (("templates", "html"), ("static/rebond", "js"), *((paquet, "py") for paquet in paquets)):
        for chemin in sorted((RACINE / dossier).rglob(f"*.{fin}")):
            if "vendor" not in chemin.parts:
                yield chemin.read_text()


def _nos_feuilles() -> Iterator[str]:
    for chemin in sorted((RACINE / "static/rebond").glob("*.css")):
        yield chemin.read_text()


def _lue(nom: str) -> str:
    return (_dsfr() / nom).read_text()


def _version() -> str:
    trouvee = re.search(r"DSFR v?[\d.]+", _lue("dsfr.min.css"))
    return trouvee.group() if trouvee else "DSFR"


def _dsfr() -> Path:
    return Path(apps.get_app_config("dsfr").path) / "static/dsfr/dist"
