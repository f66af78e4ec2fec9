"""One thing that awaits somebody: what `composants/a_faire.html` shows in a line, with its button."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AFaire:
    """`quoi` in one sentence, `quand` by when or since when (may be empty), `lien` where it is done, `libelle` what
    the button says. `precision` completes the button for whoever hears it out of its line; `presse`: time is short.
    """

    quoi: str
    quand: str
    lien: str
    libelle: str
    precision: str = ""
    presse: bool = False
