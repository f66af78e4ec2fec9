"""Who may evaluate which file, and who is proposed: those who instruct there, the least loaded first."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from candidatures.dossier.models.dossiers import reference_sql
from candidatures.evaluation.models.evaluateurs import Evaluateur
from candidatures.evaluation.regles import ETATS_EVALUES, EVALUATEURS_PAR_DOSSIER
from candidatures.instruction.acces import suivis_par
from candidatures.instruction.affectation.models import Affectation
from candidatures.instruction.affectation.requetes import candidats_a
from candidatures.instruction.models import RevisionDeProposition
from candidatures.instruction.suivi.models import PAR_TERRITOIRE
from rebond.socle.utilisateur import Utilisateur

# How many files one page proposes: what can be read before it is confirmed.
PAR_LOT = 30


@dataclass(frozen=True)
class Candidat:
    """`charge`: how many files are entrusted to them, of those that their reader reads, this one not counted.
    `portee`: how near their périmètre is (`affectation.regles.Candidat`)."""

    personne: Utilisateur
    charge: int
    portee: int
    suit_le_dossier: bool

    def rang(self, donnes: Mapping[int, int]) -> tuple[int, int, int]:
        """The first to be proposed has the lowest, once `donnes` says what is proposed to each already."""
        return self.charge + donnes.get(self.personne.pk, 0), self.portee, self.personne.pk


def candidats(dossiers: Collection[int], lecteur: Utilisateur) -> dict[int, list[Candidat]]:
    """Who may evaluate each of these files, as `lecteur` sees it, the first to be proposed first.

    They instruct there without an interest in the file (`affectation`), were never its evaluator and proposed no
    decision on it. Whoever holds the file comes last: they are the one who will propose. Five statements.
    """
    possibles = candidats_a(dossiers)
    propositions = RevisionDeProposition.objects.filter(proposition__candidature__in=dossiers).order_by()
    deja = Evaluateur.objects.filter(candidature__in=dossiers).order_by()
    exclus = set(
        propositions.values_list(F("proposition__candidature"), F("auteur")).union(
            deja.values_list(F("candidature"), F("personne"))
        )
    )
    suivis = dict(
        Affectation.objects.en_cours().filter(candidature__in=dossiers).values_list("candidature", "instructeur")
    )
    charges = charges_lues_par(lecteur)
    gens = Utilisateur.objects.in_bulk({un.personne for siens in possibles.values() for un in siens})
    trouves = {
        dossier: [
            Candidat(gens[un.personne], charges.get(un.personne, 0), un.portee, suivis.get(dossier) == un.personne)
            for un in siens
            if not un.en_conflit and (dossier, un.personne) not in exclus
        ]
        for dossier, siens in possibles.items()
    }
    for liste in trouves.values():
        liste.sort(key=lambda candidat: (candidat.suit_le_dossier, *candidat.rang({})))
    return trouves


def charges_lues_par(lecteur: Utilisateur) -> dict[int, int]:
    """How many files each evaluates, of those that `lecteur` reads: whoever has an interest in a file learns nothing
    of it from a number. Rendered or not: what is left to do would tell what somebody has rendered."""
    lus = suivis_par(lecteur).filter(etat_connu__in=ETATS_EVALUES).order_by().values("pk")
    confies = Evaluateur.objects.en_cours().filter(candidature__in=lus).order_by()
    return dict(confies.values_list("personne").annotate(nombre=Count("pk")))


def proposer(manquent: Mapping[int, int], lecteur: Utilisateur) -> dict[int, list[Utilisateur]]:
    """For each file as many people as it lacks (`manquent`), spread so that nobody gets more than others could take;
    fewer when fewer may. Whoever holds a file is not proposed for it."""
    trouves = candidats(manquent, lecteur)
    donnes: Counter[int] = Counter()
    proposes: dict[int, list[Utilisateur]] = {}
    # The files that the fewest may evaluate choose first.
    for dossier in sorted(manquent, key=lambda cle: (len(trouves[cle]), cle)):
        libres = [candidat for candidat in trouves[dossier] if not candidat.suit_le_dossier]
        libres.sort(key=lambda candidat: candidat.rang(donnes))
        choisis = [candidat.personne for candidat in libres[: manquent[dossier]]]
        donnes.update(personne.pk for personne in choisis)
        proposes[dossier] = choisis
    return proposes


def manquants(suivis: Any) -> Any:
    """Of these narrow rows, those of files that may still be entrusted and lack evaluators, each with how many it has
    (`confies`)."""
    en_cours = Evaluateur.objects.en_cours().filter(candidature=OuterRef("pk")).order_by().values("candidature")
    combien = Coalesce(Subquery(en_cours.annotate(n=Count("pk")).values("n")), 0)
    return (
        suivis.filter(etat__in=ETATS_EVALUES, evaluations_ouvertes=False)
        .annotate(confies=combien)
        .filter(confies__lt=EVALUATEURS_PAR_DOSSIER)
    )


def a_confier(
    sans: Any, lecteur: Utilisateur
) -> tuple[list[tuple[int, str, list[Utilisateur]]], list[tuple[int, str]]]:
    """Of the first files of `manquants`, by name: those for which somebody is proposed, with whom; those for which
    nobody may be."""
    lignes = list(
        sans.order_by(*PAR_TERRITOIRE)
        .annotate(reference=reference_sql("candidature__"))
        .values_list("pk", "reference", "territoire__nom", "confies")[:PAR_LOT]
    )
    proposes = proposer({pk: EVALUATEURS_PAR_DOSSIER - confies for pk, _, _, confies in lignes}, lecteur)
    noms = [(pk, f"{nom} ({reference})") for pk, reference, nom, _ in lignes]
    return [(pk, nom, proposes[pk]) for pk, nom in noms if proposes[pk]], [une for une in noms if not proposes[une[0]]]
