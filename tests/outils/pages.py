"""What a page of the portal offers: where its links lead, what its forms send, as a browser reads them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit


@dataclass
class Formulaire:
    """`champs`: each field with its kind (« text », « select »…) and the values that it proposes."""

    adresse: str
    methode: str
    champs: dict[str, tuple[str, list[str]]] = field(default_factory=dict)

    @property
    def tris(self) -> list[str]:
        """Each choice that a form which only searches proposes, one at a time."""
        return [
            f"{self.adresse.partition('?')[0]}?{urlencode({nom: valeur})}"
            for nom, (_, valeurs) in self.champs.items()
            for valeur in valeurs
            if valeur
        ]

    @property
    def rempli(self) -> dict[str, str]:
        """Something in each field: what it proposes last, a sentence where it proposes nothing."""
        return {
            nom: next((valeur for valeur in reversed(valeurs) if valeur), "Une phrase.")
            for nom, (genre, valeurs) in self.champs.items()
            if genre != "file"
        }


class Page(HTMLParser):
    """`liens` and `formulaires` of the page served at `adresse`; only those that stay within the portal."""

    def __init__(self, adresse: str, html: str) -> None:
        super().__init__()
        self.adresse = adresse
        self.liens: list[str] = []
        self.formulaires: list[Formulaire] = []
        self._ouvert: Formulaire | None = None
        self._liste = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        lus = {nom: valeur or "" for nom, valeur in attrs}
        if tag in {"a", "link", "img", "script"}:
            self._noter_lien(lus.get("href") or lus.get("src") or "")
        elif tag == "form":
            adresse = urljoin(self.adresse, lus.get("action") or self.adresse)
            self._ouvert = Formulaire(adresse, lus.get("method", "get").upper())
            self.formulaires.append(self._ouvert)
        elif self._ouvert is not None and tag in {"input", "textarea", "select", "button"} and lus.get("name"):
            self._liste = lus["name"] if tag == "select" else ""
            genre, valeurs = self._ouvert.champs.setdefault(lus["name"], (lus.get("type", tag), []))
            if genre in {"radio", "checkbox", "hidden", "submit"}:
                valeurs.append(lus.get("value", ""))
        elif tag == "option" and self._liste and self._ouvert is not None:
            self._ouvert.champs[self._liste][1].append(lus.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._ouvert = None

    def _noter_lien(self, vers: str) -> None:
        lien = urldefrag(urljoin(self.adresse, vers)).url
        if vers and not vers.startswith("#") and not urlsplit(lien).netloc and not lien.startswith("/static/"):
            self.liens.append(lien)
