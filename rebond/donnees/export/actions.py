"""Asking for an export, and making it: the row is the pending work, whatever stops the worker."""

import logging
import secrets
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import DatabaseError, transaction

from rebond.donnees.durees import EXPORTS
from rebond.donnees.export.actes import ActeDExport
from rebond.donnees.export.archive import TYPE, archive_de
from rebond.donnees.export.models import ESSAIS_MAX, ExportDeDonnees
from rebond.donnees.export.regles import MOTIF_REQUIS, SANS_ADRESSE
from rebond.donnees.export.requetes import empechement_pour, empreinte_du_secret
from rebond.donnees.export.rubrique import Sujet
from rebond.socle.adresses import adresse_complete
from rebond.socle.bdd import verrous
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.courriers.envoi import mettre_en_file, mettre_sous_scelle
from rebond.socle.courriers.redaction import Lettre, rediger
from rebond.socle.documents.stockage import enregistrer
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.taches import planifier
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur

journal = logging.getLogger(__name__)
TACHE = "rebond.donnees.tasks.preparer_les_exports"
UN_SEUL = phrases_de(ExportDeDonnees, "export_un_seul_en_preparation")
SECRET = 32


def demander(*, personne: Utilisateur, acteur: Utilisateur, maintenant: datetime, motif: str = "") -> ExportDeDonnees:
    """Ask for all that is known of `personne`, who will be told by a letter; `acteur` is that person, or an
    administrateur to whom they wrote, who says so in `motif` and is given nothing.

    Raises RegleEnfreinte while another one is being made, within a day of the last one, or for a person who has proven
    no address, whom nobody could be sure to reach.
    """
    with traduire(UN_SEUL), transaction.atomic():
        if personne.pk != acteur.pk and not motif:
            raise RegleEnfreinte(MOTIF_REQUIS)
        if _adresse_de(personne) is None:
            raise RegleEnfreinte(SANS_ADRESSE)
        if refus := empechement_pour(personne, maintenant):
            raise RegleEnfreinte(refus)
        export = ExportDeDonnees.objects.create(personne=personne, demande_par=acteur, motif=motif)
        consigner(
            ActeDExport.DEMANDE, export, acteur=acteur, fait_le=maintenant, compte=personne.pk, motif=export.motif
        )
        planifier(TACHE)
    return export


def preparer_en_attente(*, maintenant: datetime) -> int:
    """Make those that wait, one transaction each; return how many were made. One that fails leaves the others be."""
    faits = 0
    for pk in ExportDeDonnees.objects.a_preparer().order_by("pk").values_list("pk", flat=True):
        try:
            faits += _preparer(pk, maintenant)
        except DatabaseError:
            journal.warning("Export %s laissé en l'état.", pk, exc_info=True)
        except Exception:  # noqa: BLE001 (whatever goes wrong, whoever asked must be told in the end)
            journal.exception("Échec de l'export %s.", pk)
            _echouer(pk, maintenant)
    return faits


@transaction.atomic
def _preparer(pk: int, maintenant: datetime) -> bool:
    if not verrous.prendre(f"export:{pk}"):
        return False
    export = ExportDeDonnees.objects.a_preparer().select_related("personne").filter(pk=pk).first()
    if export is None:
        return False
    adresse = _adresse_de(export.personne)
    if adresse is None:
        # Their address went since they asked: nobody would be reached.
        export.echoue_le = maintenant
        export.save(update_fields=["echoue_le"])
        return False
    export.document = enregistrer(archive_de(Sujet(export.personne, maintenant)), type_mime=TYPE)
    export.pret_le, export.expire_le = maintenant, maintenant + EXPORTS
    _annoncer(export, adresse)
    export.save(update_fields=["document", "pret_le", "expire_le", "empreinte"])
    consigner(ActeDExport.PRET, export, acteur=None, fait_le=maintenant, octets=export.document.taille)
    return True


def _annoncer(export: ExportDeDonnees, adresse: str) -> None:
    """Whoever can sign in finds it in their account. A closed account gets a link of its own, which nobody else ever
    reads: the letter is sealed."""
    cle = f"export-{export.pk}"
    jusqu_au = instant_fr(export.expire_le) if export.expire_le else ""
    if export.personne.is_active:
        mettre_en_file(
            Lettre(gabarit="donnees/export_pret", valeurs={"jusqu_au": jusqu_au}, cle=cle, destinataire=adresse)
        )
        return
    secret = secrets.token_urlsafe(SECRET)
    export.empreinte = empreinte_du_secret(secret)
    lien = adresse_complete("remise_de_donnees", secret)
    lettre = rediger("donnees/export_remis", {"lien": lien, "jusqu_au": jusqu_au})
    mettre_sous_scelle(
        cle=cle, destinataire=adresse, objet=lettre.objet, texte=lettre.texte, perime_le=export.expire_le
    )


def _adresse_de(personne: Utilisateur) -> str | None:
    """Where the person is sure to be reached: the address of the account, when they proved it."""
    prouvee = EmailAddress.objects.filter(user=personne, email__iexact=personne.email, verified=True).exists()
    return personne.email if prouvee else None


def _echouer(pk: int, maintenant: datetime) -> None:
    with transaction.atomic():
        export = ExportDeDonnees.objects.select_for_update().get(pk=pk)
        export.essais += 1
        if export.essais >= ESSAIS_MAX:
            export.echoue_le = maintenant
        export.save(update_fields=["essais", "echoue_le"])
