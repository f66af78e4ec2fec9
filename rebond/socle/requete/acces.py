"""Writing the journal of accesses: once the answer is made, outside of what a GET may only read, never in its way."""

import logging
from collections.abc import Callable
from email.message import EmailMessage

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url

from rebond.journalisation import sans_secret
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.acces import Acces
from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.requete.visiteur import adresse_du_visiteur
from rebond.socle.texte.caracteres import en_une_ligne
from rebond.socle.utilisateur import Utilisateur

Suite = Callable[[HttpRequest], HttpResponse]

journal = logging.getLogger(__name__)

#: What a guard of views leaves on a request: the roles in whose name it let somebody in.
ROLES = "roles_employes"
#: Where a code that was sent is typed: the same page again means that it was wrong.
CODES = frozenset(
    f"account_{nom}" for nom in ("confirm_login_code", "confirm_password_reset_code", "email_verification_sent")
)
#: Where a passkey answers.
CLES = frozenset({"mfa_authenticate", "mfa_login_webauthn", "mfa_reauthenticate_webauthn"})
#: What a view leaves on a request when reading it is itself kept: (nature, object).
A_CONSIGNER = "acces_a_consigner"
#: The address under which it is kept, when it is not its own: that of the list from which a file was made.
CHEMIN = "chemin_consigne"
TABLEAUX = frozenset({"csv", "xlsx", "ods", "json", "jsonl"})
LOT = 5000
REFUSEES = frozenset({403, 404, 409})


class JournalDesAccesMiddleware:
    """Every file that somebody signed in is given, whichever view gives it: a view made tomorrow needs say nothing.

    A table is one by the ending of its name. What a visitor may read is nobody's access; nor is the map, nor a script.
    """

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reponse = self.get_response(request)
        lu = _lu(request, reponse)
        if lu is not None:
            nature, objet = lu
            noter(request, nature, objet=objet)
        _dire_le_refus(request, reponse)
        return reponse


def _dire_le_refus(request: HttpRequest, reponse: HttpResponseBase) -> None:
    """In the log of the process: somebody signed in asked for what is not theirs, is not there or breaks a rule.

    The name of the page and the numbers of its address alone: the rest may be a secret, or somebody's words.
    """
    trouve = request.resolver_match
    if reponse.status_code not in REFUSEES or trouve is None or not request.user.is_authenticated:
        return
    numeros = " ".join(str(valeur) for valeur in trouve.kwargs.values() if isinstance(valeur, int))
    journal.warning(
        "Refusé (%d) : compte %s, %s %s, de %s",
        reponse.status_code,
        request.user.pk,
        request.method,
        f"{trouve.view_name} {numeros}".strip(),
        adresse_du_visiteur(request),
    )


def consigner_la_lecture(request: HttpRequest, nature: NatureAcces, objet: str) -> None:
    """To be called by a view that only reads: the entry is written once its page is made."""
    setattr(request, A_CONSIGNER, (nature, objet))


def consigner_l_adresse(request: HttpRequest, lue: HttpRequest) -> None:
    """What `request` is given was made of what `lue` asks: kept under the address and the roles of the latter."""
    setattr(request, CHEMIN, lue.path)
    setattr(request, ROLES, getattr(lue, ROLES, ()))


def noter(
    request: HttpRequest,
    nature: NatureAcces,
    *,
    personne: Utilisateur | None = None,
    tape: str = "",
    objet: str = "",
) -> None:
    """Write one entry. `personne`: whoever is signed in unless said; `tape`: what a stranger gave for an address.

    Never raises: what people came for does not depend on it. An entry that could not be written is logged.
    """
    connue = personne or (request.user if isinstance(request.user, Utilisateur) else None)
    entree = Acces(
        nature=nature,
        personne_id_copie=connue.pk if connue else None,
        personne=en_une_ligne(connue.email if connue else tape)[:254],
        roles=", ".join(getattr(request, ROLES, ()))[:200],
        chemin=sans_secret(getattr(request, CHEMIN, request.path))[:300],
        objet=en_une_ligne(objet)[:300],
        adresse=adresse_du_visiteur(request),
        navigateur=en_une_ligne(request.headers.get("User-Agent", ""))[:200],
    )
    try:
        with transaction.atomic():
            entree.save(force_insert=True)
    except DatabaseError:
        journal.exception("Accès non consigné : %s, compte %s.", nature, entree.personne_id_copie)


def oublier_les_perimes() -> int:
    """Take away what has served its time, by batches; return how many."""
    perimes = Acces.objects.perimes(horloge_base()).order_by("pk").values("pk")[:LOT]
    return Acces.objects.filter(pk__in=perimes).delete()[0]


def _lu(request: HttpRequest, reponse: HttpResponseBase) -> tuple[NatureAcces, str] | None:
    if not hasattr(request, "user"):
        return None
    if request.method == "POST":
        return _preuve_refusee(request, reponse)
    if reponse.status_code != 200 or request.method not in {"GET", "HEAD"}:
        return None
    if voulu := getattr(request, A_CONSIGNER, None):
        nature, objet = voulu
        return nature, objet
    if not request.user.is_authenticated:
        return None
    nom = nom_de_fichier(reponse.headers.get("Content-Disposition", ""))
    if not nom or "public" in reponse.headers.get("Cache-Control", ""):
        return None
    return (NatureAcces.EXPORT if nom.rpartition(".")[2].lower() in TABLEAUX else NatureAcces.DOCUMENT), nom


def _preuve_refusee(request: HttpRequest, reponse: HttpResponseBase) -> tuple[NatureAcces, str] | None:
    """What no signal tells: the page of a code is shown again; a key leads back to where one signs in."""
    nom = request.resolver_match.view_name if request.resolver_match else ""
    if nom in CODES and reponse.status_code == 200:
        return NatureAcces.ECHEC, "Code refusé"
    renvoyee = reponse.headers.get("Location") == resolve_url(settings.LOGIN_URL)
    if nom in CLES and "credential" in request.POST and (renvoyee or reponse.status_code == 200):
        return NatureAcces.ECHEC, "Clé d’accès refusée"
    return None


def nom_de_fichier(disposition: str) -> str:
    """The name in a `Content-Disposition` (RFC 6266); empty for a page."""
    if not disposition:
        return ""
    message = EmailMessage()
    message["Content-Disposition"] = disposition
    return nom_propre(message.get_filename() or "fichier")
