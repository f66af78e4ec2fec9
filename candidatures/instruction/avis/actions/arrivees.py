"""The letter to those who asked for avis: what came since the last one; one a day and a person."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from candidatures.instruction.echanges.requetes import agents_a_prevenir
from candidatures.instruction.saisine.models import AnnonceDAvis, AvisRendu
from rebond.socle.bdd import verrous
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.horloge.temps import PARIS, jour_de_paris
from rebond.socle.texte.typographie import compte
from rebond.socle.utilisateur import Utilisateur

# In Paris, while there is still time to read them: what comes later waits for the next day.
HEURE = time(16)
# What nobody could be told for so long is in their list, and no news any more.
PENDANT = timedelta(days=7)


def annoncer_les_avis_rendus(*, maintenant: datetime) -> int:
    """Tell those who asked for avis that they came, without a word of what they say; return how many letters that is.
    Run twice, or at once, each is told once.

    Whoever asked and does not instruct the file any more is told nothing: those who do are
    (`agents_a_prevenir`). What one gave unasked is no news.
    """
    if maintenant.astimezone(PARIS).time() < HEURE:
        return 0
    with transaction.atomic():
        if not verrous.prendre("avis.annoncer_les_rendus"):
            return 0
        rendus = _a_annoncer(maintenant)
        par_personne: dict[Utilisateur, list[AvisRendu]] = {}
        for avis in rendus:
            for agent in agents_a_prevenir(avis.saisine.candidature, avis.saisine.demande_par):
                par_personne.setdefault(agent, []).append(avis)
        jour = jour_de_paris(maintenant)
        lettres = [
            _lettre(agent, siens, f"avis-rendus-{agent.pk}-{jour.isoformat()}")
            for agent, siens in sorted(par_personne.items(), key=lambda paire: paire[0].pk)
        ]
        AnnonceDAvis.objects.bulk_create(AnnonceDAvis(avis=avis, faite_le=maintenant) for avis in rendus)
        return mettre_en_file_lot(lettres)


def _a_annoncer(maintenant: datetime) -> list[AvisRendu]:
    """Those of before the hour of today: what comes after it is told tomorrow."""
    heure = maintenant.astimezone(PARIS).replace(hour=HEURE.hour, minute=0, second=0, microsecond=0)
    venus = AvisRendu.objects.filter(annonce=None, rendu_le__lte=heure, rendu_le__gt=maintenant - PENDANT)
    demandes = venus.exclude(saisine__demande_par=F("auteur"))
    avec = ("saisine__candidature__vague", "saisine__candidature__territoire", "saisine__organisme")
    return list(demandes.select_related(*avec, "saisine__demande_par").order_by("pk"))


def _lettre(agent: Utilisateur, siens: list[AvisRendu], cle: str) -> Lettre:
    premier = siens[0].saisine.candidature
    return Lettre(
        gabarit="instruction/avis_rendus",
        valeurs={
            "reference": premier.reference if len(siens) == 1 else "",
            "quantite": compte(len(siens), "avis rendu", "avis rendus"),
            "avis": [
                {
                    "pk": un.saisine.candidature.pk,
                    "reference": un.saisine.candidature.reference,
                    "territoire": un.saisine.candidature.territoire.nom,
                    "organisme": un.saisine.organisme,
                }
                for un in siens
            ],
        },
        cle=cle,
        destinataire=agent.email,
        demonstration=any(un.saisine.candidature.demonstration for un in siens),
    )
