"""How often one may try to come in: by address and by account, and apart for a browser that is known.

What a stranger sends is counted for the address it comes from, then for the account that it names. A browser where
that account signed in before has a count of its own, so that neither the failures of a whole building nor those of
somebody who picked that account close its door; once that count is spent, it is a stranger like any other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.core.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from rebond.comptes import appareils
from rebond.socle.requete import compteurs
from rebond.socle.requete.compteurs import Limite
from rebond.socle.requete.visiteur import origine

Suite = Callable[[HttpRequest], HttpResponse]

# Where the addresses of accounts begin (`rebond.urls`).
ENTREES = "compte/"

# Forms sent to one page of accounts by whoever is not signed in.
ENVOIS_D_UNE_ADRESSE = Limite("envois-adresse", 20, 60)
ENVOIS_D_UN_CONNU = Limite("envois-connu", 20, 60)
# Wrong passwords. Ten for an address: people of one building type theirs wrong too.
ECHECS_D_UNE_ADRESSE = Limite("echecs-adresse", 10, 60)
ECHECS_SUR_UN_COMPTE = Limite("echecs-compte", 5, 300)
ECHECS_D_UN_APPAREIL = Limite("echecs-appareil", 5, 300)
# Letters that somebody asks for: codes to come in, codes to change a password.
LETTRES_A_UN_COMPTE = Limite("lettres-compte", 5, 60)
LETTRES_POUR_UN_APPAREIL = Limite("lettres-appareil", 5, 60)


@dataclass(frozen=True)
class Essai:
    """What was counted for an attempt that is allowed."""

    comptes: tuple[tuple[Limite, str], ...]

    def rendre(self) -> None:
        """It was not a failure."""
        for limite, sujet in self.comptes:
            compteurs.rendre(limite, sujet)


def essayer_un_mot_de_passe(request: HttpRequest, adresse: str) -> Essai | None:
    """Count a failure beforehand, since many may be tried at once; None when it may not be tried."""
    compte = _compte(adresse)
    appareil = _appareil(request, adresse)
    if appareil and compteurs.admis(ECHECS_D_UN_APPAREIL, appareil):
        return Essai(((ECHECS_D_UN_APPAREIL, appareil),))
    # The address first: one that is out of attempts takes none from the account.
    comptes = ((ECHECS_D_UNE_ADRESSE, origine(request)), (ECHECS_SUR_UN_COMPTE, compte))
    return Essai(comptes) if all(compteurs.admis(limite, sujet) for limite, sujet in comptes) else None


def lettre_admise(request: HttpRequest, adresse: str) -> bool:
    """Whether one more letter may be asked for this address. The same for one that has no account."""
    appareil = _appareil(request, adresse)
    if appareil and compteurs.admis(LETTRES_POUR_UN_APPAREIL, appareil):
        return True
    return compteurs.admis(LETTRES_A_UN_COMPTE, _compte(adresse))


def est_connu(request: HttpRequest, adresse: str) -> bool:
    """Whether this browser is one where the account of `adresse` signed in: no stranger asks there."""
    return bool(_appareil(request, adresse))


def demande_admise(request: HttpRequest, *, d_une_adresse: Limite, d_un_connu: Limite, quoi: str = "") -> bool:
    """Whether an anonymous request for `quoi` is within these limits.

    A known browser counts with its account's others: nobody gets more by signing in again and again.
    """
    connu = appareils.dernier_compte(request)
    if connu and compteurs.admis(d_un_connu, f"{connu} {quoi}"):
        return True
    return compteurs.admis(d_une_adresse, f"{origine(request)} {quoi}")


def oublier_les_echecs(adresse: str) -> None:
    """Those of strangers on an account whose holder has just proven that they are no stranger."""
    compteurs.oublier(ECHECS_SUR_UN_COMPTE, _compte(adresse))


class EntreesLimiteesMiddleware:
    """Every form sent to the pages of accounts by somebody who is not signed in, whichever it is."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _vue: Callable[..., HttpResponseBase], _arguments: Any, _options: Any
    ) -> HttpResponse | None:
        chemin = request.resolver_match.route if request.resolver_match else ""
        if request.method != "POST" or not chemin.startswith(ENTREES) or request.user.is_authenticated:
            return None
        if demande_admise(request, d_une_adresse=ENVOIS_D_UNE_ADRESSE, d_un_connu=ENVOIS_D_UN_CONNU, quoi=chemin):
            return None
        refus: HttpResponse = respond_429(request)
        return refus


def _appareil(request: HttpRequest, adresse: str) -> str:
    """A session is worth a known browser."""
    personne = request.user
    if personne.is_authenticated and _compte(personne.email) == _compte(adresse):
        return f"session-{personne.pk}"
    return appareils.appareil_de(request, adresse)


def _compte(adresse: str) -> str:
    return adresse.strip().lower()
