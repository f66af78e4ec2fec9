"""Lists of evaluations: one's own, and the files on which evaluators disagree."""

from datetime import date
from typing import Any

from django.db.models import F, Q
from django.urls import reverse

from candidatures.evaluation.etats import ETATS_A_RENDRE, EtatDEvaluation
from candidatures.evaluation.models.evaluateurs import Evaluateur
from candidatures.instruction.suivi.models import Suivi
from candidatures.pages.instruction.colonnes_des_notes import ECART, NOTE
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.listes import Cas, Colonne, Genre, JeuDeFiltres, Liste, rang
from rebond.socle.texte.typographie import instant_fr


def _ou_en_est(confiee: Any) -> str:
    avancement = EtatDEvaluation(confiee.avancement)
    return f"Rendue le {instant_fr(confiee.rendue_le)}" if avancement is EtatDEvaluation.RENDUE else avancement.label


def _avant_le(confiee: Any) -> date | None:
    return None if confiee.avant_le is None else jour_de_paris(confiee.avant_le)


class FiltresDeMesEvaluations(JeuDeFiltres):
    """Of rows that come with their `avancement`."""

    etat = Cas(
        "Votre évaluation",
        {
            "a_rendre": ("À rendre ou à relire", Q(avancement__in=ETATS_A_RENDRE)),
            "rendue": ("Rendues", Q(avancement=EtatDEvaluation.RENDUE)),
            "non_rendue": ("Non rendues", Q(avancement=EtatDEvaluation.NON_RENDUE)),
        },
        tous="Toutes",
    )


class ListeDeMesEvaluations(Liste):
    """Rows come with `avancement`, `rendue_le` and `avant_le`."""

    modele = Evaluateur
    filtres = FiltresDeMesEvaluations
    recherche = "Choisir des évaluations"
    unite = ("dossier",)
    titre = "Dossiers qui vous sont confiés pour évaluation, ceux qui restent à évaluer d’abord"
    vide = "Aucun dossier ne vous est confié pour évaluation. Vous recevrez un e-mail quand il y en aura un."
    vide_filtree = "Aucune évaluation ne correspond."
    vide_mene_a = ("Revenir à l’instruction", "instruction:vagues")
    ordre = (rang("avancement", EtatDEvaluation), F("avant_le").asc(nulls_last=True), "confie_le", "pk")
    objet = "confiee"
    fictive = "candidature.demonstration"
    colonnes = (
        Colonne(
            "dossier",
            "Dossier",
            "candidature.reference",
            lit=["candidature__vague__numero"],
            adresse=lambda confiee: reverse("instruction:evaluer", args=[confiee.candidature_id]),
            entete=True,
        ),
        Colonne(
            "territoire",
            "Territoire",
            "candidature.territoire.nom_suivi",
            lit=["candidature__demonstration", "candidature__territoire__nom", "candidature__territoire__suite"],
        ),
        Colonne("confie_le", "Confié le", "confie_le", genre=Genre.INSTANT),
        Colonne("avant_le", "À rendre avant le", _avant_le, lit=(), genre=Genre.JOUR),
        Colonne(
            "etat",
            "Votre évaluation",
            _ou_en_est,
            lit=(),
        ),
    )


class ListeDesDesaccords(Liste):
    """Narrow rows of one wave, whose evaluations their reader reads."""

    modele = Suivi
    titre = "Dossiers sur lesquels les évaluateurs sont en désaccord, les plus éloignés d’abord"
    vide = "Aucun désaccord parmi les évaluations que vous lisez."
    ordre = ("-note_ecart", "nom", "pk")
    unite = ("dossier",)
    objet = "dossier"
    fictive = "candidature.demonstration"
    colonnes = (
        Colonne(
            "reference",
            "Référence",
            "candidature.reference",
            lit=["candidature__vague__numero"],
            adresse=lambda dossier: f"{reverse('instruction:dossier', args=[dossier.pk])}#evaluations",
            entete=True,
        ),
        Colonne(
            "territoire",
            "Territoire",
            "territoire.nom_suivi",
            lit=["candidature__demonstration", "territoire__nom", "territoire__suite"],
        ),
        NOTE,
        ECART,
    )
