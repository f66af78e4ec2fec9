"""A file as an act holds it: locked once, and read once since, with all that the act looks at.

Two statements, whatever the file: Postgres locks the row, then reads it anew. In one, it would show of the rest
(attachments, authorities, versions) what they were before the wait.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection, transaction

from candidatures.cahier import Cahier
from candidatures.dossier.completude import Composition, Manque, manques
from candidatures.dossier.entier import AVEC_SECTION, parties_de
from candidatures.dossier.etats import Qualite
from candidatures.dossier.instantane import MembreLu, PieceLue, composition_de, instantane
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.versions import VersionDeSection
from candidatures.dossier.requetes import VERSION_ABSENTE
from rebond.socle.bdd.preparees import Preparee
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.horloges import Lecture
from rebond.socle.utilisateur import Utilisateur

# Whoever takes no part in it never waits for it, nor makes anybody wait.
VERROU = """
    SELECT c.id FROM candidatures_candidature c WHERE c.id = %s AND EXISTS (
        SELECT 1 FROM candidatures_participation p WHERE p.candidature_id = c.id AND p.utilisateur_id = %s
    ) FOR UPDATE OF c
"""


@dataclass
class DossierTenu:
    """`qualite` is that of whoever acts, `lecture` what the database's clock showed when the file was read."""

    candidature: Any
    qualite: Qualite
    pieces: list[PieceLue]
    membres: list[MembreLu]
    lecture: Lecture

    @property
    def cahier(self) -> Cahier:
        cahier: Cahier = self.candidature.cahier.cahier
        return cahier

    @property
    def composition(self) -> Composition:
        return composition_de(self.candidature, self.pieces, self.membres)

    @property
    def contenu(self) -> dict[str, Any]:
        """What a deposit would freeze of it as it stands."""
        return instantane(self.candidature, self.pieces, self.membres)

    @cached_property
    def manques(self) -> list[Manque]:
        """Of the file as it is when this is first asked: once what is to be written is in it."""
        return manques(self.composition)


@dataclass
class SectionTenue(DossierTenu):
    """With what is saved of the section that is being written, which started from `revision` (None: whatever it is).

    `derniere` is its last version; `base`, the answers of that revision, None when there is none of that number.
    """

    section: str
    revision: int | None

    @cached_property
    def derniere(self) -> VersionDeSection | None:
        return _version(self.candidature, self.candidature.derniere_lue)

    @cached_property
    def base(self) -> dict[str, Any] | None:
        reponses: dict[str, Any] | None = self.candidature.base_lue if self.revision else {}
        return reponses

    @property
    def reponses_de_depart(self) -> dict[str, Any]:
        """Those that the form was opened with. Raises `RegleEnfreinte` when it names a revision that there is not."""
        if self.base is None:
            raise RegleEnfreinte(VERSION_ABSENTE)
        return self.base


@contextmanager
def section_tenue(
    *, dossier: int, section: str, revision: int | None, personne: Utilisateur
) -> Iterator[SectionTenue | None]:
    """One transaction, in which the file is held; None for whoever takes no part in it."""
    with transaction.atomic():
        tenu = tenir_en_entier(dossier, personne, AVEC_SECTION, section=section, revision=revision or 0)
        yield SectionTenue(**vars(tenu), section=section, revision=revision) if tenu else None


def tenir_en_entier(
    dossier: int, personne: Utilisateur, requete: Preparee[Candidature], **valeurs: Any
) -> DossierTenu | None:
    """The file, locked until the end of the transaction and read by `requete` (made from `entier.entiere`); None for
    whoever takes no part in it.
    """
    with connection.cursor() as curseur:
        curseur.execute(VERROU, [dossier, personne.pk])
        if curseur.fetchone() is None:
            return None
    avant = time.monotonic_ns()
    lues: list[Any] = requete.lire(dossier=dossier, personne=personne.pk, **valeurs)
    apres = time.monotonic_ns()
    # Whoever was taken out of it while this waited takes no part in it.
    if not lues or lues[0].qualite_lue is None:
        return None
    pieces, membres = parties_de(lues[0])
    return DossierTenu(
        candidature=lues[0],
        qualite=Qualite(lues[0].qualite_lue),
        pieces=pieces,
        membres=membres,
        lecture=Lecture(lues[0].instant_lu, avant, apres),
    )


def _version(candidature: Candidature, brute: Mapping[str, Any] | None) -> VersionDeSection | None:
    if brute is None:
        return None
    le = VersionDeSection._meta.get_field("enregistree_le").to_python(brute["enregistree_le"])
    auteur = Utilisateur(**brute["auteur"])
    return VersionDeSection(**{**brute, "candidature": candidature, "auteur": auteur, "enregistree_le": le})
