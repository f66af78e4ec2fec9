"""Asking for an avis, and reminding of it."""

from collections.abc import Sequence
from datetime import date, datetime

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.avis.actions.communs import REFUS, tenir_la_demande
from candidatures.instruction.avis.requetes import Cible, derniers_contacts, pas_expert
from candidatures.instruction.regles import empechement_de_consulter
from candidatures.instruction.saisine.models import RelanceDAvis, Saisine
from candidatures.instruction.saisine.regles import ENTRE_DEUX_RELANCES, empechement_de_fixer
from candidatures.instruction.tenue import instruire
from rebond.comptes.habilitations import a_le_role, tenues_par_tous
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

PERSONNE = "Choisissez au moins un organisme, ou une personne."


def demander_avis(
    *,
    candidature: Candidature,
    cibles: Sequence[Cible],
    question: str,
    a_rendre_avant: date,
    auteur: Utilisateur,
    maintenant: datetime,
) -> list[Saisine]:
    """Put the file to each of `cibles`, who from then on read it, until they answer. Their letters are written a
    little later, one a person for all that is asked of them.

    Raises `RegleEnfreinte` when nobody is asked, when one of them is no expert, takes part in the file, has declared a
    conflict of interest on it, or is of an organisme that was already asked; and when the day makes no sense.
    """
    with instruire(candidature, auteur, REFUS) as dossier:
        if refus := empechement_de_consulter(dossier.etat):
            raise RegleEnfreinte(refus)
        if refus := empechement_de_fixer(a_rendre_avant, jour_de_paris(maintenant)):
            raise RegleEnfreinte(refus)
        if not cibles:
            raise RegleEnfreinte(PERSONNE)
        demandes = []
        for cible in cibles:
            _verifier(dossier, cible)
            demande = Saisine.objects.create(
                candidature=dossier,
                organisme=cible.organisme,
                expert=cible.expert,
                prise_le=maintenant if cible.expert else None,
                demande_par=auteur,
                demande_le=maintenant,
                question=question.strip(),
                a_rendre_avant=a_rendre_avant,
            )
            vers = {"expert": str(cible.expert)} if cible.expert else {}
            consigner(
                ActeDInstruction.DEMANDER_AVIS,
                dossier,
                acteur=auteur,
                fait_le=maintenant,
                organisme=cible.organisme.nom,
                **vers,
            )
            demandes.append(demande)
    return demandes


def relancer(*, saisine: Saisine, auteur: Utilisateur, maintenant: datetime) -> RelanceDAvis:
    """Remind whoever should answer, once a day at most. Raises `RegleEnfreinte` when the avis is not awaited."""
    with instruire(saisine.candidature, auteur, REFUS):
        dossier, tenue = tenir_la_demande(saisine)
        derniere = derniers_contacts([tenue]).get(tenue.pk)
        if derniere is not None and derniere > maintenant - ENTRE_DEUX_RELANCES:
            raise RegleEnfreinte(f"Cet avis a déjà été relancé le {instant_fr(derniere)}\u00a0: attendez un jour.")
        relance = RelanceDAvis.objects.create(saisine=tenue, relancee_le=maintenant, par=auteur)
        consigner(
            ActeDInstruction.RELANCER_AVIS,
            dossier,
            acteur=auteur,
            fait_le=maintenant,
            organisme=tenue.organisme.nom,
        )
    return relance


def _verifier(dossier: Candidature, cible: Cible) -> None:
    if Saisine.objects.actives().filter(candidature=dossier, organisme=cible.organisme).exists():
        raise RegleEnfreinte(f"{cible.organisme}\u00a0: {REFUS['saisine_une_active_par_organisme']}")
    if cible.expert is None:
        if not tenues_par_tous(Role.EXPERT).filter(organisme=cible.organisme).exists():
            raise RegleEnfreinte(f"Personne de {cible.organisme} n’a le rôle d’expert\u00a0: demandez à un autre.")
        return
    if not a_le_role(cible.expert, Role.EXPERT):
        raise RegleEnfreinte(pas_expert(cible.expert))
    if Candidature.objects.de_son_territoire(cible.expert).filter(pk=dossier.pk).exists():
        raise RegleEnfreinte(
            f"{cible.expert} participe à ce dossier, ou y a participé\u00a0: son avis ne peut pas être demandé."
        )
