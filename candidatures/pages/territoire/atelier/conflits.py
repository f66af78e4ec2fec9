"""Two answers to the same question, as the page where one chooses shows them."""

from dataclasses import dataclass
from typing import Any

from candidatures.cahier import Question, Type
from candidatures.dossier.comparaison import Ligne, comparer_les_reponses
from candidatures.dossier.fusion import Conflit, reunir
from candidatures.dossier.lecture import Reponse, lire_reponse
from rebond.socle.texte.accords import enumerer


@dataclass(frozen=True)
class Choix:
    """`ligne` has what differs marked, from theirs to mine; `ensemble` is both in one, None where one must choose."""

    question: Question
    mienne: Reponse
    enregistree: Reponse
    ligne: Ligne
    ensemble: Any

    @classmethod
    def de(cls, question: Question, conflit: Conflit) -> "Choix":
        mienne, enregistree = lire_reponse(question, conflit.mienne), lire_reponse(question, conflit.enregistree)
        return cls(
            question,
            mienne,
            enregistree,
            comparer_les_reponses(question, conflit.enregistree, conflit.mienne),
            reunir(question, conflit.mienne, conflit.enregistree),
        )

    @property
    def est_un_texte(self) -> bool:
        return self.question.type is Type.TEXTE_LONG

    @property
    def textes_marques(self) -> bool:
        return self.question.type in {Type.TEXTE, Type.TEXTE_LONG} and bool(self.ligne.morceaux)

    @property
    def reunie(self) -> Reponse:
        """Both in one, as it would be read."""
        return lire_reponse(self.question, self.ensemble)

    @property
    def dans_la_mienne(self) -> str:
        """The rows that only my table has, by number; empty for anything else."""
        return _seules(self.mienne, self.enregistree)

    @property
    def dans_l_enregistree(self) -> str:
        return _seules(self.enregistree, self.mienne)


def _seules(une: Reponse, autre: Reponse) -> str:
    rangs = [str(rang) for rang, ligne in enumerate(une.lignes, start=1) if ligne not in autre.lignes]
    if not rangs:
        return ""
    return f"{'lignes' if len(rangs) > 1 else 'ligne'} {enumerer(rangs)}"
