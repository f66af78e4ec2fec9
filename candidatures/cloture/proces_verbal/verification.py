"""The check of a procès-verbal against the data and the files: what was read, or the first difference.

Nothing is believed because a row says it: lines are selected again, contents and files are hashed again. Everything
is read by batches, so that memory does not grow with the wave.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from candidatures.cloture.etats import NatureLigne
from candidatures.cloture.models.proces_verbaux import Horodatage, LigneProcesVerbal, ProcesVerbal
from candidatures.cloture.proces_verbal.comparaison import (
    Difference,
    comparer_les_lignes,
    depots_oublies,
    lire,
    premier_ecart,
)
from candidatures.cloture.proces_verbal.entete import instant_utc
from candidatures.cloture.proces_verbal.fichiers import verifier_les_contenus, verifier_les_fichiers
from candidatures.cloture.proces_verbal.lignes import arbre_des_lignes
from candidatures.depot.models import Depot
from rebond.socle.preuve.empreintes import empreinte, json_canonique
from rebond.socle.preuve.horodatage import HorodatageImpossible
from rebond.socle.preuve.horodatage import lire as lire_jeton
from rebond.socle.texte.typographie import compte


def verifier(acte: ProcesVerbal) -> Iterator[str]:
    """One sentence, in French, for each thing found as recorded; raises `Difference` at the first that is not."""
    yield from _verifier_les_lignes(acte) if acte.en_lignes else _verifier_le_contenu_unique(acte)
    yield _verifier_la_chaine(acte)
    yield from _verifier_l_horodatage(acte)
    depots = _depots(acte)
    yield verifier_les_contenus(depots)
    yield verifier_les_fichiers(depots)


def _verifier_les_lignes(acte: ProcesVerbal) -> Iterator[str]:
    yield _verifier_l_entete(acte)
    yield from comparer_les_lignes(acte)
    yield depots_oublies(acte)
    # Last: what was changed has been named by then, when it differs from the database.
    arbre = arbre_des_lignes(acte.pk)
    if (trouvee := arbre.racine().hex()) != acte.empreinte:
        raise Difference("Racine de l’arbre des lignes", attendu=acte.empreinte, trouve=trouvee)
    yield f"Racine recalculée sur {compte(arbre.taille, 'ligne')}\u00a0: {acte.empreinte}."


def _verifier_l_entete(acte: ProcesVerbal) -> str:
    """Line 0 is the header, and the header says what the wave's row says."""
    inscrite = LigneProcesVerbal.objects.filter(proces_verbal=acte, ordre=0).values_list("texte", flat=True).first()
    if inscrite != json_canonique(acte.contenu).decode():
        champ, attendu, trouve = premier_ecart(lire(inscrite or "", "Ligne 0, en-tête"), acte.contenu)
        raise Difference(f"Ligne 0, en-tête, champ «\u00a0{champ}\u00a0»", attendu=attendu, trouve=trouve)
    vague = acte.vague
    actuel: dict[str, Any] = {
        "rang": acte.rang,
        "vague": {
            "numero": vague.numero,
            "ouverture": instant_utc(vague.ouverture),
            "cloture": instant_utc(vague.cloture),
            "grace_secondes": int(vague.grace.total_seconds()),
        },
    }
    inscrit = {cle: acte.contenu.get(cle) for cle in actuel}
    if inscrit != actuel:
        champ, attendu, trouve = premier_ecart(inscrit, actuel)
        raise Difference(f"En-tête, champ «\u00a0{champ}\u00a0»", attendu=attendu, trouve=trouve)
    return f"En-tête\u00a0: vague {vague.numero}, rang {acte.rang}, conforme."


def _verifier_le_contenu_unique(acte: ProcesVerbal) -> Iterator[str]:
    """Format 1: one content, whose SHA-256 is the fingerprint; its deposits have those that it lists."""
    if (trouvee := empreinte(acte.contenu)) != acte.empreinte:
        raise Difference("Empreinte du contenu", attendu=acte.empreinte, trouve=trouvee)
    yield f"Empreinte recalculée sur le contenu\u00a0: {acte.empreinte}."
    actuelles = dict(_depots(acte).values_list("numero", "empreinte"))
    for ligne in acte.contenu["depots"]:
        numero = ligne["numero"]
        if actuelles.get(numero) != ligne["empreinte"]:
            objet = f"Dépôt {numero}, champ «\u00a0empreinte\u00a0»"
            raise Difference(objet, attendu=ligne["empreinte"], trouve=actuelles.get(numero))
    yield f"{compte(len(actuelles), 'dépôt')}\u00a0: conformes à la base."


def _verifier_la_chaine(acte: ProcesVerbal) -> str:
    """It holds the fingerprint of the one recorded just before. Format 1 followed the order of the waves."""
    anterieurs = ProcesVerbal.objects.exclude(pk=acte.pk)
    if acte.en_lignes:
        precedent = anterieurs.filter(pk__lt=acte.pk).order_by("-pk").first()
    else:
        precedent = (
            anterieurs.filter(vague__cloture__lt=acte.vague.cloture).order_by("-vague__cloture", "rang").first()
        )
    attendu = acte.contenu.get("precedent")
    if attendu != (precedent.empreinte if precedent else None):
        raise Difference(
            "Chaîne, empreinte du procès-verbal précédent",
            attendu=attendu,
            trouve=precedent.empreinte if precedent else None,
        )
    return (
        f"Chaîne\u00a0: contient l’empreinte du précédent, {precedent}." if precedent else "Chaîne\u00a0: le premier."
    )


def _verifier_l_horodatage(acte: ProcesVerbal) -> Iterator[str]:
    """The outside authority's instant, where it attested this very fingerprint; nothing where none was obtained."""
    horodatage = Horodatage.objects.filter(proces_verbal=acte).exclude(jeton=None).first()
    if horodatage is None or horodatage.jeton is None:
        return
    if not settings.HORODATAGE_AUTORITE:
        yield "Horodatage\u00a0: non vérifié, les certificats de l’autorité ne sont pas configurés."
        return
    try:
        atteste_le = lire_jeton(
            bytes(horodatage.jeton), acte.empreinte.encode(), autorite=Path(settings.HORODATAGE_AUTORITE)
        )
    except HorodatageImpossible as refus:
        raise Difference("Horodatage", attendu="un jeton valable pour cette empreinte", trouve=str(refus)) from None
    if atteste_le != horodatage.atteste_le:
        raise Difference("Horodatage, instant attesté", attendu=str(horodatage.atteste_le), trouve=str(atteste_le))
    yield f"Horodatage\u00a0: attesté le {instant_utc(atteste_le)} par l’autorité."


def _depots(acte: ProcesVerbal) -> QuerySet[Depot]:
    if acte.en_lignes:
        inscrits = LigneProcesVerbal.objects.filter(proces_verbal=acte, nature=NatureLigne.DEPOT)
        return Depot.objects.filter(pk__in=inscrits.values("depot"))
    return Depot.objects.filter(numero__in=[ligne["numero"] for ligne in acte.contenu["depots"]])
