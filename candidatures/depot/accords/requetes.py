"""Who has marked which version, and who is waited for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from candidatures.depot.accords.regles import noms_manquants, qui_manque
from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.instantane import MembreLu
from candidatures.dossier.lettres import retours_des_liens
from candidatures.dossier.liens.requetes import derniers_par_membre
from candidatures.dossier.models.accords import Accord
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.liens import Lien
from candidatures.dossier.models.versions import VersionComplete
from rebond.socle.courriers.retours.models import Retour
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Rattachement


@dataclass(frozen=True)
class AccordDuMembre:
    """Where a member stands. `accord` is its mark on the present version, `ancien` its last one on another version;
    `lien` and `lien_de_piece` are the last links that were sent to it, `mien` says that the reader may mark for it,
    `connue` that somebody else of the file may. `retour` and `retour_de_piece` say why the letter of a link that still
    opens something did not arrive.
    """

    membre: Membre
    accord: Accord | None
    ancien: Accord | None
    lien: Lien | None
    lien_de_piece: Lien | None
    mien: bool
    connue: bool
    retour: Retour | None = None
    retour_de_piece: Retour | None = None

    @property
    def joignable(self) -> bool:
        """Whether a reminder would reach somebody."""
        return self.connue or (self.lien is not None and bool(self.lien.email))

    @property
    def attendu(self) -> bool:
        """Whether the rule of the wave, where there is one, asks for it."""
        return not self.membre.chef_de_file


def accords_du_groupement(
    candidature: Candidature, membres: Iterable[Membre], lecteur: Utilisateur
) -> list[AccordDuMembre]:
    """One line a member, in the order of `membres`; as many statements, however many."""
    presents: dict[str, Accord] = {}
    anciens: dict[str, Accord] = {}
    for accord in Accord.objects.filter(candidature=candidature).select_related("par", "lien").order_by("pk"):
        (presents if accord.empreinte == candidature.empreinte else anciens)[accord.siren] = accord
    liens = derniers_par_membre(candidature)
    revenus = retours_des_liens(liens.values())
    parts = Participation.objects.filter(candidature=candidature).values("utilisateur")
    prouves = Rattachement.objects.prouves().filter(utilisateur__in=parts).values_list("utilisateur", "siren")
    siens = {siren for qui, siren in prouves if qui == lecteur.pk}
    connus = {siren for qui, siren in prouves if qui != lecteur.pk}
    return [
        AccordDuMembre(
            membre,
            presents.get(membre.siren),
            anciens.get(membre.siren),
            liens.get((membre.siren, GenreDeLien.ACCORD)),
            liens.get((membre.siren, GenreDeLien.PIECE)),
            membre.siren in siens,
            membre.siren in connus,
            _revenu(revenus, liens.get((membre.siren, GenreDeLien.ACCORD))),
            _revenu(revenus, liens.get((membre.siren, GenreDeLien.PIECE))),
        )
        for membre in membres
    ]


def _revenu(revenus: Mapping[int, Retour], lien: Lien | None) -> Retour | None:
    return revenus.get(lien.pk) if lien is not None else None


def manquants(candidature: Candidature, contenu: Mapping[str, Any], empreinte: str) -> list[str]:
    """The names of the members that the deposit of `contenu` waits for, in a wave whose rule asks for them."""
    signes = Accord.objects.filter(candidature=candidature, empreinte=empreinte).values_list("siren", flat=True)
    return noms_manquants(contenu, set(signes))


def toutes_signees(versions: Collection[VersionComplete]) -> set[int]:
    """Of these complete versions, the files whose every member has marked them; one statement."""
    lus = Accord.objects.filter(candidature__in=[version.candidature_id for version in versions])
    signes: dict[tuple[int, str], set[str]] = {}
    for dossier, empreinte, siren in lus.values_list("candidature_id", "empreinte", "siren"):
        signes.setdefault((dossier, empreinte), set()).add(siren)
    return {
        version.candidature_id
        for version in versions
        if not noms_manquants(version.contenu, signes.get((version.candidature_id, version.empreinte), set()))
    }


def membres_attendus(dossiers: Mapping[int, tuple[str, Sequence[MembreLu]]]) -> dict[int, list[MembreLu]]:
    """By file, the members whose mark on its present version is missing, in a wave whose rule asks for them. Each file
    comes with the fingerprint of that version and its members, the lead first; one statement."""
    lus = Accord.objects.filter(candidature__in=dossiers).values_list("candidature_id", "empreinte", "siren")
    signes: dict[tuple[int, str], set[str]] = {}
    for dossier, empreinte, siren in lus:
        signes.setdefault((dossier, empreinte), set()).add(siren)
    attendus = {}
    for dossier, (empreinte, membres) in dossiers.items():
        contenu = {"membres": [{"siren": membre.siren, "membre": membre} for membre in membres]}
        attendus[dossier] = [m["membre"] for m in qui_manque(contenu, signes.get((dossier, empreinte), set()))]
    return attendus


def dernier_accord(candidature: Candidature, siren: str) -> Accord | None:
    """The last mark of that authority, on whatever version."""
    return Accord.objects.filter(candidature=candidature, siren=siren).order_by("-pk").first()
