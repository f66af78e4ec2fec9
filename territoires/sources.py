"""What search finds of intercommunalités, and the territories that it names: by `territoires.recherche` alone."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from rebond.recherche.source import Recherche, Resultat, Source
from rebond.socle.texte.noms import alphabetique
from territoires.models import Territoire
from territoires.propositions import Proposition
from territoires.recherche import LETTRES_MIN, chercher, territoires_cherches


def territoires_nommes(recherche: Recherche) -> QuerySet[Any, Any]:
    """The keys of the territories that what was typed names, whoever sees them: to be crossed with what one sees."""
    saisie = recherche.demande.numero or recherche.demande.saisie
    cherches: QuerySet[Any, Any] = recherche.une_fois("territoires", lambda: territoires_cherches(saisie).order_by())
    return cherches.values("pk")


def territoires_voisins(recherche: Recherche) -> QuerySet[Any, Any]:
    """The same of those whose name is spelled alike; none for a few letters or a number."""
    nom = recherche.demande.nom
    if len(nom) < LETTRES_MIN or recherche.demande.numero:
        return Territoire.objects.none().values("pk")
    proches = Territoire.objects.annotate(nu=alphabetique("nom")).filter(nu__trigram_strict_word_similar=nom)
    return proches.order_by().values("pk")


class Intercommunalites(Source):
    """Public, for whoever signed in: each leads to what the call says of it."""

    genre = "intercommunalites"
    titre = "Intercommunalités"

    def ailleurs(self, recherche: Recherche) -> Sequence[Resultat]:
        saisie = recherche.demande.numero or recherche.demande.saisie
        reponse = chercher(saisie, au_plus=recherche.au_plus + 1)
        proche = not reponse.trouvees
        return [_resultat(trouvee, proche=proche) for trouvee in reponse.trouvees or reponse.ressemblantes]


def _resultat(proposition: Proposition, *, proche: bool) -> Resultat:
    return Resultat(
        titre=proposition.libelle,
        adresse=f"{reverse('eligibilite')}?{urlencode({'q': proposition.saisie})}",
        precision=proposition.appartenance,
        fictif=proposition.epci.fictif,
        proche=proche,
    )
