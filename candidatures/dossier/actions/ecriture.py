"""What every act that writes in a draft does: hold the file, check who writes and when, conclude."""

from datetime import datetime

from django.db import connection
from psycopg.types.json import Jsonb

from candidatures.dossier.actions.dossier_tenu import DossierTenu
from candidatures.dossier.completude import manques
from candidatures.dossier.instantane import composition_de, instantane, membres_de, pieces_de
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.versions import VersionComplete, VersionDeSection
from candidatures.dossier.requetes import exiger_l_ecriture, qualite_de
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.utilisateur import Utilisateur


def tenir(candidature: Candidature) -> Candidature:
    """The file, locked until the end of the transaction, then re-read.

    In that order: Postgres would not find the file again, joined to the territory that it had before the wait.
    """
    Candidature.objects.select_for_update().only("pk").get(pk=candidature.pk)
    lue = Candidature.objects.select_related("vague", "cahier", "territoire__chef_de_file")
    return lue.defer("cahier__definition").get(pk=candidature.pk)


def tenir_pour_ecrire(candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> Candidature:
    """The locked file, once `auteur` is known to be allowed to change its draft at `maintenant`.

    Raises `EcheanceDepassee` after the deadline, `RegleEnfreinte` when the file is no longer open to their changes.
    """
    tenue = tenir(candidature)
    exiger_l_ecriture(tenue, qualite_de(tenue, auteur), maintenant)
    return tenue


def conclure(candidature: Candidature, *champs: str, auteur: Utilisateur, maintenant: datetime) -> None:
    """Save the held file (`champs` besides its revision), and keep its state aside when it could be deposited."""
    pieces, membres = pieces_de(candidature), membres_de(candidature)
    contenu = instantane(candidature, pieces, membres)
    candidature.revision += 1
    candidature.modifiee_le = maintenant
    candidature.empreinte = empreinte(contenu)
    candidature.save(update_fields=["revision", "modifiee_le", "empreinte", *champs])
    if not manques(composition_de(candidature, pieces, membres)):
        complete = VersionComplete(
            candidature=candidature,
            contenu=contenu,
            empreinte=candidature.empreinte,
            fait_le=maintenant,
            auteur=auteur,
        )
        VersionComplete.objects.bulk_create(
            [complete],
            update_conflicts=True,
            unique_fields=["candidature"],
            update_fields=["contenu", "empreinte", "fait_le", "auteur"],
        )


# One statement: what is complete is written beside, and of the draft the section that changed alone is sent.
VERSION = """
    WITH version AS (
        INSERT INTO candidatures_versiondesection
            (candidature_id, section, revision, reponses, auteur_id, enregistree_le, automatique, restauree_de)
        VALUES (%(dossier)s, %(section)s, %(rang)s, %(reponses)s, %(auteur)s, %(maintenant)s, %(automatique)s,
                %(restauree_de)s)
        RETURNING id
    )"""
COMPLETE = """, complete AS (
        INSERT INTO candidatures_versioncomplete (candidature_id, contenu, empreinte, fait_le, auteur_id)
        VALUES (%(dossier)s, %(contenu)s, %(empreinte)s, %(maintenant)s, %(auteur)s)
        ON CONFLICT (candidature_id) DO UPDATE SET contenu = EXCLUDED.contenu, empreinte = EXCLUDED.empreinte,
            fait_le = EXCLUDED.fait_le, auteur_id = EXCLUDED.auteur_id
    )"""
BROUILLON = """
    UPDATE candidatures_candidature
       SET contenu = contenu || jsonb_build_object(%(section)s::text, %(reponses)s),
           revision = %(revision)s, modifiee_le = %(maintenant)s, empreinte = %(empreinte)s
     WHERE id = %(dossier)s RETURNING (SELECT id FROM version)
"""


def ecrire_la_version(tenu: DossierTenu, version: VersionDeSection) -> None:
    """`conclure` for the answers of one section: the held file takes those of `version`, which is saved with it."""
    candidature = tenu.candidature
    candidature.contenu = candidature.contenu | {version.section: version.reponses}
    contenu = tenu.contenu
    candidature.revision += 1
    candidature.modifiee_le = version.enregistree_le
    candidature.empreinte = empreinte(contenu)
    valeurs = {
        "dossier": candidature.pk,
        "section": version.section,
        "rang": version.revision,
        "reponses": Jsonb(version.reponses),
        "auteur": version.auteur_id,
        "maintenant": version.enregistree_le,
        "automatique": version.automatique,
        "restauree_de": version.restauree_de,
        "contenu": Jsonb(contenu),
        "empreinte": candidature.empreinte,
        "revision": candidature.revision,
    }
    with connection.cursor() as curseur:
        curseur.execute(VERSION + ("" if tenu.manques else COMPLETE) + BROUILLON, valeurs)
        (version.pk,) = curseur.fetchone()
    version._state.adding = False
