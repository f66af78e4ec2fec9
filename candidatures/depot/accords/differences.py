"""What changed in a file since a member marked it: question by question."""

from candidatures.depot.ecarts_de_lecture import Changement, changements
from candidatures.depot.relecture import Lecture, contenu_de
from candidatures.dossier.instantane import instantane, membres_de, pieces_de
from candidatures.dossier.models.accords import Accord
from candidatures.dossier.models.dossiers import Candidature


def lecture_gardee(lecture: Lecture) -> dict[str, object]:
    """What a mark keeps of the version that was read: enough to build it again, and no answer."""
    return {"revisions": dict(lecture.revisions), "cadre": dict(lecture.cadre)}


def depuis(accord: Accord, candidature: Candidature) -> list[Changement]:
    """From the version of `accord` to the draft; empty when it is that one."""
    if accord.empreinte == candidature.empreinte:
        return []
    revisions = accord.lecture["revisions"]
    lue = Lecture(accord.empreinte, revisions, {}, accord.lecture["cadre"])
    present = instantane(candidature, pieces_de(candidature), membres_de(candidature))
    return changements(candidature, contenu_de(candidature, lue), present, revisions)
