"""The page of a file's grouping: its members, the territory that they make, and whom they overlap with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Value, prefetch_related_objects

from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.pieces.emplacements import Emplacement
from candidatures.labellisation.models import Labellisation
from rebond.comptes.rattachements.requetes import sirens_prouves
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.texte.noms import alphabetique, nom_nu
from rebond.socle.utilisateur import Utilisateur
from territoires.millesimes.suites import epcis_et_lignees, heritieres
from territoires.models import Departement, Epci, Territoire
from territoires.referentiel import MILLESIME


@dataclass(frozen=True)
class MembreLu:
    """A member as its page shows it. `mandats` are the places of the attachments that are expected of it."""

    membre: Membre
    epcis: tuple[Epci, ...]
    mandats: tuple[Emplacement, ...]

    @property
    def nature(self) -> str:
        return self.membre.epci.get_nature_display() if self.membre.epci else self.membre.nature.label

    @property
    def population(self) -> int:
        return sum(epci.population for epci in self.epcis)

    @property
    def departements(self) -> list[Departement]:
        return sorted({d for epci in self.epcis for d in epci.departements.all()}, key=lambda d: d.code)


@dataclass(frozen=True)
class Finie:
    """A member that is gone, what became of it, and those that may take its place (none: it is in the list of a PETR,
    which is declared again)."""

    membre: Membre
    epci: Epci
    suite: str
    heritieres: tuple[Epci, ...]


@dataclass(frozen=True)
class Groupement:
    membres: tuple[MembreLu, ...]
    territoire: Territoire
    alertes: tuple[str, ...]
    finies: tuple["Finie", ...] = ()
    # Of the outlines on the map.
    millesime: int = MILLESIME

    @property
    def carte_en_mots(self) -> str:
        """What the map shows, for whoever does not see it."""
        noms = ", ".join(epci.nom for epci in self.territoire.epcis.all())
        return f"Carte du périmètre parmi les intercommunalités voisines\u00a0: {noms}."


def groupement(
    candidature: Candidature,
    membres: list[Membre],
    places: Iterable[Emplacement],
    maintenant: datetime,
    lecteur: Utilisateur,
) -> Groupement:
    """`membres` come with their `epci` and `petr`, the lead first; `places` are all those of the file."""
    territoire = candidature.territoire
    prefetch_related_objects([territoire], epcis_et_lignees(), "epcis__regions", "epcis__departements")
    prefetch_related_objects(membres, "petr__epcis")
    epcis = {epci.pk: epci for epci in territoire.epcis.all()}
    mandats = [place for place in places if place.attendue.par_membre]
    return Groupement(
        membres=tuple(
            MembreLu(
                membre,
                # A reading: the list of a PETR may have been corrected between two queries.
                tuple(epcis[pk] for pk in _pks(membre) if pk in epcis),
                tuple(place for place in mandats if place.membre == membre.pk or place.membre is None),
            )
            for membre in membres
        ),
        territoire=territoire,
        alertes=tuple(alertes(candidature, maintenant, lecteur)),
        finies=tuple(finies(membres, jour_de_paris(maintenant))),
    )


def finies(membres: Iterable[Membre], jour: date) -> list[Finie]:
    """Members that no longer exist on `jour`; two queries when there are some, none otherwise."""
    epcis = [(membre, epci) for membre in membres for epci in _epcis(membre) if epci.suite(jour)]
    if not epcis:
        return []
    suites = heritieres([epci for _, epci in epcis], jour)
    vivantes = Epci.objects.avec_codes_departements().in_bulk(
        {pk for suivantes in suites.values() for pk in suivantes}
    )
    return [
        Finie(
            membre,
            epci,
            epci.suite(jour),
            () if membre.petr else tuple(vivantes[pk] for pk in suites[epci.pk]),
        )
        for membre, epci in epcis
    ]


def _epcis(membre: Membre) -> list[Epci]:
    return [*membre.petr.epcis.all()] if membre.petr else [membre.epci]  # type: ignore[list-item]


def alertes(candidature: Candidature, maintenant: datetime, lecteur: Utilisateur) -> list[str]:
    """What the grouping shares with others, in sentences; never a name that is not public at `maintenant`.

    That an authority is in another file is only said to whoever is known to work for it.
    """
    prefetch_related_objects([candidature.territoire], epcis_et_lignees())
    siens: Iterable[Any] = candidature.territoire.epcis.all()
    # By the name of the member, whoever speaks for the same inhabitants: before it, or after.
    noms = {parente: epci.nom for epci in siens for parente in sorted(epci.lignee)}
    return [*_chez_des_laureats(candidature, noms, maintenant), *_dans_d_autres_dossiers(candidature, noms, lecteur)]


def _pks(membre: Membre) -> list[int | None]:
    return [epci.pk for epci in membre.petr.epcis.all()] if membre.petr else [membre.epci_id]


def _chez_des_laureats(candidature: Candidature, noms: dict[int, str], maintenant: datetime) -> list[str]:
    communs = (
        Labellisation.objects.publiques(maintenant)
        .exclude(candidature=candidature)
        .filter(territoire__epcis__in=noms)
        .order_by(alphabetique("territoire__nom"), "pk")
        .values_list("pk", "territoire__nom", "vague__numero", "territoire__epcis")
    )
    laureats: dict[tuple[int, str, int], list[str]] = {}
    for pk, territoire, vague, epci in communs:
        membres = laureats.setdefault((pk, territoire, vague), [])
        if noms[epci] not in membres:
            membres.append(noms[epci])
    return [
        f"{_enumerer(siens)} {_fait_partie(siens)} déjà partie du territoire «\u00a0{territoire}\u00a0», lauréat "
        f"de la période de dépôt n°\u00a0{vague}."
        for (_, territoire, vague), siens in laureats.items()
    ]


def _dans_d_autres_dossiers(candidature: Candidature, noms: dict[int, str], lecteur: Utilisateur) -> list[str]:
    """Another file is nobody's business but its own: neither its name nor its state is told."""
    autres = Candidature.objects.filter(vague=candidature.vague).exclude(pk=candidature.pk)
    vivants = autres.exclude(etat=EtatCandidature.RETIREE).order_by()
    ailleurs = vivants.filter(territoire__epcis__in=noms).values_list("territoire__epcis", Value(value=False))
    prouvees = Epci.objects.filter(pk__in=noms, siren__in=sirens_prouves(lecteur)).order_by()
    lus = set(ailleurs.union(prouvees.values_list("pk", Value(value=True))))
    connus = {noms[pk] for pk, prouvee in lus if prouvee}
    membres = list({noms[pk] for pk, prouvee in lus if not prouvee} & connus)
    if not membres:
        return []
    return [f"{_enumerer(membres)} {_fait_partie(membres)} aussi partie d’un autre dossier de cette période de dépôt."]


def _enumerer(membres: list[str]) -> str:
    """« A », « A et B », « A, B et C », by name."""
    *premiers, dernier = sorted(membres, key=nom_nu)
    return f"{', '.join(premiers)} et {dernier}" if premiers else dernier


def _fait_partie(membres: list[str]) -> str:
    return "font" if len(membres) > 1 else "fait"
