"""What others have done since somebody's last visit, on what they may read: the journal says it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Case, OuterRef, Q, Subquery, When
from django.db.models.functions import Cast
from django.urls import reverse

from candidatures.dossier.actes import ActeDuDossier
from candidatures.instruction.acces import lus_en_entier_par
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.suivi.models import Suivi
from projets.mission.actes import ActeDeMission
from projets.mission.filtres import Part, parts_de
from projets.portefeuille.actes import ActeDeProjet
from projets.portefeuille.models import Projet
from rebond.comptes.acces import visite_precedente
from rebond.comptes.habilitations import a_le_role
from rebond.portail.bureau.formes import Nouvelle
from rebond.portail.requetes import cles_du_journal
from rebond.socle.journal.actes import libelle_acte
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

DOSSIER, MISSION, PROJET = "candidatures.candidature", "projets.mission", "projets.projet"
COMMUNIQUE, ROLE = "projets.communique", "territoires.habilitation"
MONTREES = 8
# Whoever comes back after longer than that does not read what is left of it on this page.
AU_PLUS = timedelta(days=30)
SUR_UN_DOSSIER = (
    *(ActeDuDossier.RENDRE_CORRECTION, ActeDuDossier.DEMANDER_CORRECTION, ActeDuDossier.FERMER_CORRECTION),
    *(ActeDuDossier.PROPOSER, ActeDuDossier.DECLARER_IRRECEVABLE, ActeDuDossier.SIGNER_IRRECEVABILITE),
    *(ActeDInstruction.PROPOSER_IRRECEVABILITE, ActeDInstruction.RENVOYER_IRRECEVABILITE),
    ActeDInstruction.CONSTATER_RECEVABILITE,
    *(ActeDInstruction.DEMANDER_AVIS, ActeDInstruction.RENDRE_AVIS, ActeDInstruction.ENVOYER_MESSAGE),
)
SUR_UN_PROJET = (ActeDeProjet.ORIENTER, ActeDeProjet.DEPOSER_DEMANDE, ActeDeProjet.ACCORDER, ActeDeProjet.ABANDONNER)


def nouvelles_de(moi: Utilisateur, maintenant: datetime) -> tuple[str, list[Nouvelle]]:
    """The last ones and since when, in one statement; none for whoever holds no role that follows something, or has
    not come before."""
    portees = list(_portees(moi))
    if not portees:
        return "", []
    suivies = Q()
    for portee in portees:
        suivies |= portee
    projet = Projet.objects.filter(pk=Cast(OuterRef("objet_id"), BigIntegerField()))
    visite = Subquery(visite_precedente(moi))
    entrees: Any = (
        EntreeJournal.objects.filter(suivies, ecrit_le__gt=maintenant - AU_PLUS)
        .filter(ecrit_le__gt=visite)
        .exclude(acteur_id_copie=moi.pk)
        .defer("details")
        .annotate(
            visite=visite,
            mission=Case(
                When(objet_type=PROJET, then=Subquery(projet.values("mission"))), output_field=BigIntegerField()
            ),
        )
    )
    lues = list(entrees.order_by("-pk")[:MONTREES])
    return _depuis(lues[0].visite, maintenant) if lues else "", [_nouvelle(entree) for entree in lues]


def _depuis(visite: datetime, maintenant: datetime) -> str:
    if visite < maintenant - AU_PLUS:
        return "Ces trente derniers jours"
    return f"Depuis votre visite du {instant_fr(visite)}"


def _portees(moi: Utilisateur) -> Iterator[Q]:
    """What each role follows, of what it may read."""
    if a_le_role(moi, Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR):
        lus = lus_en_entier_par(moi, Suivi.objects.all())
        yield Q(objet_type=DOSSIER, acte__in=SUR_UN_DOSSIER, objet_id__in=cles_du_journal(lus))
    parts = parts_de(moi)
    if Part.MIENNES in parts:
        miennes = parts[Part.MIENNES]
        yield Q(objet_type=MISSION, acte__in=[*ActeDeMission], objet_id__in=cles_du_journal(miennes))
    if parts:
        suivies = [parts[part].values("pk") for part in (Part.MIENNES, Part.A_FINANCER) if part in parts]
        ou = Q()
        for missions in suivies:
            ou |= Q(mission__in=missions)
        yield Q(objet_type=PROJET, acte__in=SUR_UN_PROJET, objet_id__in=cles_du_journal(Projet.objects.filter(ou)))
    if a_le_role(moi, Role.PRESSE):
        yield Q(objet_type=COMMUNIQUE)
    if a_le_role(moi, Role.ADMINISTRATEUR):
        yield Q(objet_type=ROLE)


def _nouvelle(entree: Any) -> Nouvelle:
    return Nouvelle(
        quand=instant_fr(entree.ecrit_le),
        titre=libelle_acte(entree.acte, entree.objet_type),
        lien=_adresse(entree),
        objet=entree.objet,
        auteur=entree.acteur,
    )


def _adresse(entree: Any) -> str:
    if entree.objet_type == PROJET:
        return reverse("projets:projet", args=[entree.mission, entree.objet_id])
    noms = {
        DOSSIER: "instruction:dossier",
        MISSION: "projets:mission",
        COMMUNIQUE: "presse:communique",
        ROLE: "administration:role",
    }
    return reverse(noms[entree.objet_type], args=[entree.objet_id])
