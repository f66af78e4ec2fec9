"""What the tests hold of the portal that they ask: its people, its waves, and the values of its addresses."""

from dataclasses import dataclass, field
from typing import Any

from candidatures.models import Candidature, Vague
from rebond.socle.utilisateur import Utilisateur

# What an address of the portal may name, and the number that nothing bears.
ABSENT = 30_999


@dataclass
class Decor:
    """`objets` gives, by the name that the matrix uses, the values of the addresses of that object: by argument
    (« pk »), or by address and argument when the same argument names several things (« piece_de_message piece_pk »).
    """

    gens: dict[str, Utilisateur]
    publiee: Vague
    secrete: Vague
    en_cours: Vague
    ouverte: Vague
    future: Vague
    dossiers: dict[str, Candidature] = field(default_factory=dict)
    objets: dict[str, dict[str, Any]] = field(default_factory=dict)
    # By argument, what is a part of the file of the voisin.
    etrangers: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, nom: str) -> Utilisateur:
        return self.gens[nom]
