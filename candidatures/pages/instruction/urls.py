"""Addresses of the instruction: agents of the State and experts."""

from django.urls import path

from candidatures.pages.instruction import (
    affectations,
    corrections,
    dossiers,
    instruction,
    labellisation,
    lots,
    ma_vague,
    messages,
    proces_verbaux,
    reliures,
    reprises,
    reserve,
    vues,
)
from rebond.exports.adresses import adresses_d_export

app_name = "instruction"
urlpatterns = [
    path("", instruction.vagues, name="vagues"),
    path("avis/", instruction.avis, name="avis"),
    path("vagues/<int:numero>/", ma_vague.vague, name="vague"),
    *adresses_d_export("vagues/<int:numero>/dossiers", ma_vague.export, "export"),
    path("vagues/<int:numero>/vues/", vues.vues, name="vues"),
    path("vagues/<int:numero>/vues/<int:pk>/supprimer/", vues.supprimer, name="supprimer_vue"),
    path("vagues/<int:numero>/actes/", lots.preparer, name="preparer_lot"),
    path("actes/<int:pk>/", lots.lot, name="lot"),
    path("actes/<int:pk>/etat.json", lots.avancement_dit, name="etat_du_lot"),
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
    path("vagues/<int:numero>/decisions/", labellisation.decisions, name="decisions"),
    path("vagues/<int:numero>/annonce/", labellisation.annonce, name="annonce"),
    path("vagues/<int:numero>/resultats/", labellisation.resultats, name="resultats"),
    path("dossiers/<int:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<int:pk>/pieces/<int:piece_pk>/", dossiers.piece, name="piece"),
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
    path("dossiers/<int:pk>/avis/demander/", dossiers.demander_avis, name="demander_avis"),
    path("dossiers/<int:pk>/avis/rendre/", dossiers.rendre_avis, name="rendre_avis"),
    path("dossiers/<int:pk>/proposition/", dossiers.proposer, name="proposer"),
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
    path("dossiers/<int:pk>/interets/", dossiers.declarer_interet, name="declarer_interet"),
]
