"""Asking the address of a list again, later and elsewhere, in the name of somebody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.urls import Resolver404, resolve

from rebond.comptes.habilitations import habilitations_de
from rebond.comptes.securite.preuves import ATTRIBUT, Preuves
from rebond.socle.listes import Extrait
from rebond.socle.texte.caracteres import en_une_ligne
from rebond.socle.utilisateur import Utilisateur

#: Where the view of an address keeps the one that answers its `Extrait`.
PREPARER = "preparer"


@dataclass(frozen=True)
class Adresse:
    """One address of export, read: « /missions/3/projets.csv » and what it was asked, clean, page left out."""

    chemin: str
    demande: str
    format_: str
    preparer: Callable[..., HttpResponseBase]
    arguments: dict[str, Any]

    @classmethod
    def lire(cls, chemin: str, demande: str) -> "Adresse":
        """Raises Http404 for what exports nothing."""
        try:
            trouvee = resolve(chemin)
        except Resolver404:
            raise Http404 from None
        preparer = getattr(trouvee.func, PREPARER, None)
        if preparer is None:
            raise Http404
        recu = QueryDict(demande)
        net = [(cle, en_une_ligne(valeur)) for cle in recu if cle != "page" for valeur in recu.getlist(cle)]
        arguments = dict(trouvee.kwargs)
        return cls(chemin, urlencode(net), arguments.pop("format_"), preparer, arguments)

    def relire(self, personne: Utilisateur) -> tuple[Extrait, HttpRequest]:
        """What this person would get there now, by the view's own guards. Raises Http404 as it does."""
        request = HttpRequest()
        request.method = "GET"
        request.path = request.path_info = self.chemin
        request.GET = QueryDict(self.demande)
        request.user = personne
        reponse = self.preparer(request, **self.arguments)
        if not isinstance(reponse, Extrait):
            raise Http404
        return reponse, request


def avec_les_preuves(personne: Utilisateur, *, second_facteur: bool, proconnect: bool) -> Utilisateur:
    """The person as in the session that asked."""
    setattr(personne, ATTRIBUT, Preuves(second_facteur=second_facteur, proconnect=proconnect))
    return personne


def preuves_de(personne: Utilisateur) -> Preuves:
    """Of their session; whoever has none is asked nothing."""
    return getattr(personne, ATTRIBUT, None) or Preuves(second_facteur=True, proconnect=True)


def cles_des_habilitations(personne: Utilisateur) -> list[int]:
    return sorted(habilitation.pk for habilitation in habilitations_de(personne))
