"""What search finds of the files in which one takes part: by reference, by name, in what is written today."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from candidatures.dossier.connaissance import avec_etat_su
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import Candidature, reference_sql
from rebond.recherche.expressions import Extrait, Pertinence, Texte, Trouve
from rebond.recherche.source import EXACT, NOMME, PRESQUE, Ligne, Recherche, Resultat, Source
from rebond.socle.bdd.expressions import Vecteur
from rebond.socle.texte.nombres import entier_de_machine
from territoires.sources import territoires_nommes, territoires_voisins

#: Of the files of one person, those whose answers are read: nobody writes more at once, and none is indexed.
LUS_AU_PLUS = 50
# « R14-0042 », or its beginning.
RANG_MAX = 10**9 - 1
REFERENCE = re.compile(r"R(?P<vague>[0-9]{1,4})-?(?P<rang>[0-9]{0,9})", re.IGNORECASE)


class Dossiers(Source):
    """What files have in common, whoever reads them."""

    def resultat(self, ligne: Ligne, recherche: Recherche) -> Resultat:
        lu = super().resultat(ligne, recherche)
        return replace(lu, badge=EtatCandidature(ligne.marque).label, couleur=ligne.marque)

    def dossiers(self, dossiers: QuerySet[Any], recherche: Recherche, **colonnes: Any) -> QuerySet[Any, Any]:
        """Files that bear the `etat_connu` of their reader."""
        return self.rangee(
            dossiers,
            recherche,
            titre="territoire__nom",
            precision=reference_sql(),
            marque="etat_connu",
            fictif="demonstration",
            **colonnes,
        )


class MesDossiers(Dossiers):
    genre = "mes-dossiers"
    titre = "Vos dossiers"

    def lignes(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        siens = _les_siens(recherche)
        if (cites := par_reference(siens, recherche.demande.saisie)) is not None:
            yield self.dossiers(cites, recherche, rang=EXACT)
        nommes = Q(territoire__in=territoires_nommes(recherche))
        requete = recherche.demande.requete
        if requete:
            nommes |= Q(Trouve(Vecteur("territoire__nom"), requete))
        yield self.dossiers(siens.filter(nommes), recherche, rang=NOMME)
        if requete:
            derniers = Candidature.objects.du_porteur(recherche.moi).order_by("-pk").values("pk")[:LUS_AU_PLUS]
            vecteur = Vecteur(Texte("contenu"))
            yield self.dossiers(
                siens.filter(Trouve(vecteur, requete), pk__in=derniers),
                recherche,
                rang=Pertinence(vecteur, requete),
                extrait=Extrait(Texte("contenu"), requete),
            )

    def presque(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        voisins = _les_siens(recherche).filter(territoire__in=territoires_voisins(recherche))
        yield self.dossiers(voisins, recherche, rang=PRESQUE)

    def adresse(self, ligne: Ligne, recherche: Recherche) -> str:
        return reverse("candidatures:dossier", args=[ligne.cle])


def par_reference(dossiers: QuerySet[Any], saisie: str) -> QuerySet[Any] | None:
    """Those that `saisie` quotes, whole or from its beginning on; None when it is no reference. `dossiers` have the
    key of files, and their wave."""
    lue = REFERENCE.fullmatch(saisie.replace(" ", ""))
    if lue is None:
        return None
    condition = Q(reference_sue__startswith=f"R{lue['vague']}-{lue['rang']}" if "-" in saisie else lue[0].upper())
    if lue["rang"]:
        rang, vague = (entier_de_machine(lue[nom], maximum=RANG_MAX) for nom in ("rang", "vague"))
        condition |= Q(pk=rang, vague__numero=vague)
    cites: QuerySet[Any] = dossiers.alias(reference_sue=reference_sql()).filter(condition)
    return cites


def _les_siens(recherche: Recherche) -> Any:
    return avec_etat_su(Candidature.objects.du_porteur(recherche.moi), recherche.instant)
