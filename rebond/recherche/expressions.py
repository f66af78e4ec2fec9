"""SQL that a search is made of, beside `rebond.socle.bdd.expressions.Vecteur`, which indexes are made of too."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, FloatField, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: Around each word that was found. Private use: neither survives what people type (`socle.texte.caracteres`).
DEBUT, FIN = "\ue000", "\ue001"
#: One passage of some two lines, with what is before the words that were found as with what follows.
EXTRAIT = f"StartSel={DEBUT}, StopSel={FIN}, MaxFragments=1, MaxWords=30, MinWords=14"
CONFIGURATION = "public.recherche_racines"


class Texte(Func):
    """Every text of a JSON document, one a line."""

    function = "recherche_texte"
    output_field = TextField()


class _Requete(Func):
    template = "%(expressions)s::tsquery"
    output_field = TextField()

    def __init__(self, requete: str) -> None:
        super().__init__(Value(requete))


class RequeteDe(Func):
    """What Postgres looks for in texts, of bare words: `Demande.requete`, made in the statement that needs it."""

    function = "recherche_requete"
    output_field = TextField()

    def __init__(self, mots: Sequence[str]) -> None:
        super().__init__(Value(list(mots), output_field=ArrayField(TextField())))


def _la_requete(requete: "str | RequeteDe") -> Func:
    return _Requete(requete) if isinstance(requete, str) else requete


class Trouve(Func):
    """Whether a vector answers the query: a condition."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()

    def __init__(self, vecteur: Combinable | str, requete: str | RequeteDe) -> None:
        super().__init__(F(vecteur) if isinstance(vecteur, str) else vecteur, _la_requete(requete))


class Pertinence(Func):
    """How much a vector answers the query, longer texts counting less; it says nothing of the other texts."""

    template = "ts_rank(%(expressions)s, 1)"
    output_field = FloatField()

    def __init__(self, vecteur: Combinable | str, requete: str | RequeteDe) -> None:
        super().__init__(F(vecteur) if isinstance(vecteur, str) else vecteur, _la_requete(requete))


class Extrait(Func):
    """The passage of a text that answers the query, its words between `DEBUT` and `FIN`: for `surligner` alone."""

    function = "ts_headline"
    output_field = TextField()

    def __init__(self, texte: Any, requete: str | RequeteDe) -> None:
        configuration = Cast(Value(CONFIGURATION), _Configuration())
        passage = _Passage(Cast(texte, TextField()), _la_requete(requete))
        super().__init__(configuration, _SansBalise(passage), _la_requete(requete), Value(EXTRAIT))


class _Passage(Func):
    """As much of a text as its passage may come from: Postgres takes as long to choose one as the text is long."""

    function = "recherche_passage"
    output_field = TextField()


class _SansBalise(Func):
    """Postgres leaves a tag out of a passage, and whatever follows « <script> »: to it, people write none."""

    function = "translate"
    template = "%(function)s(%(expressions)s, '<>', '‹›')"
    output_field = TextField()


class _Configuration(TextField):
    def db_type(self, connection: Any) -> str:
        return "regconfig"

    def cast_db_type(self, connection: Any) -> str:
        return "regconfig"


def surligner(extrait: str) -> SafeString:
    """The passage as a page shows it: whatever the text holds is text, and what was found is marked."""
    parties = extrait.split(DEBUT)
    morceaux = [(parties[0].replace(FIN, ""), "")]
    for partie in parties[1:]:
        trouve, _, suite = partie.partition(FIN)
        morceaux.append((trouve, suite.replace(FIN, "")))
    tete = format_html("{}", morceaux[0][0])
    return tete + format_html_join("", "<mark>{}</mark>{}", morceaux[1:])
