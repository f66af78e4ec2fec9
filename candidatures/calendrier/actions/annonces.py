"""Letters that tell of the opening and of the closing of a wave, queued once, at the instant that they tell of.

What the closing means for each file is told by the closing itself (`candidatures.cloture.actions.cloture`).
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from candidatures.dossier.etats import Qualite
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.vagues.models.vagues import Vague
from rebond.socle.courriers.envoi import mettre_en_file_lot
from rebond.socle.courriers.models import Courrier
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

# Older news is of no use: the past taken over from another system, or a portal that was stopped for days.
RETARD_MAX = timedelta(days=1)


def annoncer(*, vague_id: int, maintenant: datetime) -> int:
    """Queue the letters about the opening and the closing of one wave that are due, and return how many.

    `maintenant` is on the database's clock. The marks on the wave are set under its lock: run twice, or twice at once,
    there is one set of letters. An instant more than `RETARD_MAX` old is marked without letters, and so is the opening
    of a wave that is closed already. A wave that is held by someone else is left to the next run.
    """
    with transaction.atomic():
        vague = Vague.objects.a_annoncer(maintenant).select_for_update(skip_locked=True).filter(pk=vague_id).first()
        if vague is None:
            return 0
        courriers: list[Courrier] = []
        if vague.ouverture_annoncee_le is None:
            vague.ouverture_annoncee_le = maintenant
            if maintenant < vague.cloture and maintenant - vague.ouverture <= RETARD_MAX:
                courriers += _annoncer_ouverture(vague, maintenant)
        if vague.cloture_annoncee_le is None and vague.echeance <= maintenant:
            vague.cloture_annoncee_le = maintenant
            if maintenant - vague.echeance <= RETARD_MAX:
                courriers += _annoncer_cloture(vague, maintenant)
        vague.save(update_fields=["ouverture_annoncee_le", "cloture_annoncee_le"])
        mettre_en_file_lot(courriers)
    return len(courriers)


def _annoncer_ouverture(vague: Vague, maintenant: datetime) -> list[Courrier]:
    dates = {
        "numero": vague.numero,
        "ouverture": instant_fr(vague.ouverture),
        "cloture": instant_fr(vague.cloture, secondes=True),
        "adresse": settings.ADRESSE_PUBLIQUE,
    }
    courriers = [
        Courrier(
            cle=f"ouverture-{vague.pk}-agent-{agent.pk}",
            destinataire=agent.email,
            objet=f"La vague {vague.numero} est ouverte",
            texte=TEXTE_OUVERTURE_AGENTS.format(**dates),
        )
        for agent in _agents()
    ]
    courriers += [
        Courrier(
            cle=f"ouverture-{vague.pk}-territoire-{personne.pk}",
            destinataire=personne.email,
            objet=f"La vague {vague.numero} est ouverte\u00a0: vous pouvez y reprendre un dossier",
            texte=TEXTE_OUVERTURE_TERRITOIRES.format(dossiers="\n".join(map(_cite, dossiers)), **dates),
        )
        for personne, dossiers in _a_relancer(vague, maintenant)
    ]
    consigner("annoncer_ouverture", vague, acteur=None, fait_le=maintenant, courriers=len(courriers))
    return courriers


def _cite(dossier: Candidature) -> str:
    return f"- {dossier.reference}, territoire «\u00a0{dossier.territoire.nom}\u00a0»"


def _annoncer_cloture(vague: Vague, maintenant: datetime) -> list[Courrier]:
    texte = TEXTE_CLOTURE.format(
        numero=vague.numero,
        cloture=instant_fr(vague.echeance, secondes=True),
        adresse=settings.ADRESSE_PUBLIQUE,
    )
    courriers = [
        Courrier(
            cle=f"cloture-annoncee-{vague.pk}-{agent.pk}-{vague.echeance:%Y%m%dT%H%M%S}",
            destinataire=agent.email,
            objet=f"La vague {vague.numero} est close",
            texte=texte,
        )
        for agent in _agents()
    ]
    consigner("annoncer_cloture", vague, acteur=None, fait_le=maintenant, courriers=len(courriers))
    return courriers


def _agents() -> list[Utilisateur]:
    return list(
        Utilisateur.objects.filter(is_active=True, habilitations__role__in=[Role.INSTRUCTEUR, Role.ADMINISTRATEUR])
        .distinct()
        .order_by("pk")
    )


def _a_relancer(vague: Vague, maintenant: datetime) -> Iterator[tuple[Utilisateur, list[Candidature]]]:
    """Who wrote a file that `vague` may take a copy of, with these files: one letter a person."""
    dossiers = Candidature.objects.exclude(vague=vague).copiables(maintenant).derniers_du_territoire()
    participations = (
        Participation.objects.filter(
            candidature__in=dossiers.values("pk"),
            qualite__in=[Qualite.PORTEUR, Qualite.CO_PORTEUR],
            utilisateur__is_active=True,
        )
        .avec_dossier()
        .order_by("utilisateur", "candidature")
    )
    par_personne: dict[Utilisateur, list[Candidature]] = defaultdict(list)
    for participation in participations:
        par_personne[participation.utilisateur].append(participation.candidature)
    yield from par_personne.items()


TEXTE_OUVERTURE_AGENTS = """Bonjour,

La vague {numero} de l’appel «\u00a0Rebond industriel\u00a0» est ouverte depuis le {ouverture}. Les territoires
peuvent y déposer leurs dossiers jusqu’au {cloture} (heure de Paris).

Voir le calendrier\u00a0: {adresse}/calendrier/

L’équipe Rebond industriel
"""

TEXTE_OUVERTURE_TERRITOIRES = """Bonjour,

La vague {numero} de l’appel «\u00a0Rebond industriel\u00a0» est ouverte. Les dossiers s’y déposent jusqu’au
{cloture} (heure de Paris).

Vous avez participé à un dossier qui n’a pas eu de suite dans une vague précédente\u00a0:

{dossiers}

Rien n’est à réécrire\u00a0: depuis la page de ce dossier, son porteur peut en faire une copie dans la nouvelle
vague. La copie est un brouillon, à relire et à déposer avant la clôture.

Retrouver vos dossiers\u00a0: {adresse}/candidatures/

L’équipe Rebond industriel
"""

TEXTE_CLOTURE = """Bonjour,

La vague {numero} de l’appel «\u00a0Rebond industriel\u00a0» s’est close le {cloture} (heure de Paris)\u00a0:
elle n’accepte plus de dossier. Le portail achève d’enregistrer les demandes parvenues avant cet instant, puis
établit le procès-verbal de clôture\u00a0: les dossiers déposés passent alors en instruction.

Voir les vagues\u00a0: {adresse}/instruction/

L’équipe Rebond industriel
"""
