"""What a porteur has read before depositing: told with the page, found again exactly if a colleague has written since.

The page of the deposit carries `jeton_de(…)`: the fingerprint that a deposit of what it shows would have, with what it
takes to build that content again. Answers are found in the versions of their sections, which never change; the rest
(territory, grouping, list of the attachments) is short and travels with the fingerprint. The portal signs all of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.db.models import Q

from candidatures.dossier.completude import Composition, Jointe, manques
from candidatures.dossier.instantane import est_sain, instantane, reponses_posees
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.models.versions import VersionDeSection
from rebond.socle.documents.models import Document
from rebond.socle.preuve.empreintes import empreinte

SEL = "candidatures.relecture"


@dataclass(frozen=True)
class Lecture:
    """What a page showed. `revisions` are those of the sections, `hors_versions` the answers that no version holds
    (none, save in data made by hand), `cadre` the snapshot without its answers.
    """

    empreinte: str
    revisions: Mapping[str, int]
    hors_versions: Mapping[str, Any]
    cadre: Mapping[str, Any]


@dataclass(frozen=True)
class Relu:
    """A content that was read, built again: the snapshot to deposit, and the file as `regles` judge it."""

    contenu: dict[str, Any]
    dossier: Composition

    @property
    def deposable(self) -> bool:
        """Complete, and without any file that the antivirus has refused since."""
        return all(jointe.saine for jointe in self.dossier.jointes) and not manques(self.dossier)


def lecture_du_brouillon(
    candidature: Candidature, pieces: Iterable[PieceJointe], membres: Iterable[Membre]
) -> Lecture:
    """What reading the file as it stands is."""
    contenu = instantane(candidature, pieces, membres)
    revisions = _revisions_du_brouillon(candidature)
    return Lecture(
        empreinte=empreinte(contenu),
        revisions=revisions,
        hors_versions={cle: dites for cle, dites in candidature.contenu.items() if cle not in revisions},
        cadre={cle: valeur for cle, valeur in contenu.items() if cle != "sections"},
    )


def jeton_de(candidature: Candidature, lecture: Lecture) -> str:
    """The signed text with which a page says what it shows."""
    return signing.dumps({"dossier": candidature.pk, **asdict(lecture)}, salt=SEL, compress=True)


def lecture_de(jeton: str, candidature: Candidature) -> Lecture | None:
    """What the page that sent `jeton` showed; None when it says nothing that the portal has written of this file."""
    try:
        dit = signing.loads(jeton, salt=SEL)
    except signing.BadSignature:
        return None
    if dit["dossier"] != candidature.pk:
        return None
    return Lecture(dit["empreinte"], dit["revisions"], dit["hors_versions"], dit["cadre"])


def retrouver(candidature: Candidature, lecture: Lecture) -> Relu | None:
    """The content that was read, to the byte; None when a version or a file of it is no longer kept."""
    contenu, reponses = _contenu(candidature, lecture)
    if empreinte(contenu) != lecture.empreinte:
        return None
    sommes = {piece["sha256"] for piece in contenu["pieces"]}
    documents = {
        document.sha256: document
        for document in Document.objects.filter(sha256__in=sommes).select_related("analyse", "effacement")
    }
    if len(documents) < len(sommes):
        return None
    return Relu(contenu, _dossier(candidature, reponses, contenu, documents))


def contenu_de(candidature: Candidature, lecture: Lecture) -> dict[str, Any]:
    """The snapshot that was read, as far as the versions still hold it: for showing, never for depositing."""
    return _contenu(candidature, lecture)[0]


def _contenu(candidature: Candidature, lecture: Lecture) -> tuple[dict[str, Any], dict[str, Any]]:
    """The snapshot, and the answers that it was made from."""
    reponses = {**lecture.hors_versions, **_reponses(candidature, lecture.revisions)}
    return {**lecture.cadre, "sections": reponses_posees(candidature, reponses)}, reponses


def _dossier(
    candidature: Candidature,
    reponses: Mapping[str, Any],
    contenu: Mapping[str, Any],
    documents: Mapping[str, Document],
) -> Composition:
    """`regles` know authorities by a number, whatever it is: here their rank in the content that was read."""
    rangs = {membre["siren"]: rang for rang, membre in enumerate(contenu["membres"], start=1)}
    return Composition(
        cahier=candidature.cahier.cahier,
        contenu=reponses,
        jointes=[
            Jointe(piece["nature"], rangs.get(piece["membre"]), saine=est_sain(documents[piece["sha256"]]))
            for piece in contenu["pieces"]
        ],
        membres={rangs[membre["siren"]]: membre["nom"] for membre in contenu["membres"]},
    )


def _revisions_du_brouillon(candidature: Candidature) -> dict[str, int]:
    """The revision of each section whose last version is what the draft holds."""
    dernieres = VersionDeSection.objects.filter(candidature=candidature).order_by("section", "-revision")
    return {
        version.section: version.revision
        for version in dernieres.distinct("section")
        if version.reponses == candidature.contenu.get(version.section)
    }


def _reponses(candidature: Candidature, revisions: Mapping[str, int]) -> dict[str, Any]:
    lues = Q(pk__in=[])
    for section, revision in revisions.items():
        lues |= Q(section=section, revision=revision)
    versions = VersionDeSection.objects.filter(lues, candidature=candidature)
    return dict(versions.values_list("section", "reponses"))
