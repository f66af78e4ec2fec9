"""What is read of the admissibility of a file, and what keeps it from being found, signed or sent back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction import regles
from candidatures.instruction.acces import instruites_par
from candidatures.instruction.annotations.requetes import nom_en_sql
from candidatures.instruction.conditions.etats import Issue
from candidatures.instruction.conditions.models import (
    ExamenDeRecevabilite,
    PropositionDIrrecevabilite,
    irrecevabilite_a_signer,
)
from candidatures.instruction.conditions.regles import A_UN_AUTRE, PLUS_PROPOSEE, ConditionLue, lire, qui_a_signe
from candidatures.instruction.models import Recevabilite
from candidatures.instruction.saisine.models import Saisine
from candidatures.instruction.signaux import sans_proposition_de
from candidatures.instruction.suivi.models import Suivi
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur

CHAMPS = ("pk", "constats", "motif", "proposee_le", "issue", "close_le", "mot", "signataire", "qualite", "service")


@dataclass(frozen=True)
class IrrecevabiliteLue:
    """A proposed inadmissibility as a page shows it; `auteur` and `close_par` are names."""

    pk: int
    constats: Mapping[str, Mapping[str, str]]
    motif: str
    auteur: str
    proposee_le: datetime
    issue: str
    close_le: datetime | None
    close_par: str | None
    mot: str
    signataire: str
    qualite: str
    service: str

    @property
    def a_signer(self) -> bool:
        return not self.issue

    @property
    def renvoyee(self) -> bool:
        return self.issue == Issue.RENVOYEE

    @property
    def signature(self) -> str:
        return qui_a_signe(self.signataire, self.qualite, self.service)


def avec_irrecevabilite(dossiers: Any) -> Any:
    """Adds `irrecevabilite_gardee`, which `irrecevabilite_de` reads: the last one that was proposed on each file."""
    lue = JSONObject(**{nom: nom for nom in CHAMPS}, auteur=nom_en_sql("auteur"), close_par=nom_en_sql("close_par"))
    dernieres = PropositionDIrrecevabilite.objects.filter(candidature=OuterRef("pk")).order_by("-pk")
    return dossiers.annotate(irrecevabilite_gardee=Subquery(dernieres.values(lue=lue)[:1]))


def irrecevabilite_de(dossier: Any) -> IrrecevabiliteLue | None:
    """That of a file that comes from `avec_irrecevabilite`; None when none was ever proposed."""
    gardee = dossier.irrecevabilite_gardee
    if gardee is None:
        return None
    lus = {nom: gardee[nom] and datetime.fromisoformat(gardee[nom]) for nom in ("proposee_le", "close_le")}
    return IrrecevabiliteLue(**{**gardee, **lus})


def examen_de(dossier: Any) -> ExamenDeRecevabilite | None:
    """What is being found of a file, whoever began."""
    return getattr(dossier, "examen_de_recevabilite", None)


def conditions_lues(dossier: Any) -> list[ConditionLue]:
    """The conditions of a file that comes from `avec_irrecevabilite`, with what was found of each: at last, by the
    inadmissibility that is proposed, so far in the draft, or by the one that was sent back."""
    constat, irrecevabilite, examen = getattr(dossier, "recevabilite", None), irrecevabilite_de(dossier), None
    if constat is None and not (irrecevabilite and irrecevabilite.a_signer):
        examen = examen_de(dossier)
    lus = constat or examen or irrecevabilite
    return lire(dossier.cahier.cahier.recevabilite, lus.constats if lus else {})


def empechement_de_constater(dossier: Candidature) -> str | None:
    """Why the admissibility of `dossier` may not be found now, in a sentence that tells what a colleague found or
    proposed; None when it may."""
    constat = Recevabilite.objects.filter(candidature=dossier).select_related("auteur").first()
    return regles.empechement_de_constater(
        dossier.etat, constat=_dire(constat, dossier) if constat else _dire_la_proposition(dossier)
    )


def a_signer(personne: Utilisateur) -> Q:
    """The narrow rows (as a condition on them) on which `personne`, a valideur who reads them, may sign or send back
    an inadmissibility: they took no part in the instruction of the file."""
    consultes = Saisine.objects.filter(Q(expert=personne) | Q(demande_par=personne))
    siens = ~Q(pk__in=instruites_par(personne).values("pk")) & ~Q(pk__in=consultes.order_by().values("candidature"))
    for cles in sans_proposition_de(personne):
        siens &= ~Q(pk__in=cles)
    return Q(irrecevabilite_proposee=True) & siens


def empechement_de_signer(dossier: Candidature, valideur: Utilisateur) -> str | None:
    """Why `valideur`, who reads the file, neither signs nor sends back an inadmissibility; None when they may."""
    if not irrecevabilite_a_signer(dossier):
        return PLUS_PROPOSEE
    return None if peut_signer(dossier, valideur) else A_UN_AUTRE


def peut_signer(dossier: Candidature, valideur: Utilisateur) -> bool:
    """`empechement_de_signer`, in one statement, of a file on which an inadmissibility waits."""
    return bool(Suivi.objects.filter(a_signer(valideur), pk=dossier.pk).exists())


def derniere_qualite(valideur: Utilisateur) -> str:
    """In which quality they last signed, to be proposed again."""
    signees = PropositionDIrrecevabilite.objects.filter(close_par=valideur, issue=Issue.SIGNEE).order_by("-pk")
    return signees.values_list("qualite", flat=True).first() or ""


def _dire(constat: Recevabilite, dossier: Candidature) -> str:
    fait = f"La recevabilité de ce dossier est déjà constatée\u00a0: {str(constat).lower()}, le "
    motif = f" Motif\u00a0: {constat.motif}" if constat.motif else ""
    refus = regles.empechement_d_instruire(dossier.etat)
    suite = f" {refus}" if refus else ""
    return f"{fait}{instant_fr(constat.constatee_le)} par {constat.auteur}.{motif}{suite}"


def _dire_la_proposition(dossier: Candidature) -> str:
    attendue = PropositionDIrrecevabilite.objects.a_signer().filter(candidature=dossier).select_related("auteur")
    if (proposee := attendue.first()) is None:
        return ""
    quand = instant_fr(proposee.proposee_le)
    return (
        f"Une irrecevabilité est proposée sur ce dossier, le {quand} par {proposee.auteur}\u00a0: un valideur la "
        "signera, ou la renverra en disant pourquoi."
    )
