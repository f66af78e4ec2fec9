"""The form's two fields of time: a day, an instant. Each use says its bounds; `jours` reads what is typed."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError

from rebond.socle.horloge.temps import PARIS
from rebond.socle.texte.jours import (
    DERNIER_JOUR,
    PREMIER_JOUR,
    Illisible,
    Passage,
    heure_double,
    lire_instant,
    lire_jour,
    lire_montre,
)

HEURE_DE_PARIS = "Heure de Paris."
PASSAGES = {
    Passage.AVANT: "Avant le changement d’heure (heure d’été)",
    Passage.APRES: "Après le changement d’heure (heure d’hiver)",
}


# What the browser's own inputs can show; empty too.
JOUR_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})?")
INSTANT_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})?")


class SaisieDate(forms.DateInput):
    """The browser's own date picker, which speaks ISO 8601 whatever the language of the page.

    What it cannot show, because it is no date, stays to be corrected in a plain input.
    """

    input_type = "date"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(dict(attrs or {}), format="%Y-%m-%d")

    def format_value(self, value: Any) -> str | None:
        try:
            return lire_jour(value).isoformat() if isinstance(value, str) and value else super().format_value(value)
        except Illisible:
            return str(value)

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        contexte: dict[str, Any] = super().get_context(name, value, dict(attrs or {}))
        if not JOUR_ISO.fullmatch(contexte["widget"]["value"] or ""):
            contexte["widget"]["type"] = "text"
        return contexte


class SaisieInstant(forms.DateTimeInput):
    """Date and time in one control, to the minute, as clocks in Paris read.

    When they read it twice, two choices ask which; they are sent as `<name>_passage`, and no script is needed.
    """

    input_type = "datetime-local"
    template_name = "dsfr/champ/instant.html"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(dict(attrs or {}), format="%Y-%m-%dT%H:%M")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        saisi = super().value_from_datadict(data, files, name)
        passage = data.get(f"{name}_passage")
        # Written in the text itself, « (après) » has the last word.
        demande = passage in set(Passage) and bool(_passage(saisi)) and "(" not in saisi
        return f"{saisi} ({passage})" if demande else saisi

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, datetime):
            return value.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M")
        lu = lire_montre(value) if isinstance(value, str) and value else None
        return lu[0].strftime("%Y-%m-%dT%H:%M") if lu else super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        contexte: dict[str, Any] = super().get_context(name, value, dict(attrs or {}))
        widget = contexte["widget"]
        if not INSTANT_ISO.fullmatch(widget["value"] or ""):
            widget["type"] = "text"
        widget["passages"] = [
            {"valeur": passage.value, "libelle": libelle, "choisi": passage is choisi}
            for choisi in _passage(value)
            for passage, libelle in PASSAGES.items()
        ]
        return contexte


class ChampDeTemps(forms.Field):
    """What both fields share: bounds, included, which a form may only know once it is made."""

    #: Instead of the sentence that `jours` writes, when whoever asks can say why.
    trop_tot: str = ""
    trop_tard: str = ""
    minimum: Any = None
    maximum: Any = None

    def __init__(
        self, *, minimum: Any = None, maximum: Any = None, trop_tot: str = "", trop_tard: str = "", **options: Any
    ) -> None:
        super().__init__(**options)
        self.widget.attrs.setdefault("autocomplete", "off")
        self.borner(minimum=minimum, maximum=maximum, trop_tot=trop_tot, trop_tard=trop_tard)

    def borner(self, *, minimum: Any = None, maximum: Any = None, trop_tot: str = "", trop_tard: str = "") -> None:
        """Nothing before `minimum` nor after `maximum`, and what to say of it."""
        self.minimum, self.maximum = minimum or self.minimum, maximum or self.maximum
        self.trop_tot, self.trop_tard = trop_tot or self.trop_tot, trop_tard or self.trop_tard
        self.widget.attrs |= {cle: valeur for cle, valeur in self._attributs().items() if valeur}

    def _attributs(self) -> dict[str, str | None]:
        """What the browser's picker is told of the bounds."""
        raise NotImplementedError

    def _lire(self, texte: str) -> Any:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return self._lire(value if isinstance(value, str) else str(value))
        except Illisible as refus:
            propre = {"trop_tot": self.trop_tot, "trop_tard": self.trop_tard}.get(refus.code)
            raise ValidationError(propre or refus.message, code=refus.code) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            lu = self.to_python(data)
        except ValidationError:
            return True
        return bool(lu != initial)


class ChampJour(ChampDeTemps):
    """A day. Cleaned to a `date`; from 1900 to 2100 when nothing else bounds it."""

    widget = SaisieDate

    def _attributs(self) -> dict[str, str | None]:
        minimum, maximum = self.minimum or PREMIER_JOUR, self.maximum or DERNIER_JOUR
        return {"min": minimum.isoformat(), "max": maximum.isoformat()}

    def _lire(self, texte: str) -> date:
        return lire_jour(texte, minimum=self.minimum, maximum=self.maximum)


class ChampInstant(ChampDeTemps):
    """An instant, typed as clocks in Paris show it. Cleaned to an aware `datetime` in UTC.

    Every instant that this portal asks for is recent or near: a form that gives no bounds is at fault.
    """

    widget = SaisieInstant

    def _attributs(self) -> dict[str, str | None]:
        return {
            cle: borne.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M") if borne else None
            for cle, borne in (("min", self.minimum), ("max", self.maximum))
        }

    def _lire(self, texte: str) -> datetime:
        if self.minimum is None or self.maximum is None:
            raise ImproperlyConfigured("An instant is asked for between bounds: call `borner`.")
        return lire_instant(texte, minimum=self.minimum, maximum=self.maximum)


def _passage(value: Any) -> list[Passage | None]:
    """Nothing to ask for most hours; otherwise the one choice made so far, or None."""
    if isinstance(value, datetime):
        local = value.astimezone(PARIS)
        montre, passage = local.replace(tzinfo=None, fold=0), Passage.APRES if local.fold else Passage.AVANT
        return [passage] if heure_double(montre) else []
    lu = lire_montre(value) if isinstance(value, str) and value else None
    return [lu[1]] if lu and heure_double(lu[0]) else []
