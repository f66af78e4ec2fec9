"""Reading a letter whole: its subject and its body, as people read them."""

import re
from difflib import ndiff
from pathlib import Path

from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.scelle import ouvrir

BONJOUR = "Bonjour,"
SIGNATURE = "L’équipe Rebond industriel"
PORTAIL = "http://localhost:8000"
GABARITS = Path(__file__).resolve().parents[2] / "templates" / "courriers"


def insecables(texte: str) -> str:
    """`texte` with the no-break spaces of French: before « : ; ! ? » », after « « », after « n° »."""
    texte = re.sub(r"(?<=\S) (?=[:;!?»](?:\s|[.,)]|$))", "\u00a0", texte, flags=re.MULTILINE)
    return texte.replace("« ", "«\u00a0").replace("n° ", "n°\u00a0")


def lue(gabarit: str, courrier: Courrier, objet: str, *paragraphes: str) -> None:
    """The letter of this template says exactly this: its subject, then its paragraphs from first to last."""
    assert (GABARITS / f"{gabarit}.txt").is_file()
    texte = ouvrir(courrier.scelle) if courrier.scelle else courrier.texte
    ecrite = [courrier.objet, *texte.split("\n")]
    attendue = insecables("\n".join([objet, "\n\n".join(paragraphes), ""])).split("\n")
    assert ecrite == attendue, "\n".join(["", *ndiff(attendue, ecrite)])
