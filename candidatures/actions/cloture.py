"""The closing: it records what the deadline already decided.

One transaction: killed anywhere it leaves nothing, run again it finishes, run twice or at once it is done once,
because the wave's row is locked and its state re-read.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from candidatures.actions.echeance import deposer_a_l_echeance
from candidatures.actions.equipe import objet_de
from candidatures.actions.proces_verbaux import etablir
from candidatures.etats import EtatCandidature, EtatVague, Source
from candidatures.models import Candidature, Depot, Participation, ProcesVerbal, Vague
from candidatures.regles import grace_ecoulee
from rebond.socle.courriers import mettre_en_file_lot
from rebond.socle.models import Courrier
from rebond.socle.transitions import appliquer, appliquer_a_tous
from rebond.socle.typographie import instant_fr


def clore(*, vague_id: int, maintenant: datetime) -> ProcesVerbal | None:
    """Record the closing of a wave: deposits asked of the portal, procès-verbal, files passed to instruction, letters.

    `maintenant` is on the database's clock. None when there is nothing to do: already recorded, the technical grace
    (within which a request received in time may still be recorded) is not over, or an earlier wave is due first.
    """
    with transaction.atomic():
        # Deposits hold this row FOR SHARE: the closing waits here for those in flight.
        vague = Vague.objects.select_for_update().get(pk=vague_id)
        if vague.etat != EtatVague.PREVUE or not grace_ecoulee(maintenant, vague.cloture, vague.grace):
            return None
        if Vague.objects.a_clore(maintenant).filter(cloture__lt=vague.cloture).exists():
            return None
        deposer_a_l_echeance(vague=vague, maintenant=maintenant)
        deposees = Candidature.objects.filter(vague=vague, etat=EtatCandidature.DEPOSEE).pour_liste()
        proces_verbal = etablir(
            vague=vague, rang=1, candidatures=Candidature.objects.filter(vague=vague), maintenant=maintenant
        )
        appliquer_a_tous(deposees, "ouvrir_instruction", acteur=None, maintenant=maintenant)
        appliquer(vague, "clore", acteur=None, maintenant=maintenant, empreinte=proces_verbal.empreinte)
        mettre_en_file_lot(_courriers(vague))
    return proces_verbal


def _courriers(vague: Vague) -> Iterable[Courrier]:
    suivante = Vague.objects.filter(ouverture__gte=vague.cloture).order_by("ouverture").first()
    annonce = (
        f"La vague suivante, n° {suivante.numero}, se clôt le {instant_fr(suivante.cloture)} (heure de Paris)."
        if suivante
        else "Le calendrier des prochaines vagues est publié sur le portail."
    )
    par_le_portail = {
        depot.candidature_id: depot
        for depot in Depot.objects.filter(candidature__vague=vague, source=Source.ECHEANCE).qui_comptent()
    }
    participations = (
        Participation.objects.filter(
            candidature__vague=vague,
            candidature__etat__in=[EtatCandidature.EN_INSTRUCTION, EtatCandidature.BROUILLON],
        )
        .select_related("candidature__vague", "candidature__territoire", "utilisateur")
        .order_by("pk")
    )
    for participation in participations:
        candidature = participation.candidature
        depot = par_le_portail.get(candidature.pk)
        yield Courrier(
            cle=f"cloture-{vague.pk}-{candidature.pk}-{participation.utilisateur_id}",
            destinataire=participation.utilisateur.email,
            objet=objet_de(candidature, _objet(candidature, depot)),
            texte=_gabarit(candidature, depot).format(
                reference=candidature.reference,
                territoire=candidature.territoire.nom,
                numero=vague.numero,
                cloture=instant_fr(vague.cloture),
                annonce=annonce,
                adresse=settings.ADRESSE_PUBLIQUE,
                depot=depot.numero if depot else "",
                recu_le=instant_fr(depot.recu_le, secondes=True) if depot else "",
            ),
        )


def _objet(candidature: Candidature, par_le_portail: Depot | None) -> str:
    if candidature.etat == EtatCandidature.BROUILLON:
        return f"Votre dossier {candidature.reference} n’a pas été déposé"
    if par_le_portail:
        return f"Votre dossier {candidature.reference} a été déposé par le portail et passe en instruction"
    return f"Votre dossier {candidature.reference} passe en instruction"


def _gabarit(candidature: Candidature, par_le_portail: Depot | None) -> str:
    if candidature.etat != EtatCandidature.BROUILLON:
        return TEXTE_DEPOSE_PAR_LE_PORTAIL if par_le_portail else TEXTE_DEPOSE
    return TEXTE_JAMAIS_COMPLET if candidature.depot_a_l_echeance_le else TEXTE_BROUILLON


TEXTE_DEPOSE = """Bonjour,

La vague {numero} de l’appel « Rebond industriel » s’est close le {cloture} (heure de Paris).

Le dossier {reference} du territoire « {territoire} » a été déposé à temps : il passe en instruction. Vous
recevrez un courriel lorsque les résultats seront annoncés.

Suivre votre dossier : {adresse}/candidatures/

L’équipe Rebond industriel
"""

TEXTE_DEPOSE_PAR_LE_PORTAIL = """Bonjour,

La vague {numero} de l’appel « Rebond industriel » s’est close le {cloture} (heure de Paris).

Comme son porteur l’avait demandé, le portail a déposé à l’échéance la dernière version complète du dossier
{reference} du territoire « {territoire} ».

Dépôt n° {depot}
Reçu le {recu_le} (heure de Paris) : l’instant où cette version a été enregistrée, ou celui de la demande s’il est plus tardif.

Ce qui a été écrit après cette version n’est pas déposé. L’accusé de réception vous parvient dans un autre
courriel. Le dossier passe en instruction : vous recevrez un courriel lorsque les résultats seront annoncés.

Suivre votre dossier : {adresse}/candidatures/

L’équipe Rebond industriel
"""  # noqa: E501 (letters are sent as they are written)

TEXTE_BROUILLON = """Bonjour,

La vague {numero} de l’appel « Rebond industriel » s’est close le {cloture} (heure de Paris).

Le dossier {reference} du territoire « {territoire} » était encore un brouillon : il n’a pas été déposé et ne
sera pas examiné. Son contenu est conservé.

{annonce}

Retrouver votre dossier : {adresse}/candidatures/

L’équipe Rebond industriel
"""

TEXTE_JAMAIS_COMPLET = """Bonjour,

La vague {numero} de l’appel « Rebond industriel » s’est close le {cloture} (heure de Paris).

Le porteur du dossier {reference} du territoire « {territoire} » avait demandé au portail de déposer à
l’échéance sa dernière version complète. Le portail n’en avait aucune : avant la clôture, il est toujours resté
dans le dossier des réponses ou des pièces à fournir. Il n’a donc pas été déposé et ne sera pas examiné. Son
contenu est conservé.

{annonce}

Retrouver votre dossier : {adresse}/candidatures/

L’équipe Rebond industriel
"""
