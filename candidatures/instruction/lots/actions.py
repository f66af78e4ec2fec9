"""Asking for one act on many files, and doing it file by file: the rows are the pending work, whatever stops the
worker."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.http import QueryDict

from candidatures.instruction.acces import a_instruire_par
from candidatures.instruction.lots import regles
from candidatures.instruction.lots.models import ActeGroupe, ActeSurDossier
from candidatures.instruction.lots.registre import ACTES, Acte
from candidatures.vagues.models.vagues import Vague
from rebond.exports.lecture import avec_les_preuves, preuves_de
from rebond.socle.bdd import verrous
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.taches import planifier
from rebond.socle.utilisateur import Utilisateur

journal = logging.getLogger(__name__)
TACHE = "candidatures.tasks.faire_un_acte_groupe"
RIEN = "Aucun de ces dossiers ne peut l’être."


@transaction.atomic
def demander(
    *, acte: Acte, vague: Vague, personne: Utilisateur, dossiers: Collection[int], donnees: Mapping[str, list[str]]
) -> ActeGroupe:
    """Have a worker do `acte` on each of `dossiers`, which are keys of files that `personne` instructs in `vague`; the
    others are left out. Raises `RegleEnfreinte` when none is left."""
    siens = a_instruire_par(personne).filter(vague=vague, pk__in=dossiers).order_by("pk")
    cles = list(siens.values_list("pk", flat=True))
    if not cles:
        raise RegleEnfreinte(RIEN)
    preuves = preuves_de(personne)
    groupe = ActeGroupe.objects.create(
        personne=personne,
        vague=vague,
        acte=acte.cle,
        donnees=dict(donnees),
        second_facteur=preuves.second_facteur,
        proconnect=preuves.proconnect,
    )
    ActeSurDossier.objects.bulk_create(ActeSurDossier(groupe=groupe, candidature_id=cle) for cle in cles)
    planifier(TACHE, groupe.pk)
    return groupe


def faire(pk: int, *, maintenant: datetime) -> int:
    """Do what is left of one grouped act; return how many files were dealt with. Two workers share them."""
    traites = 0
    while (ligne := _commencer(pk)) is not None:
        try:
            traites += _faire(ligne, maintenant)
        except DatabaseError:
            journal.warning("Acte groupé %s : dossier laissé en l'état.", pk, exc_info=True)
            return traites
        except Exception:  # noqa: BLE001 (whatever goes wrong with one file, it is tried again, and then said)
            journal.exception("Échec d'un acte groupé, %s.", pk)
            return traites
    return traites


def veiller(*, maintenant: datetime) -> int:
    """Wake a worker for what is left: the message of a killed one is lost. Return how many acts wait."""
    attendus = ActeSurDossier.objects.a_faire().order_by().values_list("groupe", "groupe__demande_le").distinct()
    groupes = dict(attendus)
    for pk, demande_le in sorted(groupes.items()):
        if maintenant - demande_le < regles.ATTENTE_MAX:
            planifier(TACHE, pk)
        else:
            _abandonner(pk, maintenant)
    return len(groupes)


@transaction.atomic
def _commencer(pk: int) -> int | None:
    """The next file that nobody is at, counted before the work. None when nothing is left."""
    ligne = ActeSurDossier.objects.a_faire().filter(groupe=pk).select_for_update(skip_locked=True).first()
    if ligne is None:
        return None
    ligne.essais += 1
    ligne.save(update_fields=["essais"])
    return ligne.pk


def _faire(ligne_pk: int, maintenant: datetime) -> int:
    """The act and the row that says so, in one transaction."""
    with transaction.atomic():
        lignes = ActeSurDossier.objects.a_faire().select_for_update(of=("self",), skip_locked=True)
        ligne = (
            lignes.select_related("groupe__personne", "groupe__vague", "candidature__vague", "candidature__territoire")
            .filter(pk=ligne_pk)
            .first()
        )
        if ligne is None:
            return 0
        refus = regles.TROP_D_ESSAIS if ligne.essais > regles.ESSAIS_MAX else _essayer(ligne, maintenant)
        _attendre_les_autres(ligne.groupe)
        ligne.refus, ligne.fini_le = refus, maintenant
        ligne.save(update_fields=["refus", "fini_le"])
        _conclure(ligne.groupe, maintenant)
    return 1


def _attendre_les_autres(groupe: ActeGroupe) -> None:
    """Two workers that end the last two files at once do it one after the other: the second one sees that it is."""
    if ACTES[groupe.acte].conclure is not None:
        verrous.attendre(f"acte-groupe-{groupe.pk}")


def _conclure(groupe: ActeGroupe, maintenant: datetime) -> None:
    """What the act does once, when the last of its files is over."""
    conclure = ACTES[groupe.acte].conclure
    lignes = ActeSurDossier.objects.filter(groupe=groupe)
    if conclure is None or lignes.a_faire().exists():
        return
    if faits := list(lignes.filter(refus="").order_by("pk").values_list("candidature", flat=True)):
        conclure(groupe, faits, maintenant)


def _essayer(ligne: ActeSurDossier, maintenant: datetime) -> str:
    """Why it is not done; empty once it is."""
    groupe = ligne.groupe
    personne, acte = groupe.personne, ACTES[groupe.acte]
    avec_les_preuves(personne, second_facteur=groupe.second_facteur, proconnect=groupe.proconnect)
    if not a_instruire_par(personne).filter(pk=ligne.candidature_id).exists():
        return regles.PLUS_LE_ROLE
    try:
        with transaction.atomic():
            acte.faire(
                candidature=ligne.candidature,
                auteur=personne,
                maintenant=maintenant,
                **_donnees_lues(acte, groupe),
            )
    except RegleEnfreinte as refuse:
        return refuse.message
    return ""


def _donnees_lues(acte: Acte, groupe: ActeGroupe) -> dict[str, Any]:
    """What the form of the act reads of what was typed. Raises `RegleEnfreinte` for what it does not take any more."""
    if acte.formulaire is None:
        return {}
    envoi = QueryDict(mutable=True)
    for nom, valeurs in groupe.donnees.items():
        envoi.setlist(nom, valeurs)
    formulaire: Any = acte.formulaire(envoi, vague=groupe.vague, par=groupe.personne)
    if not formulaire.is_valid():
        raise RegleEnfreinte(" ".join(str(erreur) for erreurs in formulaire.errors.values() for erreur in erreurs))
    lues: dict[str, Any] = formulaire.cleaned_data
    return lues


@transaction.atomic
def _abandonner(pk: int, maintenant: datetime) -> None:
    lignes = ActeSurDossier.objects.a_faire().filter(groupe=pk).select_for_update(skip_locked=True)
    cles = list(lignes.values_list("pk", flat=True))
    groupe = ActeGroupe.objects.select_related("personne", "vague").get(pk=pk)
    _attendre_les_autres(groupe)
    ActeSurDossier.objects.filter(pk__in=cles).update(refus=regles.TROP_D_ATTENTE, fini_le=maintenant)
    _conclure(groupe, maintenant)
