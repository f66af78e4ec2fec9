"""A whole takeover: every dossier of a file, each in its own transaction, or nothing at all when it is a trial."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError, IntegrityError, connection, transaction

from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.cahier.models import CahierDesCharges
from candidatures.dossier.models.dossiers import Candidature
from candidatures.reprise.actions import reprendre
from candidatures.reprise.brut import texte
from candidatures.reprise.correspondance import Correspondance
from candidatures.reprise.lecture import DossierLu, Lecture
from candidatures.reprise.pieces import Fichiers
from candidatures.reprise.plan import Plan
from candidatures.reprise.preparation import Preparation
from candidatures.reprise.rapport import Rapport
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd import verrous
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.utilisateur import Utilisateur

# Of two dossiers of one territory in one wave, the one that was decided has the better claim.
RANGS = {etat: rang for rang, etat in enumerate(("accepte", "en_instruction", "en_construction", "refuse"))}


def executer(
    lecture: Lecture,
    correspondance: Correspondance,
    *,
    maintenant: datetime,
    acteur: Utilisateur | None = None,
    dossier: Fichiers | None = None,
    a_blanc: bool = False,
) -> Rapport:
    """Take over what was read and say what came of it. With `a_blanc` the database does it all, then undoes it all.

    Two takeovers never run together: the second waits for the first.
    """
    rapport = Rapport(lecture, a_blanc=a_blanc)
    with verrous.chacun_son_tour("reprise"), _annule() if a_blanc else nullcontext():
        cahiers: dict[int, CahierDesCharges] = {}

        def cahier_de(vague: Vague) -> CahierDesCharges:
            if vague.pk not in cahiers:
                cahiers[vague.pk] = cahier_en_vigueur(vague=vague, auteur=acteur)
            return cahiers[vague.pk]

        preparation = Preparation(
            correspondance,
            vagues=list(Vague.objects.maintenues().order_by("numero")),
            cahier_de=cahier_de,
            dossier=dossier,
        )
        for lu in sorted(lecture.dossiers, key=_priorite):
            _un_dossier(lu, preparation, rapport, acteur, maintenant)
        rapport.absents = _absents(lecture)
    return rapport


def _absents(lecture: Lecture) -> list[str]:
    """Taken over before from the same démarches, and not in this file: a page may be missing."""
    repris = Candidature.objects.filter(reprise__demarche__numero__in=list(lecture.demarches))
    la = {dossier.numero for dossier in lecture.dossiers}
    numeros = repris.order_by("pk").values_list("numero_source", flat=True)
    return [numero for numero in numeros if numero not in la]


def _un_dossier(
    lu: DossierLu, preparation: Preparation, rapport: Rapport, acteur: Utilisateur | None, maintenant: datetime
) -> None:
    try:
        plan, traces = preparation.preparer(lu)
        issue = reprendre(plan=_sans_fichiers(plan) if rapport.a_blanc else plan, acteur=acteur, maintenant=maintenant)
    except RegleEnfreinte as refus:
        rapport.refus.append((lu.numero, refus.message))
        return
    except DatabaseError as erreur:
        rapport.refus.append((lu.numero, _panne(erreur)))
        return
    rapport.resultats[issue.resultat.value] += 1
    rapport.remarques += [(lu.numero, remarque) for remarque in issue.remarques]
    rapport.noter_champs(traces)
    rapport.noter_pieces(plan)
    if issue.compte_cree:
        rapport.comptes.append(issue.compte_cree)


@contextmanager
def _annule() -> Iterator[None]:
    """What happens within is undone, deferred constraints checked first."""
    with transaction.atomic():
        yield
        with connection.cursor() as curseur:
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def _sans_fichiers(plan: Plan) -> Plan:
    """Rolling back does not take bytes out of the storage: a trial puts none there."""
    return replace(plan, pieces=tuple(replace(piece, chemin=None) for piece in plan.pieces))


def _priorite(lu: DossierLu) -> tuple[int, str]:
    return RANGS.get(texte(lu.brut, "state"), len(RANGS)), lu.numero.zfill(20)


def _panne(erreur: DatabaseError) -> str:
    contrainte = nom_contrainte(erreur) if isinstance(erreur, IntegrityError) else ""
    return f"La base de données le refuse ({contrainte or type(erreur).__name__})."
