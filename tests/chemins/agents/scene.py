"""Thirty files of a wave that has just closed, and those who instruct them: what has happened before they begin."""

from collections.abc import Collection
from dataclasses import dataclass

from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Participation, Vague
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Organisme, Region
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close

BANQUE = "Banque d’essai"
AU_NORD, EN_TOUT = 12, 30


@dataclass(frozen=True)
class Scene:
    """Files by the number of their name, from 1. Anne and Bruno instruct everywhere, Chloé in the north alone; Denis
    and Élise hold nothing, and evaluate with them; Fatou and Gilles are the experts of one organisme. Bruno takes part
    in `en_interet`, with its territory."""

    vague: Vague
    dossiers: tuple[Candidature, ...]
    anne: Utilisateur
    bruno: Utilisateur
    chloe: Utilisateur
    denis: Utilisateur
    elise: Utilisateur
    fatou: Utilisateur
    gilles: Utilisateur

    def dossier(self, numero: int) -> Candidature:
        return self.dossiers[numero - 1]

    def references(self, numeros: Collection[int]) -> set[str]:
        return {self.dossier(numero).reference for numero in numeros}

    @property
    def instructeurs(self) -> tuple[Utilisateur, ...]:
        return self.anne, self.bruno, self.chloe

    @property
    def evaluateurs(self) -> tuple[Utilisateur, ...]:
        return *self.instructeurs, self.denis, self.elise

    @property
    def en_interet(self) -> Candidature:
        return self.dossier(EN_INTERET)

    @property
    def liste(self) -> str:
        return f"/instruction/vagues/{self.vague.numero}/"


EN_INTERET = 13


def trente_dossiers() -> Scene:
    nord, est = f.un_departement("59", "32"), f.un_departement("67", "44")
    noms = [f"Bassin fictif {rang:02d}" for rang in range(1, EN_TOUT + 1)]
    vague, dossiers = une_vague_close(*[nord] * AU_NORD, *[est] * (EN_TOUT - AU_NORD), noms=noms)
    banque = f.un_organisme_consulte(BANQUE)
    anne, bruno, denis, elise = (quelqu_un(prenom, Role.INSTRUCTEUR) for prenom in ("Anne", "Bruno", "Denis", "Élise"))
    Participation.objects.create(candidature=dossiers[EN_INTERET - 1], utilisateur=bruno, qualite=Qualite.LECTEUR)
    return Scene(
        vague,
        tuple(dossiers),
        anne=anne,
        bruno=bruno,
        chloe=quelqu_un("Chloé", Role.INSTRUCTEUR, region=nord.region),
        denis=denis,
        elise=elise,
        fatou=quelqu_un("Fatou", Role.EXPERT, organisme=banque),
        gilles=quelqu_un("Gilles", Role.EXPERT, organisme=banque),
    )


def quelqu_un(
    prenom: str, role: Role, *, region: Region | None = None, organisme: Organisme | None = None
) -> Utilisateur:
    personne = f.un_utilisateur(prenom=prenom, nom="Exemple")
    f.un_role(personne, role, region=region, organisme=organisme)
    return personne
