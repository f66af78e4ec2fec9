"""What somebody typed, quoted in the State's own words: it opens no sentence, ends no line and leads nowhere."""

import re
import unicodedata

from rebond.socle.texte.caracteres import en_une_ligne

AU_PLUS = 160
# What mail readers and browsers make a link of, on their own: a scheme, « www. », a dot between two letters. The other
# full stops are those that a browser reads in a host name (UTS 46).
# Neither takes longer than the text: the length of a domain is bounded (RFC 1035), a run of letters is read once.
COURRIEL = re.compile(r"\S@\S{1,253}\.\w")
DOMAINE = re.compile(r"(?<![\w-])[\w-]{2,}+\.[a-z]{2,}\b")
SCHEME = re.compile(r"\b(?:[a-z][a-z0-9+.-]{0,40}:/+|mailto:|tel:|www\.)", re.IGNORECASE)
POINT = re.compile(r"(?<=\w)[.．。｡](?=\w)")
# Of what people attach: no name of a domain ends so.
FIN = re.compile(r"(?:pdf|docx?|xlsx?|pptx?|od[tsp]|csv|txt|png|jpe?g)", re.IGNORECASE)
ADRESSE = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
GUILLEMETS = str.maketrans({"«": "“", "»": "”"})


def sans_lien(texte: str) -> str:
    """`texte` with every word of it, none of which is a link any more: « voir aides. example/rib »."""
    return POINT.sub(". ", SCHEME.sub("", texte))


def contient_un_lien(texte: str) -> bool:
    """Whether `texte` holds an address of a site or of a mailbox."""
    net = unicodedata.normalize("NFKC", texte)
    return bool(SCHEME.search(net) or COURRIEL.search(net) or DOMAINE.search(net))


def citer_fichier(nom: object) -> str:
    """The same of the name of a file, which keeps its ending: « mandat.pdf »."""
    racine, point, fin = str(nom).rpartition(".")
    if not (racine and FIN.fullmatch(fin)):
        return citer(nom)
    return f"{citer(racine)[:-2]}{point}{fin}\u00a0»"


def citer(texte: object, au_plus: int = AU_PLUS) -> str:
    """« … » around `texte` in one line, without links nor marks of quotation of its own, cut at `au_plus` signs."""
    ligne = en_une_ligne(str(texte)).translate(GUILLEMETS).strip()
    # An account without a name is called by its address, which leads nowhere but to its own mailbox.
    net = ligne if ADRESSE.fullmatch(ligne) else sans_lien(ligne)
    coupe = f"{net[: au_plus - 1].rstrip()}…" if len(net) > au_plus else net
    return f"«\u00a0{coupe}\u00a0»"
