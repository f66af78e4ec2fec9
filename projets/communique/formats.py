"""The formats of a press release: plain text, web page, Word, PDF. All are made from the same `CommuniquePret`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe

from projets.communique.contenu import CommuniquePret, Laureat, morceaux
from rebond.socle.documents.stockage import html_en_pdf, rendre_html
from rebond.socle.texte.typographie import date_fr

GABARIT = "projets/communique/communique.html"


@dataclass(frozen=True, slots=True)
class Format:
    """`fabriquer` gives the bytes of a file of this kind; `suffixe` ends its name, before the extension."""

    cle: str
    libelle: str
    extension: str
    type_mime: str
    fabriquer: Callable[[CommuniquePret], bytes]
    suffixe: str = ""

    def nom(self, communique: CommuniquePret) -> str:
        return f"{communique.nom}{self.suffixe}.{self.extension}"


def en_texte(communique: CommuniquePret) -> bytes:
    """UTF-8 text; headings underlined, the map replaced by its list."""
    return "\n".join(_lignes(communique)).encode()


def en_html(communique: CommuniquePret) -> bytes:
    """One self-contained page: no file, no address to fetch."""
    return _page(communique, impression=False).encode()


def en_pdf(communique: CommuniquePret) -> bytes:
    return html_en_pdf(_page(communique, impression=True), identifiant=communique.identifiant)


def en_docx(communique: CommuniquePret) -> bytes:
    from projets.communique.docx import en_docx as ecrire  # late: heavy

    return ecrire(communique)


FORMATS = {
    format_.cle: format_
    for format_ in (
        Format("texte", "Texte", "txt", "text/plain; charset=utf-8", en_texte),
        Format("html", "Page web", "html", "text/html; charset=utf-8", en_html),
        Format(
            "docx",
            "Word",
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            en_docx,
        ),
        Format("pdf", "PDF", "pdf", "application/pdf", en_pdf),
    )
}


def riche(texte: str) -> SafeString:
    """`**…**` as `<strong>`, the rest escaped."""
    # Every piece is escaped; only our own tags are added.
    return mark_safe(  # noqa: S308
        "".join(f"<strong>{escape(m)}</strong>" if fort else escape(m) for m, fort in morceaux(texte))
    )


def mention(laureat: Laureat) -> str:
    """« 12. Nom du territoire – nouveau lauréat »."""
    return f"{laureat.numero}. {laureat.nom}" + (" – nouveau lauréat" if laureat.nouveau else "")


def _page(communique: CommuniquePret, *, impression: bool) -> str:
    contenu = communique.contenu
    return rendre_html(
        GABARIT,
        {
            "communique": communique,
            "contenu": contenu,
            "impression": impression,
            "blocs": [(bloc, [riche(texte) for texte in bloc.textes]) for bloc in contenu.blocs],
            "pied": _chaine_css(communique.pied),
            "carte": f"data:image/svg+xml,{quote(contenu.carte)}",
        },
    )


def _chaine_css(texte: str) -> SafeString:
    """A quoted CSS string; the markup around it is kept safe from `</style>` by the same escapes."""
    # CSS Syntax 3, § 4.3.7: a backslash, the code point in hexadecimal, a space.
    protege = "".join(f"\\{ord(signe):x} " if signe in '"\\<>' else signe for signe in texte)
    return mark_safe(f'"{protege}"')  # noqa: S308


def _lignes(communique: CommuniquePret) -> Iterator[str]:
    contenu = communique.contenu
    for avis in contenu.avis:
        yield avis.upper() if avis == contenu.avis[0] else avis
    if contenu.avis:
        yield ""
    yield from communique.entete
    yield ""
    yield contenu.titre
    yield "=" * min(len(contenu.titre), 80)
    for bloc in contenu.blocs:
        yield ""
        textes = ["".join(morceau for morceau, _ in morceaux(texte)) for texte in bloc.textes]
        if bloc.est_titre:
            yield from _souligne(textes[0])
        elif bloc.est_liste:
            yield from (f"- {texte}" for texte in textes)
        else:
            yield from textes
    if contenu.laureats:
        yield ""
        yield from _souligne(f"Territoires lauréats au {date_fr(contenu.au)}, par région")
    for region, laureats in contenu.par_region.items():
        yield ""
        yield region
        yield from (f"- {mention(laureat)}" for laureat in laureats)
    yield ""
    yield from _souligne("Pour en savoir plus")
    yield from contenu.liens
    yield ""
    yield from _souligne("Contacts presse")
    yield from contenu.contacts
    yield ""


def _souligne(titre: str) -> Iterator[str]:
    yield titre
    yield "-" * min(len(titre), 80)
