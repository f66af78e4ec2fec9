"""What a file waits for from whoever instructs it: what the dashboard counts, and what the list of a wave is filtered
by."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, TextChoices

from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction.acces import instruit_tout_ce_qu_il_lit, suivis_a_instruire_par, suivis_par
from candidatures.instruction.affectation.etats import ETATS_CONFIES
from candidatures.instruction.comptes import restant_a_instruire
from candidatures.instruction.echanges.models import LectureDesMessages
from candidatures.instruction.echanges.requetes import messages_non_lus_de
from candidatures.instruction.models import Recevabilite
from candidatures.instruction.recevabilite.requetes import a_signer
from candidatures.instruction.signaux import sans_proposition_de
from candidatures.instruction.suivi.models import Suivi, avis_en_retard
from rebond.comptes.habilitations import a_le_role
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


class Attente(TextChoices):
    A_INSTRUIRE = "a_instruire", "À instruire"
    A_PRENDRE = "a_prendre", "À prendre"
    RECEVABILITE = "recevabilite", "Recevabilité à vérifier"
    PROPOSITION = "proposition", "Proposition à faire"
    AVIS_EN_RETARD = "avis_en_retard", "Avis en retard"
    MESSAGE = "message", "Message à lire"
    SIGNATURE = "signature", "Irrecevabilité à signer"


# Of whoever instructs: the others have nothing to do on a file but read it. What a colleague holds awaits them alone.
DE_QUI_INSTRUIT = (
    Attente.A_PRENDRE,
    Attente.RECEVABILITE,
    Attente.PROPOSITION,
    Attente.AVIS_EN_RETARD,
    Attente.MESSAGE,
)


@dataclass(frozen=True)
class Attentes:
    """How many files of one wave wait for each thing."""

    vague: int
    a_prendre: int
    recevabilite: int
    proposition: int
    avis_en_retard: int
    message: int


def attentes_de(personne: Utilisateur) -> list[Attente]:
    """What `personne` may look for in a list."""
    permises = [Attente.A_INSTRUIRE]
    if a_le_role(personne, Role.INSTRUCTEUR):
        permises += DE_QUI_INSTRUIT
    return [*permises, Attente.SIGNATURE] if a_le_role(personne, Role.VALIDEUR) else permises


def qui_attendent(personne: Utilisateur, attente: str, aujourd_hui: date) -> Q:
    """The narrow rows (as a condition on them) that wait for `personne` in that way, on that day of Paris."""
    if attente == Attente.A_INSTRUIRE:
        return Q(pk__in=restant_a_instruire(personne, Suivi.objects.all()).values("pk"))
    if attente == Attente.SIGNATURE:
        return a_signer(personne)
    return _parmi_les_siens(personne, _condition(personne, Attente(attente), aujourd_hui))


def qui_ont_un_message(personne: Utilisateur) -> Q:
    """`qui_attendent`, of messages alone, among the rows that `personne`, who instructs, reads: whatever the day."""
    attendent = _a_lui(personne) & _messages(personne)
    return attendent if instruit_tout_ce_qu_il_lit(personne) else _parmi_les_siens(personne, attendent)


def attentes_par_vague(personne: Utilisateur, aujourd_hui: date) -> dict[int, Attentes]:
    """By number of wave, in one statement: those where something waits for `personne`, who instructs, on that day of
    Paris."""
    comptes = {
        str(attente): Count("pk", filter=_condition(personne, attente, aujourd_hui)) for attente in DE_QUI_INSTRUIT
    }
    lignes = suivis_a_instruire_par(personne).order_by().values("vague__numero").annotate(**comptes)
    lues = {ligne.pop("vague__numero"): ligne for ligne in lignes}
    return {numero: Attentes(vague=numero, **ligne) for numero, ligne in lues.items() if any(ligne.values())}


def a_signer_par_vague(personne: Utilisateur) -> dict[int, int]:
    """By number of wave, in one statement: how many inadmissibilities `personne`, a valideur, may sign."""
    lignes = suivis_par(personne).filter(a_signer(personne)).order_by().values_list("vague__numero")
    return dict(lignes.annotate(nombre=Count("pk")))


def _parmi_les_siens(personne: Utilisateur, condition: Any) -> Q:
    return Q(pk__in=suivis_a_instruire_par(personne).filter(condition).values("pk"))


def _condition(personne: Utilisateur, attente: Attente, aujourd_hui: date) -> Any:
    if attente is Attente.A_PRENDRE:
        return Q(responsable=None, etat_connu__in=ETATS_CONFIES)
    return _a_lui(personne) & _ce_qui_reste(personne, attente, aujourd_hui)


def _a_lui(personne: Utilisateur) -> Q:
    return Q(responsable=None) | Q(responsable=personne)


def _ce_qui_reste(personne: Utilisateur, attente: Attente, aujourd_hui: date) -> Any:
    en_cours = Q(etat_connu=EtatCandidature.EN_INSTRUCTION)
    constats = Recevabilite.objects.filter(candidature=OuterRef("pk"))
    if attente is Attente.RECEVABILITE:
        return en_cours & Q(irrecevabilite_proposee=False) & ~Q(Exists(constats))
    if attente is Attente.PROPOSITION:
        permise = en_cours & Q(Exists(constats.filter(recevable=True)))
        for cles in sans_proposition_de(personne):
            permise &= ~Q(pk__in=cles)
        return permise
    if attente is Attente.AVIS_EN_RETARD:
        return avis_en_retard(aujourd_hui)
    return _messages(personne)


def _messages(personne: Utilisateur) -> Q:
    """What a colleague wrote on behalf of the service waits for nobody of it. A thread that `personne` never opened
    waits as soon as its territory wrote there: only those that they did open are read again."""
    recus = messages_non_lus_de(personne).filter(du_service=False, candidature=OuterRef("candidature"))
    ouverts = LectureDesMessages.objects.filter(~Exists(recus), utilisateur=personne, lu__isnull=False)
    return Q(interroge=True) & ~Q(pk__in=ouverts.order_by().values("candidature"))
