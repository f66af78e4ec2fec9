"""What the beat asks for again and again.

Every beat only re-reads what Postgres says is pending: a tick missed, lost or doubled changes nothing.
"""

from typing import Any

# The task, and how many seconds pass between two ticks.
CADENCES = {
    "battement": ("rebond.socle.tasks.battre", 10),
    "courriers": ("rebond.socle.tasks.envoyer_courriers", 10),
    "retours": ("rebond.socle.tasks.relever_les_retours", 120),
    "sonde": ("rebond.socle.tasks.sonder", 15),
    "veille": ("candidatures.tasks.veiller", 60),
    "clotures": ("candidatures.tasks.clore_vagues_echues", 5),
    "annonces": ("candidatures.tasks.annoncer_vagues", 30),
    "messages": ("candidatures.tasks.annoncer_messages", 60),
    "avis": ("candidatures.tasks.ecrire_aux_experts", 60),
    "avis_rendus": ("candidatures.tasks.annoncer_les_avis_rendus", 300),
    "corrections": ("candidatures.tasks.fermer_corrections_echues", 30),
    "evaluations": ("candidatures.tasks.ouvrir_les_evaluations", 30),
    "accuses": ("candidatures.tasks.fabriquer_accuses_en_attente", 30),
    "reliures": ("candidatures.tasks.relier_en_attente", 30),
    "proces_verbaux": ("candidatures.tasks.fabriquer_proces_verbaux_en_attente", 30),
    "horodatages": ("candidatures.tasks.horodater_proces_verbaux", 60),
    "actes_groupes": ("candidatures.tasks.veiller_sur_les_actes_groupes", 30),
    "reserves": ("candidatures.tasks.lever_les_reserves", 60),
    "rappels": ("candidatures.tasks.rappeler_echeances", 60),
    "affectations": ("candidatures.tasks.suivre_les_affectations", 600),
    "rappels_des_phases": ("candidatures.tasks.rappeler_les_phases", 600),
    "analyses": ("candidatures.tasks.analyser_documents", 30),
    "lisibilites": ("candidatures.tasks.examiner_documents", 30),
    "lectures": ("candidatures.tasks.lire_pieces", 30),
    "textes": ("candidatures.tasks.accorder_les_textes", 600),
    "televersements": ("candidatures.tasks.oublier_televersements", 3600),
    "scelles": ("rebond.socle.tasks.sceller_le_journal", 60),
    "horodatage_du_journal": ("rebond.socle.tasks.horodater_le_journal", 3600),
    "sessions": ("rebond.comptes.seances.tasks.oublier_les_sessions", 3600),
    "envois": ("rebond.socle.tasks.oublier_envois", 3600),
    "documents": ("rebond.socle.tasks.ramasser_documents", 3600),
    "acces": ("rebond.socle.tasks.oublier_acces", 3600),
    "effacements": ("rebond.donnees.tasks.finir_les_effacements", 60),
    "exports": ("rebond.donnees.tasks.preparer_les_exports", 60),
    "exports_de_listes": ("rebond.exports.tasks.veiller", 60),
    "conservation": ("rebond.donnees.tasks.appliquer_les_durees", 3600),
    "roles": ("rebond.comptes.tasks.suivre", 600),
    "rapports": ("projets.tasks.fabriquer_rapports_en_attente", 30),
    "communiques": ("projets.tasks.veiller_sur_les_communiques", 600),
    "chiffres_arretes": ("projets.tasks.verifier_les_chiffres", 6 * 3600),
    "fichiers_des_communiques": ("projets.tasks.conserver_les_fichiers_des_communiques", 60),
}


def programme() -> dict[str, dict[str, Any]]:
    """As Celery reads it. A tick that nobody took before the next one is dropped."""
    return {
        nom: {"task": tache, "schedule": secondes, "options": {"expires": secondes}}
        for nom, (tache, secondes) in CADENCES.items()
    }
