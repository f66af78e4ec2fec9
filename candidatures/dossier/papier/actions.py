"""Taking answers from a document filled in elsewhere, once somebody chose them one by one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.dossier_tenu import section_tenue
from candidatures.dossier.actions.redaction import enregistrer
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.regles import SANS_PART
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur


@transaction.atomic
def reprendre_du_document(
    *,
    candidature: Candidature,
    choisies: Mapping[str, Mapping[str, Any]],
    revisions: Mapping[str, int],
    auteur: Utilisateur,
    maintenant: datetime,
) -> int:
    """Save the answers of `choisies`, by section and question, all or none; return how many.

    `revisions` are those of the sections when `auteur` chose: raises `ConflitDeSaisie` when somebody answered one of
    these questions otherwise since, and what `enregistrer_section` raises.
    """
    for section, reponses in choisies.items():
        revision = revisions.get(section, 0)
        with section_tenue(dossier=candidature.pk, section=section, revision=revision, personne=auteur) as tenue:
            if tenue is None:
                raise RegleEnfreinte(SANS_PART)
            presente = tenue.derniere is None or tenue.derniere.revision == revision
            lues = tenue.candidature.contenu.get(section, {}) if presente else tenue.reponses_de_depart
            enregistrer(tenue, {**lues, **reponses}, auteur=auteur, maintenant=maintenant)
    nombre = sum(len(reponses) for reponses in choisies.values())
    if nombre:
        consigner(
            ActeDuDossier.REPRENDRE_DOCUMENT,
            candidature,
            acteur=auteur,
            fait_le=maintenant,
            sections=sorted(choisies),
            reponses=nombre,
        )
    return nombre
