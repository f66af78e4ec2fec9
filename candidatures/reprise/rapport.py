"""What a takeover did, or would do, in the words of whoever runs it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from candidatures.reprise.lecture import Lecture
from candidatures.reprise.plan import Plan, Sort, Trace
from rebond.socle.texte.noms import nom_nu
from rebond.socle.texte.typographie import compte, pluriel

EXEMPLES_MAX = 3
MOTIFS_MAX = 100
PARTIES = {
    "Champs repris": Sort.REPRIS,
    "Champs repris en partie, ou non convertis": Sort.NON_CONVERTI,
    "Champs sans place, gardés tels quels avec le dossier": Sort.SANS_PLACE,
    "Champs sans réponse": Sort.VIDE,
}


@dataclass
class Champ:
    """One label of theirs, over all dossiers. `vers` are the questions that it answered."""

    sorts: Counter[Sort] = field(default_factory=Counter)
    vers: set[str] = field(default_factory=set)
    exemples: list[str] = field(default_factory=list)
    motifs: Counter[str] = field(default_factory=Counter)
    lus: list[str] = field(default_factory=list)

    @property
    def sort(self) -> Sort:
        """What is most in need of a reader's eye."""
        if self.motifs:
            return Sort.NON_CONVERTI
        return next((sort for sort in (Sort.REPRIS, Sort.SANS_PLACE) if self.sorts[sort]), Sort.VIDE)

    def noter(self, trace: Trace) -> None:
        self.sorts[trace.sort] += 1
        if trace.vers and trace.sort is Sort.REPRIS:
            self.vers.add(trace.vers)
        motif = _visible(trace.motif)
        if motif in self.motifs or (motif and len(self.motifs) < MOTIFS_MAX):
            self.motifs[motif] += 1
        self.lus += [_visible(lu) for lu in trace.lus][: EXEMPLES_MAX - len(self.lus)]
        a_montrer = trace.sort is not Sort.REPRIS or trace.motif
        if a_montrer and trace.exemple and trace.exemple not in self.exemples and len(self.exemples) < EXEMPLES_MAX:
            self.exemples.append(trace.exemple)


@dataclass
class Rapport:
    """Bounded by the number of labels and of refusals, whatever the size of the dossiers."""

    lecture: Lecture
    resultats: Counter[str] = field(default_factory=Counter)
    refus: list[tuple[str, str]] = field(default_factory=list)
    remarques: list[tuple[str, str]] = field(default_factory=list)
    comptes: list[str] = field(default_factory=list)
    champs: dict[str, Champ] = field(default_factory=dict)
    pieces: Counter[str] = field(default_factory=Counter)
    absents: list[str] = field(default_factory=list)
    a_blanc: bool = False

    @property
    def complet(self) -> bool:
        """Whether every dossier of the file is here now."""
        return not self.refus and not self.lecture.anomalies

    def noter_champs(self, traces: list[Trace]) -> None:
        for trace in traces:
            self.champs.setdefault(trace.libelle, Champ()).noter(trace)

    def noter_pieces(self, plan: Plan) -> None:
        for piece in plan.pieces:
            self.pieces["jointes" if piece.jointe else piece.motif or "décrites"] += 1
            if piece.illisible:
                self.remarques.append((plan.numero, f"«\u00a0{piece.nom}\u00a0» est {piece.illisible}."))

    def lignes(self) -> Iterator[str]:
        yield from self._dossiers()
        yield from _liste("Dossiers refusés", [f"n° {numero}\u00a0: {motif}" for numero, motif in self.refus])
        yield from _liste("À lire", self.lecture.anomalies)
        yield from _liste("À vérifier", [f"n° {numero}\u00a0: {quoi}" for numero, quoi in self.remarques])
        yield from _liste(
            "Numéros présents plusieurs fois (la dernière modification est gardée)",
            [f"n° {numero}\u00a0: {fois} fois" for numero, fois in self.lecture.doublons.items()],
        )
        yield from _liste(
            "Repris auparavant de ces démarches, absents de ce fichier (rien n’est retiré)",
            [f"n° {numero}" for numero in self.absents],
        )
        yield from self._champs()
        yield from _liste(
            "Pièces jointes", [f"{nombre} – {_piece(nature)}" for nature, nombre in sorted(self.pieces.items())]
        )
        yield from _liste(f"{compte(len(self.comptes), 'compte créé', 'comptes créés')}", sorted(self.comptes))

    def _dossiers(self) -> Iterator[str]:
        for numero, titre in self.lecture.demarches.items():
            yield f"Démarche {numero or 'sans numéro'} – {_visible(titre) or 'sans titre'}"
        if self.lecture.encodage not in {"", "UTF-8"}:
            yield f"Encodage du fichier\u00a0: {self.lecture.encodage}."
        total = len(self.lecture.dossiers)
        detail = [
            f"{nombre} {resultat}{'s' if nombre > 1 and resultat != 'déjà là' else ''}"
            for resultat, nombre in self.resultats.items()
        ]
        if self.refus:
            detail.append(f"{len(self.refus)} {pluriel(len(self.refus), 'refusé')}")
        yield f"{compte(total, 'dossier lu', 'dossiers lus')}\u00a0: {', '.join(detail) or 'rien à faire'}."

    def _champs(self) -> Iterator[str]:
        for titre, sort in PARTIES.items():
            choisis = [_champ(nom, champ) for nom, champ in self.champs.items() if champ.sort is sort]
            yield from _liste(titre, choisis)


def _champ(nom: str, champ: Champ) -> str:
    vers = f" → {', '.join(sorted(champ.vers, key=nom_nu))}" if champ.vers else ""
    comptes = ", ".join(f"{champ.sorts[sort]} {sort}" for sort in Sort if champ.sorts[sort])
    communs = champ.motifs.most_common(EXEMPLES_MAX)
    motifs = "".join(f"\n      {motif} ({fois} fois)" for motif, fois in communs)
    exemples = "".join(f"\n      «\u00a0{exemple}\u00a0»" for exemple in champ.exemples)
    lus = "".join(f"\n      {lu}" for lu in champ.lus)
    return f"{_visible(nom)}{vers}\u00a0: {comptes}{motifs}{exemples}{lus}"


def _piece(nature: str) -> str:
    return {"jointes": "jointes", "décrites": "décrites sans leur fichier (voir --pieces)"}.get(nature, nature)


def _liste(titre: str, elements: list[str]) -> Iterator[str]:
    if elements:
        yield ""
        yield f"{titre}\u00a0:"
        yield from (f"  – {element}" for element in elements)


def _visible(texte: str) -> str:
    """On one line of a terminal, whatever was typed; a label may be as long as its author pleased."""
    propre = " ".join("".join(lettre if lettre.isprintable() else " " for lettre in texte).split())
    return propre if len(propre) <= 200 else f"{propre[:200]}…"
