"""A form that is sent twice acts once: double clicks, reloads and networks that hesitate.

Every form of the portal carries a key drawn with its page (the `{% csrf_token %}` of `templatetags.envois`). The
request that acts writes that key in the act's own transaction; the same request again, even at the same instant on
another connection, waits for the first one and gets its answer. The same key with other words (one goes back, corrects
and sends) is another request.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib.messages import ERROR, add_message, get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from rebond.socle.bdd import verrous
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.requete.champs_de_page import CLE_D_ENVOI, PROPRES_A_LA_PAGE
from rebond.socle.requete.models import Envoi
from rebond.socle.utilisateur import Utilisateur

# A page older than the keys, or a program, carries none: the same thing again, with nothing in between, is once.
SANS_CLE = timedelta(minutes=1)
CONSERVATION = timedelta(days=7)

Vue = Callable[..., HttpResponseBase]


def une_seule_fois(vue: Vue) -> Vue:
    """Decorator, written last: the POST of somebody signed in acts once, whatever the number of times it is sent.

    An act ends with a redirection, which is kept with what it said. Any other answer (a refusal, a page to correct)
    is not an act, and may be asked for again.
    """
    return _gardienne(vue, sans_cle=SANS_CLE)


def une_fois_par_cle(vue: Vue) -> Vue:
    """The same for an act that one repeats on purpose (« monter », « monter »): without a key, each request counts."""
    return _gardienne(vue, sans_cle=timedelta(0))


def _gardienne(vue: Vue, *, sans_cle: timedelta) -> Vue:
    @wraps(vue)
    def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or not isinstance(request.user, Utilisateur):
            return vue(request, *args, **kwargs)
        with transaction.atomic():
            envoi, deja = _noter(request, request.user, sans_cle)
            if deja:
                return _repeter(request, envoi)
            lus = len(get_messages(request))
            reponse = vue(request, *args, **kwargs)
            _conclure(request, envoi, reponse, lus)
        return reponse

    return gardee


def oublier_les_anciens() -> int:
    """Forget the keys that no open page carries any more; return how many."""
    return Envoi.objects.filter(recu_le__lt=horloge_base() - CONSERVATION).delete()[0]


def _noter(request: HttpRequest, personne: Utilisateur, sans_cle: timedelta) -> tuple[Envoi, bool]:
    """The row of this request, and whether it had been sent before; waits for whoever is writing the same one."""
    contenu = _contenu(request)
    cle = _cle(request)
    if cle is None:
        verrous.attendre(f"envoi-{personne.pk}")
        dernier = Envoi.objects.filter(utilisateur=personne).order_by("-pk").first()
        if dernier and dernier.empreinte == contenu and dernier.recu_le > horloge_base() - sans_cle:
            return dernier, True
        cle = uuid4()
    with connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO socle_envoi (utilisateur_id, cle, empreinte, vers, messages, recu_le) "
            "VALUES (%s, %s, %s, '', '[]', clock_timestamp()) ON CONFLICT DO NOTHING RETURNING id",
            [personne.pk, cle, contenu],
        )
        neuf = curseur.fetchone()
    return Envoi.objects.get(utilisateur=personne, cle=cle, empreinte=contenu), neuf is None


def cle_d_envoi(request: HttpRequest) -> str:
    """The key of the form that was sent, for an act whose answer is not a redirection; empty when there is none."""
    return str(_cle(request) or "")


def marque_d_envoi(request: HttpRequest) -> str:
    """What names this very request of somebody who is not signed in: its form, and all that it holds; empty for a form
    without a key."""
    cle = cle_d_envoi(request)
    return empreinte([cle, _contenu(request)]) if cle else ""


def _cle(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get(CLE_D_ENVOI, ""))
    except ValueError:
        return None


def _contenu(request: HttpRequest) -> str:
    """Fingerprint of the address, of what was typed, and of the bytes of each file."""
    champs = [[nom, valeurs] for nom, valeurs in request.POST.lists() if nom not in PROPRES_A_LA_PAGE]
    fichiers = [[nom, [_octets(lu) for lu in lus]] for nom, lus in request.FILES.lists()]
    return empreinte([request.get_full_path(), sorted(champs), sorted(fichiers)])


def _octets(fichier: Any) -> list[str]:
    somme = hashlib.sha256()
    for morceau in fichier.chunks():
        somme.update(morceau)
    fichier.seek(0)
    return [fichier.name or "", somme.hexdigest()]


def _conclure(request: HttpRequest, envoi: Envoi, reponse: HttpResponseBase, lus: int) -> None:
    """Keep what was answered. Reading the messages marks them as shown: they are not yet."""
    messages = get_messages(request)
    dits = [[message.level, str(message)] for message in list(messages)[lus:]]
    if isinstance(messages, BaseStorage):
        messages.used = False
    if not isinstance(reponse, HttpResponseRedirect) or any(niveau >= ERROR for niveau, _ in dits):
        envoi.delete()
        return
    envoi.vers, envoi.messages = reponse.url, dits
    envoi.save(update_fields=["vers", "messages"])


def _repeter(request: HttpRequest, envoi: Envoi) -> HttpResponseRedirect:
    for niveau, texte in envoi.messages:
        add_message(request, niveau, texte)
    return HttpResponseRedirect(envoi.vers)
