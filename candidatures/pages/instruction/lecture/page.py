"""What the page of a file shows: its reading on the left, what is done on it on the right."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from candidatures.depot.entreprises import entreprises_citees
from candidatures.depot.models import Depot
from candidatures.depot.reliure.requetes import remise
from candidatures.depot.requetes import depots_de
from candidatures.depot.retours import accuses_non_arrives
from candidatures.dossier.lecture import historique
from candidatures.evaluation.requetes import evaluations_lues
from candidatures.instruction import regles
from candidatures.instruction.annotations.requetes import avec_notes, avec_pieces_lues, en_marge, notes_de
from candidatures.instruction.avis.requetes import avis_lus_par, lu_dans, situer
from candidatures.instruction.correction.regles import empechement_de_demander
from candidatures.instruction.correction.requetes import CorrectionLue, corrections_de
from candidatures.instruction.correction.sur_place import Version, lire_sur_place
from candidatures.instruction.echanges.requetes import avec_non_lus
from candidatures.instruction.fiche.fiche import faire_la_fiche
from candidatures.instruction.fiche.requetes import avec_collectivites, dossiers_lies
from candidatures.instruction.forms import PropositionForm
from candidatures.instruction.presences import presents
from candidatures.instruction.recevabilite.requetes import avec_irrecevabilite
from candidatures.instruction.revision.requetes import avec_revision_connue
from candidatures.instruction.saisine.models import Saisine
from candidatures.pages.instruction.blocs import BLOCS, PageDuDossier, rendre
from candidatures.pages.instruction.lecture.actes import dans_la_page
from candidatures.pages.instruction.lecture.parcours import parcours_de, suite_de
from candidatures.pages.instruction.lecture.pieces import pieces_montrees
from rebond.comptes.habilitations import a_le_role
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


def avec_la_page(dossiers: Any, moi: Utilisateur) -> Any:
    """Adds what the page reads of the file in the statement that finds it."""
    lus = avec_irrecevabilite(avec_pieces_lues(avec_collectivites(avec_revision_connue(dossiers)), moi))
    return avec_notes(avec_non_lus(lus, moi)) if a_le_role(moi, Role.INSTRUCTEUR) else lus


def page_du_dossier(request: HttpRequest, lu: Any) -> dict[str, Any]:
    """`lu` is the file, read with `avec_la_page`. An expert gets neither its instruction nor its alerts."""
    moi = personne(request)
    depots = depots_de(lu)
    avis = avis_lus_par(moi, lu)
    mes_avis = [un for un in avis if un.expert in {None, moi} and not un.fin]
    corrections = corrections_de(lu, depots[0].contenu["sections"])
    situer(avis, lu_dans(depots[0], [une.demande for une in corrections]), horloge_base())
    contexte: dict[str, Any] = {
        "dossier": lu,
        "depot": depots[0],
        "depots": depots,
        "complet": lu.lu_en_entier,
        "mon_avis": next(reversed(mes_avis), None),
        "corrections": corrections,
        "pieces": pieces_montrees(lu, depots[0], corrections),
        "parcours": parcours_de(request, lu, moi),
        "retour": suite_de(request, None),
        "propose_ici": None,
        **_reponses(request, lu, depots[0], corrections),
        **_boutons(lu, mes_avis),
    }
    if lu.lu_en_entier:
        contexte |= _en_entier(request, lu, depots, avis, corrections)
        contexte["peut_proposer"] = contexte["peut_proposer"] and not contexte["evaluations"].a_juge
        contexte["propose_ici"] = _propose_ici(request, lu, contexte)
    page = PageDuDossier(moi, lu, contexte, suite_de(request, lu.vu))
    return {**contexte, "blocs": rendre(BLOCS, page, request)}


def _reponses(request: HttpRequest, lu: Any, depot: Depot, corrections: Sequence[CorrectionLue]) -> dict[str, Any]:
    demandes = [correction.demande for correction in corrections]
    rubriques = lire_sur_place(lu.cahier.cahier, depot.contenu["sections"], demandes)
    notes = notes_de(lu) if lu.instruit else []
    return {
        "rubriques": rubriques,
        "corrigees": [question for rubrique in rubriques for question in rubrique.questions if question.changees],
        "version": Version.demandee(request.GET.get("reponses", "")),
        "versions": list(Version),
        "notes": notes,
        "en_marge": en_marge(notes),
    }


def _en_entier(
    request: HttpRequest, lu: Any, depots: list[Depot], avis: list[Saisine], corrections: Sequence[CorrectionLue]
) -> dict[str, Any]:
    moi, maintenant, depot = personne(request), horloge_base(), depots[0]
    lies = dossiers_lies(lu, entreprises_citees(depot.contenu), moi, maintenant)
    return {
        "avis": avis,
        "evaluations": evaluations_lues(lu, moi),
        "peut_confier": lu.instruit or a_le_role(moi, Role.VALIDEUR),
        "historique": historique(lu),
        "fiche": faire_la_fiche(lu, depot, corrections, avis, lies),
        "lecteurs": presents(dossier=lu, sauf=moi, maintenant=maintenant) if lu.instruit else [],
        "messages_non_lus": lu.non_lus if lu.instruit else 0,
        "reliure": getattr(depot, "reliure", None),
        "relie": remise(getattr(depot, "reliure", None), depot.pieces.all()),
        "accuses_perdus": accuses_non_arrives([lu.pk], f"{lu.reference}-"),
    }


def _propose_ici(request: HttpRequest, lu: Any, contexte: Mapping[str, Any]) -> FormulaireDsfr | None:
    """The form of a first proposal, at hand once nothing more is awaited: the others have a page of their own."""
    attendus = any(un.empechement_de_rendre is None for un in contexte["avis"])
    if not contexte["peut_proposer"] or contexte["deja_propose"] or attendus:
        return None
    adresse = reverse("instruction:proposer", args=[lu.pk]) + contexte["retour"]
    return dans_la_page(PropositionForm(), adresse=adresse, lu=lu, parcours=contexte["parcours"])


def _boutons(lu: Any, mes_avis: list[Saisine]) -> dict[str, bool]:
    """What this person may do on the file now: the predicates of the actions, on the state that they know."""
    instruit = lu.instruit
    constat = getattr(lu, "recevabilite", None)
    etat = lu.etat_connu
    recevable, proposee = constat is not None and constat.recevable, lu.suivi.irrecevabilite_proposee
    a_constater = constat is None and not proposee
    tenus = [un for un in mes_avis if un.expert is not None]
    a_rendre = tenus[-1].empechement_de_rendre is None if tenus else instruit
    return {
        "instruit": instruit,
        "peut_constater": instruit and a_constater and not regles.empechement_de_constater(etat),
        "peut_demander": instruit and not regles.empechement_de_consulter(etat),
        "peut_rendre": a_rendre and not regles.empechement_de_consulter(etat),
        "peut_demander_correction": instruit and not empechement_de_demander(etat, irrecevabilite=proposee),
        "peut_proposer": instruit and not regles.empechement_de_proposer(etat, recevable=recevable),
        "deja_propose": regles.deja_propose(etat),
    }
