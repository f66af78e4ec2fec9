"""Names of files: what people see and what their computers open, so that neither lies about the content."""

import re
import unicodedata

from django.utils.http import content_disposition_header

from rebond.socle.documents.etrangers import Etranger
from rebond.socle.documents.formats import EXTENSIONS, Contenu

# What file systems hold (NAME_MAX is 255), with room for what an archive or a download adds.
OCTETS_MAX = 200
SANS_NOM = "piece"
# Unprintable, invisible, reordering, private and unassigned characters, ends of line and of paragraph.
INVISIBLES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Windows refuses them in a name.
RESERVES = str.maketrans(dict.fromkeys('<>:"|?*', "-"))
SEPARATEURS = str.maketrans(dict.fromkeys("/\\", "-"))
# An ending that a computer obeys, or that a person believes; « Lettre M. Dupont » has none.
EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,8}$|\.7z$")
NOTRES = frozenset(extension for extensions in EXTENSIONS.values() for extension in extensions)
AUTRES = re.compile(
    r"\.(?:do[ct][xm]?|xls[xmb]?|csv|ppt[xm]?|pps|odp|odg|rtf|txt|md|html?|mht|xml|svg|eml|msg|zip|rar|7z|gz|tar|hei[cf]|avif"
    r"|webp|tiff?|gif|bmp|ps|eps|xps|p7[ms]|pages|numbers|key|exe|com|scr|bat|cmd|ps1|vbs|js|jar|lnk|url|msi|apk|tmp|part"
    r"|bin|download)",
    re.IGNORECASE,
)
# For what a computer must not open by itself.
INERTE = ".bin"


def nom_propre(nom: str, contenu: Contenu | Etranger | str | None = None) -> str:
    """The file's own name: no folder, nothing invisible, at most `OCTETS_MAX` bytes of UTF-8, its ending kept.

    With a `contenu` (or its media type), the ending is the one of this content: the typed one is replaced when it is
    another's, and kept as a part of the name when it is nobody's. Done again, it changes nothing.
    """
    dernier = nom.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    lisible = "".join(lettre for lettre in unicodedata.normalize("NFC", dernier) if not _invisible(lettre))
    lisible = " ".join(lisible.translate(RESERVES).split()).rstrip(". ")
    radical, extension = _separer(lisible)
    voulues = _voulues(contenu)
    if voulues and extension.lower() not in voulues:
        if not _est_connue(extension):
            radical = lisible
        elif _separer(radical)[1].lower() in voulues:
            radical, extension = _separer(radical)
        if extension.lower() not in voulues:
            extension = voulues[0]
    elif _est_connue(extension):
        extension = extension.lower()
    octets = (radical.strip(". ") or SANS_NOM).encode()[: OCTETS_MAX - len(extension)]
    # A character cut in the middle goes as a whole.
    return octets.decode(errors="ignore").rstrip(". ") + extension


def nom_fait_de(texte: str) -> str:
    """A name that the portal makes of words (« 2026-0012 Vals / Monts »): there a slash is a sign, never a folder."""
    return nom_propre(texte.translate(SEPARATEURS))


def disposition(nom: str, *, telecharger: bool = True) -> str:
    """The `Content-Disposition` of a file that is called so (RFC 6266), whatever its letters."""
    return content_disposition_header(telecharger, nom_propre(nom)) or ""


def _invisible(lettre: str) -> bool:
    return unicodedata.category(lettre) in INVISIBLES and not lettre.isspace()


def _est_connue(extension: str) -> bool:
    return extension.lower() in NOTRES or AUTRES.fullmatch(extension) is not None


def _separer(nom: str) -> tuple[str, str]:
    trouvee = EXTENSION.search(nom)
    return (nom[: trouvee.start()], trouvee.group()) if trouvee else (nom, "")


def _voulues(contenu: Contenu | Etranger | str | None) -> tuple[str, ...]:
    if isinstance(contenu, Etranger):
        return (contenu.extension or INERTE,)
    return EXTENSIONS.get(contenu, ()) if contenu else ()  # type: ignore[call-overload]
