"""What somebody came for, once their new account is proven: answered by the rooms above."""

from allauth.account.utils import get_next_redirect_url
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

# A new account is proven, and its holder was on their way to `chemin` (an address of this portal, with its query).
# Whoever does there what they had come for answers the address to go on to, or None.
compte_prouve = Signal()


def conduire_a_la_suite(request: HttpRequest, reponse: HttpResponse) -> HttpResponse:
    """`reponse` is what allauth answers to a code that is right; another one when somebody did what was asked."""
    if not isinstance(reponse, HttpResponseRedirect) or not request.user.is_authenticated:
        return reponse
    # Judged by allauth: never another site.
    chemin = get_next_redirect_url(request) or reponse.url
    for _, adresse in compte_prouve.send(sender=None, request=request, utilisateur=request.user, chemin=chemin):
        if adresse:
            return HttpResponseRedirect(adresse)
    return reponse
