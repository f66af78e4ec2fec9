"""The letters to those whose avis is asked: what is new, then reminders; one a person for all of them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from candidatures.instruction.avis.requetes import derniers_contacts, destinataires
from candidatures.instruction.saisine.models import RelanceDAvis, Saisine
from candidatures.instruction.saisine.regles import RAPPELS, dernier_rappel
from rebond.socle.bdd import verrous
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.texte.typographie import compte, date_fr
from rebond.socle.utilisateur import Utilisateur

# Sixty files asked one after the other are one letter.
DELAI_D_ANNONCE = timedelta(minutes=2)
LOT = 500


def ecrire_aux_experts(*, maintenant: datetime) -> int:
    """Write what is due, and return how many letters that is. Run twice, or at once, each thing is told once.

    Nothing is told of a file that has its proposal. A file that somebody is acting upon waits for the next time.
    """
    with transaction.atomic():
        if not verrous.prendre("avis.ecrire_aux_experts"):
            return 0
        _noter_les_rappels(maintenant)
        return _annoncer(maintenant) + _relancer(maintenant)


def _noter_les_rappels(maintenant: datetime) -> None:
    """A row for each request of which a day of reminder was reached, and of which nobody was told since."""
    aujourd_hui = jour_de_paris(maintenant)
    proches = _tenues(annoncee_le__isnull=False, a_rendre_avant__lte=aujourd_hui + max(RAPPELS))
    contacts = derniers_contacts(proches)
    RelanceDAvis.objects.bulk_create(
        RelanceDAvis(saisine=saisine, relancee_le=maintenant)
        for saisine in proches
        if _a_rappeler(saisine, contacts.get(saisine.pk), aujourd_hui)
    )


def _a_rappeler(saisine: Saisine, contact: datetime | None, aujourd_hui: date) -> bool:
    rappel = dernier_rappel(saisine.a_rendre_avant, aujourd_hui) if saisine.a_rendre_avant else None
    dernier = max(filter(None, [saisine.annoncee_le, contact]))
    return rappel is not None and jour_de_paris(dernier) < rappel


def _annoncer(maintenant: datetime) -> int:
    nouvelles = _tenues(annoncee_le=None)
    if not any(saisine.demande_le <= maintenant - DELAI_D_ANNONCE for saisine in nouvelles):
        return 0
    par_personne = _par_personne(nouvelles)
    for personne, siennes in par_personne.items():
        cle = f"avis-demandes-{personne.pk}-{max(saisine.pk for saisine in siennes)}-{maintenant.timestamp():.0f}"
        _ecrire("instruction/avis_demandes", cle, personne, siennes)
    Saisine.objects.filter(pk__in=[saisine.pk for saisine in nouvelles]).update(annoncee_le=maintenant)
    return len(par_personne)


def _relancer(maintenant: datetime) -> int:
    en_attente = RelanceDAvis.objects.filter(annoncee_le=None)
    saisines = {saisine.pk: saisine for saisine in _tenues(pk__in=en_attente.values("saisine"))}
    par_personne = _par_personne(saisines.values())
    # Nobody is reminded twice in a day: what came since waits for tomorrow.
    demain = _deja_rappeles(par_personne, maintenant)
    retenues = {saisine.pk for personne in demain for saisine in par_personne[personne]}
    relances = list(en_attente.filter(saisine__in=saisines.keys() - retenues).order_by("pk"))
    if not any(relance.par is None or relance.relancee_le <= maintenant - DELAI_D_ANNONCE for relance in relances):
        return 0
    par_personne = _par_personne(saisine for cle, saisine in saisines.items() if cle not in retenues)
    for personne, siennes in par_personne.items():
        _ecrire("instruction/avis_rappel", _cle_de_rappel(personne, maintenant), personne, siennes)
    RelanceDAvis.objects.filter(pk__in=[relance.pk for relance in relances]).update(annoncee_le=maintenant)
    return len(par_personne)


def _cle_de_rappel(personne: Utilisateur, maintenant: datetime) -> str:
    return f"avis-rappel-{personne.pk}-{jour_de_paris(maintenant).isoformat()}"


def _deja_rappeles(gens: Iterable[Utilisateur], maintenant: datetime) -> list[Utilisateur]:
    cles = {_cle_de_rappel(personne, maintenant): personne for personne in gens}
    return [cles[cle] for cle in Courrier.objects.filter(cle__in=cles).order_by("pk").values_list("cle", flat=True)]


def _tenues(**lesquelles: Any) -> list[Saisine]:
    """Those that an avis may still answer, with their files, held together."""
    choisies = (
        Saisine.objects.attendues()
        .filter(**lesquelles)
        .select_related(*("candidature__vague", "candidature__territoire", "organisme", "expert", "demande_par"))
    )
    return list(choisies.select_for_update(of=("self", "candidature"), skip_locked=True).order_by("pk")[:LOT])


def _par_personne(saisines: Iterable[Saisine]) -> dict[Utilisateur, list[Saisine]]:
    par_personne: dict[Utilisateur, list[Saisine]] = {}
    for saisine in saisines:
        for personne in destinataires(saisine):
            par_personne.setdefault(personne, []).append(saisine)
    return dict(sorted(par_personne.items(), key=lambda paire: paire[0].pk))


def _ecrire(gabarit: str, cle: str, personne: Utilisateur, siennes: list[Saisine]) -> None:
    premier = siennes[0].candidature
    mettre_en_file(
        Lettre(
            gabarit=gabarit,
            valeurs={
                "reference": premier.reference if len(siennes) == 1 else "",
                "quantite": compte(len(siennes), "dossier"),
                "demandes": [_resume(saisine) for saisine in siennes],
            },
            cle=cle,
            destinataire=personne.email,
            demonstration=any(saisine.candidature.demonstration for saisine in siennes),
        )
    )


def _resume(saisine: Saisine) -> dict[str, object]:
    return {
        "reference": saisine.candidature.reference,
        "territoire": saisine.candidature.territoire.nom,
        "avant": date_fr(saisine.a_rendre_avant) if saisine.a_rendre_avant else "",
        "question": saisine.question,
        "a_prendre": saisine.expert_id is None,
        "organisme": saisine.organisme,
        "pk": saisine.pk,
    }
