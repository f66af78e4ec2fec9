"""What people read of a file's former life: what found no place here, and what was said of it there.

Annotations and opinions are the service's own there too: they are shown to agents of the State only.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from candidatures.reprise.brut import Objet, instant, objet, objets, texte
from candidatures.reprise.champs import dire, est_decor, fichiers, libelle

BALISES = re.compile(r"<[^<>]*>")
FINS_DE_LIGNE = re.compile(r"<(br|/p|/li|/div)\b[^<>]*>", re.IGNORECASE)
PRIVES = ("annotations", "avis", "instructeurs", "traitements", "groupeInstructeur")
ETATS = {
    "en_construction": "En construction",
    "en_instruction": "En instruction",
    "accepte": "Accepté",
    "refuse": "Refusé",
    "sans_suite": "Classé sans suite",
}


@dataclass(frozen=True)
class Element:
    """A line: a label and its text; `detail` says why it is here, from whom, or when."""

    libelle: str
    texte: str
    detail: str = ""


@dataclass(frozen=True)
class Echange:
    """A message or an opinion, with its instants when they are known."""

    qui: str
    quand: datetime | None
    texte: str
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reprise:
    """What the page shows. `agent`: with what only the service reads."""

    numero: str
    demarche: str
    etat: str
    motivation: str
    dates: tuple[tuple[str, datetime], ...]
    restes: tuple[Element, ...]
    pieces: tuple[Mapping[str, Any], ...]
    messages: tuple[Echange, ...]
    annotations: tuple[Element, ...] = ()
    avis: tuple[Echange, ...] = ()
    service: tuple[Element, ...] = ()
    agent: bool = False

    @property
    def echanges(self) -> list[tuple[str, tuple[Echange, ...]]]:
        """Messages and opinions that there are, under their titles."""
        return [(titre, dits) for titre, dits in (("Messages", self.messages), ("Avis", self.avis)) if dits]

    @property
    def groupes(self) -> list[tuple[str, tuple[Element, ...]]]:
        """What only the service reads, under its titles."""
        groupes = (("Annotations du service", self.annotations), ("Suivi", self.service))
        return [(titre, elements) for titre, elements in groupes if elements]


def presenter(reprise: Objet, *, agent: bool) -> Reprise:
    """From `Candidature.reprise`; nothing there is trusted to be of the type that it should be."""
    dossier = objet(reprise, "dossier")
    return Reprise(
        numero=texte(reprise, "numero"),
        demarche=texte(reprise, "demarche", "titre"),
        etat=ETATS.get(texte(dossier, "state"), texte(dossier, "state")),
        motivation=en_texte(texte(dossier, "motivation")),
        dates=tuple(_dates(dossier)),
        restes=tuple(_restes(reprise)),
        pieces=tuple(objets(reprise, "pieces")),
        messages=tuple(_messages(dossier)),
        annotations=tuple(_annotations(dossier)) if agent else (),
        avis=tuple(_avis(dossier)) if agent else (),
        service=tuple(_service(dossier)) if agent else (),
        agent=agent,
    )


def exporter(reprise: Objet, *, agent: bool) -> dict[str, Any]:
    """All that is kept of the file, as it was; for its territory, without what is the service's own."""
    garde = {cle: valeur for cle, valeur in reprise.items() if cle not in {"ici", "empreinte"}}
    if not agent:
        dossier = objet(reprise, "dossier")
        garde["dossier"] = {cle: valeur for cle, valeur in dossier.items() if cle not in PRIVES}
    return garde


def lignes(lue: Reprise) -> Iterator[tuple[str, str, str, str]]:
    """The rows of the table that people download: part, label, text, detail."""
    yield "Dossier", "Numéro", lue.numero, lue.demarche
    yield "Dossier", "État", lue.etat, ""
    if lue.motivation:
        yield "Dossier", "Motivation de la décision", lue.motivation, ""
    for nom, quand in lue.dates:
        yield "Dossier", nom, quand.isoformat(), ""
    for partie, elements in (("Réponse", lue.restes), ("Annotation", lue.annotations), ("Service", lue.service)):
        for element in elements:
            yield partie, element.libelle, element.texte, element.detail
    for piece in lue.pieces:
        yield "Pièce", texte(piece, "libelle"), texte(piece, "nom"), _etat_de_piece(piece)
    for partie, echanges in (("Message", lue.messages), ("Avis", lue.avis)):
        for echange in echanges:
            quand_ = echange.quand.isoformat() if echange.quand else ""
            yield partie, echange.qui, echange.texte, " – ".join((quand_, *echange.pieces)).strip(" –")


def en_texte(html: str) -> str:
    """Messages there are HTML: what they say, without the tags."""
    brut = unescape(BALISES.sub("", FINS_DE_LIGNE.sub("\n", html)))
    return "\n".join(ligne.strip() for ligne in brut.splitlines()).strip()


def _etat_de_piece(piece: Objet) -> str:
    return "Jointe" if piece.get("jointe") else texte(piece, "motif") or "Décrite, sans son fichier"


def _dates(dossier: Objet) -> Iterator[tuple[str, datetime]]:
    for cle, nom in (
        ("dateDepot", "Déposé"),
        ("datePassageEnInstruction", "Passé en instruction"),
        ("dateTraitement", "Décidé"),
        ("dateDerniereModification", "Modifié pour la dernière fois"),
    ):
        if quand := instant(dossier, cle):
            yield nom, quand


def _restes(reprise: Objet) -> Iterator[Element]:
    for reste in objets(reprise, "restes"):
        yield Element(texte(reste, "libelle"), texte(reste, "texte"), texte(reste, "motif"))


def _messages(dossier: Objet) -> Iterator[Echange]:
    for message in objets(dossier, "messages"):
        pieces = [
            *objets(message, "attachments"),
            *([objet(message, "attachment")] if message.get("attachment") else []),
        ]
        noms = tuple(filter(None, (texte(piece, "filename") for piece in pieces)))
        dit = en_texte(texte(message, "body"))
        if dit or noms:
            yield Echange(texte(message, "email"), instant(message, "createdAt"), dit, noms)


def _avis(dossier: Objet) -> Iterator[Echange]:
    for avis in objets(dossier, "avis"):
        qui = texte(avis, "expert", "email") or texte(avis, "claimant", "email")
        dits = (en_texte(texte(avis, "question")), en_texte(texte(avis, "reponse")) or "Sans réponse.")
        noms = tuple(filter(None, (texte(piece, "filename") for piece in objets(avis, "attachments"))))
        quand = instant(avis, "dateReponse") or instant(avis, "dateQuestion")
        yield Echange(qui, quand, "\n\n".join(filter(None, dits)), noms)


def _annotations(dossier: Objet) -> Iterator[Element]:
    for champ in objets(dossier, "annotations"):
        if not est_decor(champ) and (dit := dire(champ)):
            yield Element(libelle(champ), dit, "Fichiers non repris" if fichiers(champ) else "")


def _service(dossier: Objet) -> Iterator[Element]:
    adresses = filter(None, (texte(instructeur, "email") for instructeur in objets(dossier, "instructeurs")))
    if suivi := ", ".join(adresses):
        yield Element("Suivi par", suivi)
    if groupe := texte(dossier, "groupeInstructeur", "label"):
        yield Element("Groupe d’instructeurs", groupe)
    for traitement in objets(dossier, "traitements"):
        quand = instant(traitement, "dateTraitement")
        etat = ETATS.get(texte(traitement, "state"), texte(traitement, "state"))
        if etat:
            qui = texte(traitement, "emailAgentTraitant")
            yield Element(
                f"Traitement\u00a0: {etat}",
                en_texte(texte(traitement, "motivation")),
                " – ".join(filter(None, (qui, quand.isoformat() if quand else ""))),
            )
