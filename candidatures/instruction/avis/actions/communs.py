"""What the acts on an avis share."""

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.regles import PLUS_D_AVIS, empechement_de_consulter
from candidatures.instruction.saisine.models import AvisRendu, LeveeDeReserve, Saisine
from candidatures.instruction.tenue import REFUS_D_INTERETS, tenir
from rebond.socle.bdd.contraintes import phrases_de
from rebond.socle.erreurs import RegleEnfreinte

CHANGE_DEPUIS = (
    "Le territoire a rendu une correction depuis que vous avez ouvert cette page\u00a0: votre avis n’est pas rendu. "
    "Rien de ce que vous avez écrit n’est perdu\u00a0: relisez le dossier, puis rendez votre avis."
)
BROUILLON_CHANGE = (
    "Ce brouillon a changé depuis que vous avez ouvert cette page. Rien n’a été remplacé, et votre texte est toujours "
    "ici."
)
REFUS = {
    **REFUS_D_INTERETS,
    **phrases_de(Saisine, "saisine_une_active_par_organisme", "saisine_fin_motivee"),
    **phrases_de(AvisRendu, "avis_reserves_dites", "avis_signe"),
    **phrases_de(LeveeDeReserve, "reserve_levee_une_fois", "levee_de_reserve_motivee"),
    "saisine_par_un_tiers": REFUS_D_INTERETS["auteur_sans_conflit"],
    "fige_a_la_proposition": PLUS_D_AVIS,
    "avis_sur_ce_qui_est_lu": CHANGE_DEPUIS,
    "brouillon_d_avis_revise_un_a_un": BROUILLON_CHANGE,
}


def tenir_la_demande(saisine: Saisine) -> tuple[Candidature, Saisine]:
    """The file then the request, locked in that order and read again.

    Raises `RegleEnfreinte` when nothing of the avis moves any more, or when the request is over.
    """
    dossier = tenir(saisine.candidature)
    if refus := empechement_de_consulter(dossier.etat):
        raise RegleEnfreinte(refus)
    tenues = Saisine.objects.select_for_update(of=("self",)).select_related("organisme", "expert", "demande_par")
    tenue = tenues.get(pk=saisine.pk)
    if refus := tenue.empechement_de_rendre:
        raise RegleEnfreinte(refus)
    tenue.candidature = dossier
    return dossier, tenue
