"""Asking for the file of a list, writing it, giving it up: the row is the pending work, whatever stops the worker."""

import logging
from array import array
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.files import File
from django.db import DatabaseError, transaction
from django.http import Http404

from rebond.exports import regles
from rebond.exports.archives import TYPES_MIME, Archive, archiver, tous_servis
from rebond.exports.lecture import Adresse, avec_les_preuves, cles_des_habilitations, preuves_de
from rebond.exports.models import Export
from rebond.exports.progression import PreparationAnnulee, arreter, suivre
from rebond.socle.bdd import verrous
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.documents.stockage import enregistrer_fichier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.listes import Extrait, tableaux
from rebond.socle.taches import planifier
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur

journal = logging.getLogger(__name__)
TACHE = "rebond.exports.tasks.preparer"


@transaction.atomic
def demander(*, personne: Utilisateur, adresse: Adresse, extrait: Extrait) -> Export:
    """Have the list written by a worker. The same one that still waits is given back rather than asked for twice.

    Raises RegleEnfreinte for more rows than this kind of file holds.
    """
    lignes = extrait.liste.selection.count()
    if isinstance(extrait, Archive):
        if refus := regles.empechement_d_archiver(lignes):
            raise RegleEnfreinte(refus)
    elif adresse.format_ != "csv" and lignes >= tableaux.LIGNES_D_UNE_FEUILLE:
        raise RegleEnfreinte(tableaux.FEUILLE_PLEINE)
    preuves = preuves_de(personne)
    export, _ = Export.objects.a_preparer().get_or_create(
        personne=personne,
        chemin=adresse.chemin,
        demande=adresse.demande,
        second_facteur=preuves.second_facteur,
        proconnect=preuves.proconnect,
        defaults={
            "intitule": extrait.intitule,
            "fichier": f"{extrait.liste.fichier}.{adresse.format_}",
            "lignes": lignes,
        },
    )
    planifier(TACHE, export.pk)
    return export


@transaction.atomic
def annuler(*, export: Export, maintenant: datetime) -> None:
    """Raises RegleEnfreinte for one that is no longer being prepared."""
    tenu = Export.objects.select_for_update().defer("cles").get(pk=export.pk)
    if refus := regles.empechement_d_annuler(en_cours=tenu.en_cours_a(maintenant)):
        raise RegleEnfreinte(refus)
    tenu.annule_le = maintenant
    tenu.save(update_fields=["annule_le"])
    transaction.on_commit(lambda: arreter(tenu.pk))


def preparer(pk: int, *, maintenant: datetime) -> bool:
    """Write the file of one export, unless somebody does; whether it was written. Never raises: who asked is told."""
    from celery.exceptions import SoftTimeLimitExceeded  # late: heavy

    if not _commencer(pk, maintenant):
        return False
    try:
        return _ecrire(pk)
    except PreparationAnnulee:
        return False
    except Http404:
        _echouer(pk, regles.ACCES_PERDU)
    except RegleEnfreinte as refus:
        _echouer(pk, refus.message)
    except SoftTimeLimitExceeded:
        _echouer(pk, regles.TROP_LONG)
    except DatabaseError:
        journal.warning("Export de liste %s laissé en l'état.", pk, exc_info=True)
    except Exception:  # noqa: BLE001 (whatever goes wrong, it is tried again, and whoever asked told in the end)
        journal.exception("Échec de l'export de liste %s.", pk)
    return False


def veiller(*, maintenant: datetime) -> int:
    """Wake a worker for what waits: the message of a killed one is lost. Return how many wait.

    What has waited too long is said to have failed, but for what is being written.
    """
    _retirer_ce_qui_ne_se_lit_plus()
    attendus = list(Export.objects.a_preparer().order_by("pk").values_list("pk", "demande_le"))
    for pk, demande_le in attendus:
        if maintenant - demande_le < regles.ATTENTE_MAX:
            planifier(TACHE, pk)
        else:
            _echouer(pk, regles.TROP_D_ATTENTE)
    return len(attendus)


def _retirer_ce_qui_ne_se_lit_plus() -> None:
    """Archives that hold a file since erased, or found infected: nobody is given them already, and their bytes go."""
    pretes = Export.objects.exclude(document=None).exclude(documents=[])
    for pk, dedans in pretes.values_list("pk", "documents"):
        if tous_servis(dedans):
            continue
        Export.objects.filter(pk=pk).update(document=None, expire_le=HorlogeBase())


@transaction.atomic
def _commencer(pk: int, maintenant: datetime) -> bool:
    """Counted before the work: what kills its worker each time must end."""
    if not verrous.prendre(_verrou(pk)):
        return False
    export = _a_preparer(pk)
    if export is None:
        return False
    if export.essais >= regles.ESSAIS_MAX:
        _finir_mal(export, regles.TROP_D_ESSAIS)
        return False
    export.essais += 1
    export.save(update_fields=["essais"])
    return True


@transaction.atomic
def _ecrire(pk: int) -> bool:
    """One transaction from what the person may see to the file that says it: its cursor lives as long."""
    if not verrous.prendre(_verrou(pk)):
        return False
    export = Export.objects.a_preparer().select_related("personne").filter(pk=pk).first()
    if export is None:
        return False
    personne = avec_les_preuves(export.personne, second_facteur=export.second_facteur, proconnect=export.proconnect)
    if not personne.is_active:
        raise Http404
    adresse = Adresse.lire(export.chemin, export.demande)
    extrait, _ = adresse.relire(personne)
    cles, documents = array("q"), array("q")
    with TemporaryFile() as sortie:
        if isinstance(extrait, Archive):
            archiver(extrait, sortie, suivi=partial(suivre, pk, pas=1), noter=cles.append, inclure=documents.append)
        else:
            _ecrire_la_liste(pk, extrait, adresse.format_, sortie, cles.append)
        tenu = _a_preparer(pk)
        if tenu is None:
            raise PreparationAnnulee
        tenu.document = enregistrer_fichier(File(sortie), type_mime=TYPES_MIME[adresse.format_])
    tenu.lignes = len(cles)
    tenu.documents = sorted({*documents})
    tenu.habilitations = cles_des_habilitations(personne)
    tenu.cles = cles.tolist() if extrait.revue else []
    tenu.caches = sorted(extrait.caches)
    tenu.pret_le = HorlogeBase()
    tenu.expire_le = HorlogeBase() + regles.CONSERVATION
    tenu.save(
        update_fields=["document", "lignes", "habilitations", "cles", "caches", "documents", "pret_le", "expire_le"]
    )
    _prevenir(tenu, "exports/pret")
    return True


def _ecrire_la_liste(
    pk: int, extrait: Extrait, format_: str, sortie: IO[bytes], noter: Callable[[Any], object]
) -> None:
    tableau = extrait.liste.tableau(extrait.mentions, par_curseur=True, noter=noter)
    lues: Any = tableau.lignes
    # Whatever stops the writing, the cursor is closed while its transaction still is.
    with closing(lues):
        for morceau in tableaux.ECRITURES[format_](replace(tableau, lignes=suivre(pk, lues))):
            sortie.write(morceau)


def _a_preparer(pk: int) -> Export | None:
    """Held until the end of the transaction."""
    return Export.objects.a_preparer().select_for_update().filter(pk=pk).first()


@transaction.atomic
def _echouer(pk: int, raison: str) -> None:
    if verrous.prendre(_verrou(pk)) and (export := _a_preparer(pk)):
        _finir_mal(export, raison)


def _finir_mal(export: Export, raison: str) -> None:
    export.echoue_le, export.raison = HorlogeBase(), raison
    export.save(update_fields=["echoue_le", "raison"])
    _prevenir(export, "exports/echoue")


def _prevenir(export: Export, gabarit: str) -> None:
    """Whoever saw it happen in front of their screen needs no letter. The instants were written by the database."""
    export.refresh_from_db(fields=["pret_le", "expire_le", "echoue_le"])
    instant = export.pret_le or export.echoue_le
    if instant is None or instant - export.demande_le < regles.ATTENTE_SANS_LETTRE or not export.personne.is_active:
        return
    valeurs = {
        "export": export.pk,
        "nom_de_la_liste": export.intitule,
        "raison": export.raison,
        "jusqu_au": instant_fr(export.expire_le) if export.expire_le else "",
    }
    cle = f"export-de-liste-{export.pk}"
    mettre_en_file(Lettre(gabarit=gabarit, valeurs=valeurs, cle=cle, destinataire=export.personne.email))


def _verrou(pk: int) -> str:
    return f"export de liste {pk}"
