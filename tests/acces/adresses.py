"""Every address of the portal, and how one is made for an object of the decor."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from tests.acces.monde import ABSENT

# What no object of the decor bears, by the type of the argument.
ABSENTS = {"int": ABSENT, "slug": "inconnue", "str": "inconnue", "jour": "2021-01-01"}
ABSENTS |= {"uuid": "00000000-0000-4000-8000-000000000000"}


@dataclass(frozen=True)
class Adresse:
    """`route` is that of Django, « /candidatures/<int:pk>/ »; `arguments` gives the type of each argument. `a_nous`:
    its view is the portal's own, not a library's nor made of one."""

    nom: str
    route: str
    arguments: Mapping[str, str]
    a_nous: bool

    def pour(self, valeurs: Mapping[str, Any]) -> str:
        """For one object; a value may be said for this address alone (« piece_de_message piece_pk »)."""
        return self._ecrire({argument: self._valeur(argument, valeurs) for argument in self.arguments})

    def absente(self, valeurs: Mapping[str, Any], *arguments: str) -> str:
        """The same, but for `arguments` (all of them by default) that nothing bears."""
        choisies = arguments or tuple(self.arguments)
        return self._ecrire(
            {
                argument: ABSENTS[type_] if argument in choisies else self._valeur(argument, valeurs)
                for argument, type_ in self.arguments.items()
            }
        )

    def va_a(self, valeurs: Mapping[str, Any]) -> bool:
        return all(self._valeur(argument, valeurs) is not None for argument in self.arguments)

    def cles(self, argument: str) -> tuple[str, str, str]:
        """Where its value is said, the most particular first."""
        return f"{self.nom} {argument}", f"{self.nom.rpartition(':')[2]} {argument}", argument

    def _valeur(self, argument: str, valeurs: Mapping[str, Any]) -> Any:
        return next((valeurs[cle] for cle in self.cles(argument) if cle in valeurs), None)

    def _ecrire(self, valeurs: Mapping[str, Any]) -> str:
        chemin = self.route
        for argument, type_ in self.arguments.items():
            chemin = chemin.replace(f"<{type_}:{argument}>", str(valeurs[argument]))
        return chemin


def adresses() -> dict[str, Adresse]:
    """Two routes of one name say what they take: « instruction:proces_verbal(numero,rang) »; of two views at one
    address, the first answers."""
    trouvees: list[Adresse] = []
    for adresse in _adresses(get_resolver().url_patterns):
        if adresse.route not in {deja.route for deja in trouvees}:
            trouvees.append(adresse)
    fois = Counter(adresse.nom for adresse in trouvees)
    return {
        f"{adresse.nom}({','.join(adresse.arguments)})" if fois[adresse.nom] > 1 else adresse.nom: adresse
        for adresse in trouvees
    }


def _adresses(
    motifs: list[URLPattern | URLResolver],
    espace: str = "",
    debut: str = "/",
    deja: Mapping[str, str] | None = None,
) -> Iterator[Adresse]:
    """`deja`: the arguments of the part of the address, `debut`, that was read before."""
    for motif in motifs:
        route = motif.pattern
        chemin = debut + str(route)
        arguments = {**(deja or {}), **{nom: _type(chemin, nom) for nom in getattr(route, "converters", ())}}
        if isinstance(motif, URLResolver):
            suite = f"{motif.namespace}:" if motif.namespace else espace
            yield from _adresses(motif.url_patterns, suite, chemin, arguments)
        else:
            assert isinstance(route, RoutePattern), f"{chemin} : une route sans expression rationnelle"
            lignee = (motif.callback, *getattr(motif.callback, "view_class", object).__mro__)
            a_nous = not any(vue.__module__.startswith("allauth.") for vue in lignee)
            yield Adresse(f"{espace}{motif.name}", chemin, arguments, a_nous)


def _type(chemin: str, nom: str) -> str:
    return chemin.partition(f":{nom}>")[0].rpartition("<")[2]
