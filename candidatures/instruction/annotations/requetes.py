"""What is read of the notes of a file, and of what somebody has read in it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Concat, JSONObject, NullIf, Trim

from candidatures.dossier.models.anciennes_participations import AncienneParticipation
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.instruction.acces import a_instruire_par
from candidatures.instruction.annotations.models import Annotation, LectureDePiece, Mention
from candidatures.instruction.models import DeclarationInteret
from rebond.comptes.habilitations import titulaires_sur
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


@dataclass(frozen=True)
class NoteLue:
    """A note as a page shows it; `pour` are the names of those whom it is meant for."""

    pk: int
    ancre: str
    texte: str
    auteur: str
    ecrite_le: datetime
    pour: tuple[str, ...]


def nom_en_sql(lien: str) -> Any:
    """`str(utilisateur)`, as Postgres writes it; None where `lien` leads to nobody."""
    entier = Trim(Concat(f"{lien}__prenom", Value(" "), f"{lien}__nom"))
    return Coalesce(NullIf(entier, Value("")), f"{lien}__email", output_field=TextField())


def avec_notes(dossiers: Any) -> Any:
    """Adds `notes_gardees`, which `notes_de` reads: all the notes of each file, in the statement that reads it."""
    mentions = Mention.objects.filter(annotation=OuterRef("pk")).order_by("pk")
    notes = (
        Annotation.objects.filter(candidature=OuterRef("pk"))
        .order_by("pk")
        .annotate(nom=nom_en_sql("auteur"), pour=ArraySubquery(mentions.values(lu=nom_en_sql("utilisateur"))))
    )
    lues = JSONObject(pk="pk", ancre="ancre", texte="texte", auteur="nom", ecrite_le="ecrite_le", pour="pour")
    return dossiers.annotate(notes_gardees=ArraySubquery(notes.values(lue=lues)))


def notes_de(dossier: Any) -> list[NoteLue]:
    """Those of a file that comes from `avec_notes`, oldest first."""
    return [
        NoteLue(**{**note, "ecrite_le": datetime.fromisoformat(note["ecrite_le"]), "pour": tuple(note["pour"])})
        for note in dossier.notes_gardees
    ]


def en_marge(notes: Sequence[NoteLue]) -> Mapping[str, list[NoteLue]]:
    """Those that stand beside an answer, by what names it."""
    par_ancre: dict[str, list[NoteLue]] = defaultdict(list)
    for note in notes:
        if note.ancre:
            par_ancre[note.ancre].append(note)
    return dict(par_ancre)


def peut_annoter(dossier: Candidature, personne: Utilisateur) -> bool:
    return bool(a_instruire_par(personne).filter(pk=dossier.pk).exists())


def collegues_de(dossier: Candidature, personne: Utilisateur) -> QuerySet[Utilisateur]:
    """Those who instruct `dossier` with `personne`: without any interest in it."""
    siens = titulaires_sur(dossier.territoire, Role.INSTRUCTEUR).exclude(pk=personne.pk)
    liens: tuple[Any, ...] = (DeclarationInteret, Participation, AncienneParticipation)
    for modele in liens:
        siens = siens.exclude(pk__in=modele.objects.filter(candidature=dossier).values("utilisateur"))
    return siens


def avec_pieces_lues(dossiers: Any, personne: Utilisateur) -> Any:
    """Adds `documents_lus`: the keys of the documents of each file that `personne` said they have read."""
    lus = LectureDePiece.objects.filter(candidature=OuterRef("pk"), utilisateur=personne.pk)
    return dossiers.annotate(documents_lus=ArraySubquery(lus.values("document")))
