"""What is read of the thread of a file."""

from typing import TYPE_CHECKING, Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import a_instruire_par
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.echanges.models import LectureDesMessages, Message
from candidatures.instruction.etats import ACTES_D_INSTRUCTION
from candidatures.instruction.suivi.models import Suivi
from rebond.comptes.habilitations import titulaires
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable


def est_du_service(candidature: Candidature, personne: Utilisateur) -> bool:
    """Whether `personne` instructs this file, and so writes on behalf of the State."""
    return bool(a_instruire_par(personne).filter(pk=candidature.pk).exists())


def non_lus(*, candidature: Candidature, utilisateur: Utilisateur) -> int:
    """How many messages of others `utilisateur` has not read in this thread."""
    return messages_non_lus_de(utilisateur).filter(candidature=candidature).count()


def avec_non_lus(dossiers: Any, utilisateur: "Utilisateur | int | Combinable") -> Any:
    """Adds `non_lus`, the same number for each file, and `non_lu_le`: since when the first of them waits."""
    siens = messages_non_lus_de(utilisateur).filter(candidature=OuterRef("pk")).order_by()
    nombre = siens.values("candidature").annotate(nombre=Count("pk")).values("nombre")
    return dossiers.annotate(
        non_lus=Coalesce(Subquery(nombre, output_field=IntegerField()), 0),
        non_lu_le=Subquery(siens.order_by("pk").values("envoye_le")[:1]),
    )


def messages_non_lus_de(utilisateur: "Utilisateur | int | Combinable") -> QuerySet[Message]:
    """The messages of others that `utilisateur` (or whoever has that key) has not read, in any thread."""
    lecture = LectureDesMessages.objects.filter(candidature=OuterRef("candidature"), utilisateur=utilisateur)
    autres = Message.objects.exclude(auteur=utilisateur)
    return autres.filter(pk__gt=Coalesce(Subquery(lecture.values("lu")), 0))


def agents_a_prevenir(candidature: Candidature, agent: Utilisateur) -> list[Utilisateur]:
    """Whom to tell what became of an act of `agent` on this file: them while they instruct it, else those who do."""
    if agent.is_active and est_du_service(candidature, agent):
        return [agent]
    suivent = agents_de({candidature.pk: 0})
    return sorted((autre for autre, dossiers in suivent.items() if dossiers), key=lambda autre: autre.pk)


def agents_de(derniers: dict[int, int]) -> dict[Utilisateur, set[int]]:
    """The threads of each instructeur: whoever holds the file alone; while it is to be taken, those who have already
    acted on it, else all of its périmètre."""
    responsables = dict(Suivi.objects.filter(pk__in=derniers).values_list("pk", "responsable"))
    siens = {
        agent: set(a_instruire_par(agent).filter(pk__in=derniers).values_list("pk", flat=True))
        for agent in titulaires(Role.INSTRUCTEUR)
    }
    actes = EntreeJournal.objects.filter(
        objet_type="candidatures.candidature",
        objet_id__in=[str(pk) for pk in derniers],
        acte__in=[*ACTES_D_INSTRUCTION, ActeDInstruction.ENVOYER_MESSAGE],
    )
    acteurs: dict[int, set[int | None]] = {}
    for pk, acteur in actes.values_list("objet_id", "acteur_id_copie"):
        acteurs.setdefault(int(pk), set()).add(acteur)
    suivis = {pk for agent, dossiers in siens.items() for pk in dossiers if agent.pk in acteurs.get(pk, ())}

    def est_pour(agent: Utilisateur, pk: int) -> bool:
        if responsable := responsables.get(pk):
            return responsable == agent.pk
        return pk not in suivis or agent.pk in acteurs.get(pk, ())

    return {agent: {pk for pk in dossiers if est_pour(agent, pk)} for agent, dossiers in siens.items()}
