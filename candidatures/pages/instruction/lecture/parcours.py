"""Where a file stands in the list that its reader comes from: the one before, the one after, « 7 sur 60 ».

The list's own search travels in the address (`?liste=etat%3Dinstruite`). It is asked again of what this person may
read, and of nothing else: no number counts a file that they may not see, and an address made by hand opens nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import connection
from django.db.models import Count, Exists, F, Q, Window
from django.db.models.functions import Lag, Lead, RowNumber
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from candidatures.instruction.acces import suivis_par
from candidatures.pages.instruction.listes import ListeDesDossiers
from rebond.socle.formulaires.formulaire import EntreesNettes
from rebond.socle.requete.chemins import LISTE
from rebond.socle.utilisateur import Utilisateur

VU = "vu"
LONGUEUR_MAX = 2000
# More acts than any file has: what Postgres may be asked to skip.
VU_MAX = 10**9


class SuiteForm(EntreesNettes, forms.Form):
    """What an address says of its reader: the list that they come from, and how many acts they have read of."""

    liste = forms.CharField(required=False, max_length=LONGUEUR_MAX)
    vu = forms.IntegerField(required=False, min_value=0, max_value=VU_MAX)

    @property
    def lue(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


@dataclass(frozen=True)
class Parcours:
    """`rang` is None once the file is no more of the list that it was opened from; its neighbours stay."""

    numero: int
    liste: str
    rang: int | None
    total: int
    avant: int | None
    apres: int | None

    @property
    def retour(self) -> str:
        adresse = reverse("instruction:vague", args=[self.numero])
        return f"{adresse}?{self.liste}" if self.liste else adresse

    @property
    def precedent(self) -> str:
        return self._adresse(self.avant)

    @property
    def suivant(self) -> str:
        return self._adresse(self.apres)

    def _adresse(self, pk: int | None) -> str:
        return adresse_dans_la_liste(pk, self.liste) if pk else ""


def adresse_dans_la_liste(pk: int, liste: str) -> str:
    """The page of a file, opened from the list that the query string `liste` makes."""
    return f"{reverse('instruction:dossier', args=[pk])}?{urlencode({LISTE: liste})}"


def liste_de(request: HttpRequest) -> str | None:
    """The query string of the list that this address comes from; None when it comes from none."""
    return SuiteForm(request.GET).lue.get(LISTE) if LISTE in request.GET else None


def suite_de(request: HttpRequest, vu: int | None) -> str:
    """What the addresses of the acts of this page end with."""
    valeurs: dict[str, Any] = {}
    if (liste := liste_de(request)) is not None:
        valeurs[LISTE] = liste
    if vu is not None:
        valeurs[VU] = vu
    return f"?{urlencode(valeurs)}" if valeurs else ""


def parcours_de(request: HttpRequest, dossier: Any, moi: Utilisateur) -> Parcours | None:
    """One statement; None when the file was not opened from a list, or from one that is searched by what is not."""
    liste = liste_de(request)
    if liste is None or not getattr(dossier, "lu_en_entier", True):
        return None
    lus = suivis_par(moi).filter(vague=dossier.vague)
    demandee = ListeDesDossiers(lus, QueryDict(liste), moi=moi, vague=dossier.vague)
    if demandee.illisible:
        return None
    place = _place(lus, demandee.selection, dossier.pk)
    return None if place is None else Parcours(numero=dossier.vague.numero, liste=liste, **place)


def _place(lus: Any, choisis: Any, pk: int) -> Mapping[str, Any] | None:
    """Among `choisis`, in their order; a file that is not of them is placed where it would be."""
    ordre: list[Any] = [*choisis.query.order_by]
    parmi = lus.filter(Q(pk__in=choisis.order_by().values("pk")) | Q(pk=pk)).order_by()
    fenetres = {
        "place": Window(RowNumber(), order_by=ordre),
        "avant": Window(Lag("pk"), order_by=ordre),
        "apres": Window(Lead("pk"), order_by=ordre),
        "total": Window(Count("pk")),
    }
    places = parmi.annotate(cle=F("pk"), dedans=Exists(choisis.order_by().filter(pk=pk)), **fenetres)
    sql, parametres = places.values("cle", "dedans", *fenetres).query.sql_with_params()
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT dedans, place, avant, apres, total FROM ({sql}) places WHERE cle = %s",  # noqa: S608
            [*parametres, pk],
        )
        trouvee = curseur.fetchone()
    if trouvee is None:
        return None
    dedans, rang, avant, apres, total = trouvee
    return {
        "rang": rang if dedans else None,
        "avant": avant,
        "apres": apres,
        "total": total if dedans else total - 1,
    }
