"""Addresses of the instruction: agents of the State and experts."""

from django.urls import path

from candidatures.pages.instruction import (
    annotations,
    apercus,
    archives,
    corrections,
    dossiers,
    instruction,
    labellisation,
    messages,
    proces_verbaux,
    reliures,
    reprises,
    reserve,
)
from candidatures.pages.instruction.avis import demandes, reponses
from candidatures.pages.instruction.evaluation import evaluateurs, evaluations
from candidatures.pages.instruction.vague import affectations, lots, ma_vague, vues
from rebond.exports.adresses import adresse_d_archive, adresses_d_export

app_name = "instruction"
urlpatterns = [
    path("", instruction.vagues, name="vagues"),
    path("avis/", instruction.avis, name="avis"),
    path("avis/<int:saisine_pk>/", reponses.saisine, name="saisine"),
    path("avis/<int:saisine_pk>/prendre/", reponses.prendre, name="prendre_avis"),
    path("avis/<int:saisine_pk>/decliner/", reponses.decliner, name="decliner_avis"),
    path("avis/<int:saisine_pk>/brouillon/", reponses.brouillon, name="brouillon_d_avis"),
    path("avis/<int:saisine_pk>/fichier/", reponses.fichier, name="fichier_d_avis"),
    path("avis/<int:saisine_pk>/fichier/joindre/", reponses.joindre, name="joindre_a_l_avis"),
    path("avis/<int:saisine_pk>/fichier/enlever/", reponses.detacher, name="detacher_de_l_avis"),
    path("vagues/<int:numero>/", ma_vague.vague, name="vague"),
    *adresses_d_export("vagues/<int:numero>/dossiers", ma_vague.export, "export"),
    path("vagues/<int:numero>/vues/", vues.vues, name="vues"),
    path("vagues/<int:numero>/vues/<int:pk>/supprimer/", vues.supprimer, name="supprimer_vue"),
    path("vagues/<int:numero>/actes/", lots.preparer, name="preparer_lot"),
    path("actes/<int:pk>/", lots.lot, name="lot"),
    path("actes/<int:pk>/etat.json", lots.avancement_dit, name="etat_du_lot"),
    path("evaluations/", evaluations.mes_evaluations, name="mes_evaluations"),
    adresse_d_archive("vagues/<int:numero>/dossiers", archives.archive, "archive"),
    path("vagues/<int:numero>/proces-verbal/", proces_verbaux.proces_verbal, name="proces_verbal"),
    path("vagues/<int:numero>/proces-verbal/<int:rang>/", proces_verbaux.proces_verbal, name="proces_verbal"),
    path(
        "vagues/<int:numero>/proces-verbal/<int:rang>/proces-verbal.pdf",
        proces_verbaux.proces_verbal_pdf,
        name="proces_verbal_pdf",
    ),
    path(
        "vagues/<int:numero>/proces-verbal/<int:rang>/horodatage.tsr",
        proces_verbaux.proces_verbal_horodatage,
        name="proces_verbal_horodatage",
    ),
    path(
        "vagues/<int:numero>/proces-verbal/<int:rang>/complet.json",
        proces_verbaux.proces_verbal_json,
        name="proces_verbal_json",
    ),
    path(
        "vagues/<int:numero>/proces-verbal/<int:rang>/lignes.jsonl",
        proces_verbaux.proces_verbal_lignes,
        name="proces_verbal_lignes",
    ),
    path("vagues/<int:numero>/repartir/", affectations.repartir, name="repartir"),
    path("vagues/<int:numero>/evaluations/", evaluations.evaluations_de_la_vague, name="evaluations_de_la_vague"),
    path("vagues/<int:numero>/evaluateurs/", evaluateurs.confier_lot, name="confier_les_evaluations"),
    path("vagues/<int:numero>/decisions/", labellisation.decisions, name="decisions"),
    path("vagues/<int:numero>/annonce/", labellisation.annonce, name="annonce"),
    path("vagues/<int:numero>/resultats/", labellisation.resultats, name="resultats"),
    path("dossiers/<int:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<int:pk>/carte.svg", annotations.carte, name="carte"),
    path("dossiers/<int:pk>/presence/", annotations.presence, name="presence"),
    path("dossiers/<int:pk>/notes/", annotations.notes, name="notes"),
    path("dossiers/<int:pk>/pieces/lues/", annotations.marquer_lues, name="marquer_lues"),
    path("dossiers/<int:pk>/pieces/<int:piece_pk>/", dossiers.piece, name="piece"),
    path("dossiers/<int:pk>/pieces/<int:piece_pk>/pages/<int:rang>/", apercus.page_de_piece, name="page_de_piece"),
    adresse_d_archive("dossiers/<int:pk>/archive", archives.archive_du_dossier, "archive_du_dossier"),
    path("dossiers/<int:pk>/pieces/<int:piece_pk>/apercu/", dossiers.apercu_de_piece, name="apercu_de_piece"),
    path("dossiers/<int:pk>/relie/", reliures.relier, name="relier"),
    path("dossiers/<int:pk>/relie.pdf", reliures.dossier_relie, name="dossier_relie"),
    path("dossiers/<int:pk>/accuses/<int:rang>/", dossiers.accuse, name="accuse"),
    path(
        "dossiers/<int:pk>/accuses/<int:rang>/rectificatif-<int:numero>/",
        dossiers.accuse_rectificatif,
        name="accuse_rectificatif",
    ),
    path("dossiers/<int:pk>/prendre/", affectations.prendre, name="prendre"),
    path("dossiers/<int:pk>/confier/", affectations.confier, name="confier"),
    path("dossiers/<int:pk>/rendre/", affectations.rendre, name="rendre_le_dossier"),
    path("dossiers/<int:pk>/recevabilite/", dossiers.recevabilite, name="recevabilite"),
    path("dossiers/<int:pk>/reserve/", reserve.lever, name="lever_la_reserve"),
    path("dossiers/<int:pk>/avis/demander/", demandes.demander, name="demander_avis"),
    path("dossiers/<int:pk>/avis/rendre/", reponses.rendre, name="rendre_avis"),
    path("dossiers/<int:pk>/avis/<int:saisine_pk>/annuler/", demandes.revoquer, name="revoquer_avis"),
    path("dossiers/<int:pk>/avis/<int:saisine_pk>/relancer/", demandes.relancer, name="relancer_avis"),
    path("dossiers/<int:pk>/avis/<int:avis_pk>/reserves/<int:rang>/", demandes.lever, name="lever_reserve"),
    path("dossiers/<int:pk>/proposition/", dossiers.proposer, name="proposer"),
    path("dossiers/<int:pk>/evaluateurs/", evaluateurs.evaluateurs, name="evaluateurs"),
    path(
        "dossiers/<int:pk>/evaluateurs/<int:evaluateur_pk>/retirer/", evaluateurs.retirer, name="retirer_l_evaluation"
    ),
    path("dossiers/<int:pk>/evaluation/", evaluations.evaluer, name="evaluer"),
    path("dossiers/<int:pk>/evaluation/abstention/", evaluations.s_abstenir, name="s_abstenir"),
    path("dossiers/<int:pk>/messages/", messages.du_service, name="messages"),
    path("dossiers/<int:pk>/messages/lus/", messages.marquer_lus_du_service, name="marquer_lus"),
    path("dossiers/<int:pk>/messages/pieces/<int:piece_pk>/", messages.piece_du_service, name="piece_de_message"),
    path("dossiers/<int:pk>/reprise/", reprises.du_service, name="reprise"),
    path("dossiers/<int:pk>/reprise.json", reprises.export_du_service, {"format_": "json"}, name="reprise_json"),
    path("dossiers/<int:pk>/reprise.csv", reprises.export_du_service, {"format_": "csv"}, name="reprise_csv"),
    path("dossiers/<int:pk>/correction/demander/", corrections.demander, name="demander_correction"),
    path("dossiers/<int:pk>/correction/fermer/", corrections.fermer, name="fermer_correction"),
    path(
        "dossiers/<int:pk>/correction/pieces/<int:piece_pk>/", corrections.piece_du_service, name="piece_de_correction"
    ),
    path(
        "dossiers/<int:pk>/correction/pieces/<int:piece_pk>/pages/<int:rang>/",
        apercus.page_de_correction,
        name="page_de_correction",
    ),
    path(
        "dossiers/<int:pk>/correction/pieces/<int:piece_pk>/apercu/",
        corrections.apercu_du_service,
        name="apercu_de_piece_de_correction",
    ),
    path("dossiers/<int:pk>/interets/", dossiers.declarer_interet, name="declarer_interet"),
]
