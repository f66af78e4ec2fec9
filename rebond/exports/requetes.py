"""What is read of an export before its file is shown or given."""

from typing import Any

from django.db.models import BigIntegerField, Func
from django.http import Http404, HttpRequest

from rebond.exports.archives import tous_servis
from rebond.exports.lecture import Adresse, cles_des_habilitations
from rebond.exports.models import Export
from rebond.socle.utilisateur import Utilisateur


def exports_de(personne: Utilisateur) -> Any:
    return Export.objects.filter(personne=personne).defer("cles")


def relue_avant_remise(export: Export, personne: Utilisateur) -> HttpRequest:
    """The list asked again: the request under which its view let `personne` in.

    Raises Http404 when anything of what the file was written under has gone: a role, the list, the sight of a row
    or of a kind of rows, a file of an archive that must not be read any more.
    """
    if not set(export.habilitations) <= set(cles_des_habilitations(personne)):
        raise Http404
    extrait, relue = Adresse.lire(export.chemin, export.demande).relire(personne)
    if not extrait.caches <= set(export.caches):
        raise Http404
    if extrait.revue:
        siennes = Export.objects.filter(pk=export.pk)
        cles = siennes.annotate(cle=Func("cles", function="unnest", output_field=BigIntegerField())).values("cle")
        if extrait.liste.base.order_by().filter(pk__in=cles).count() != export.lignes:
            raise Http404
    if not tous_servis(export.documents):
        raise Http404
    return relue


def se_remet(export: Export, personne: Utilisateur) -> bool:
    try:
        relue_avant_remise(export, personne)
    except Http404:
        return False
    return True
