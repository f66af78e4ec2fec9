"""Writing of groupings and rights."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from rebond.socle.bdd.contraintes import phrases_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.noms import alphabetique
from rebond.socle.utilisateur import Utilisateur
from territoires.actes import ActeDePetr
from territoires.etats import Nature
from territoires.millesimes.suites import suite_des_membres
from territoires.models import Departement, Epci, Petr, Territoire
from territoires.models.contraintes import SIREN_INVALIDE
from territoires.regles import cle_de, siren_fictif, siren_valide
from territoires.requetes import nom_par_defaut

MEMBRES_MAX = 100
MEMBRES_D_UN_PETR_MIN = 2


@transaction.atomic
def territoire_pour(
    *, epcis: Iterable[Epci], chef_de_file: Epci, nom: str = "", demonstration: bool = False
) -> Territoire:
    """The territory made of exactly these EPCI, created if nobody spoke of it before.

    Safe when two people ask at the same instant: the unique `cle` lets one of them create it, the other gets the same.
    A territory that exists is returned as it is: `chef_de_file` and `nom` only serve at creation. Its pilot région is
    the main one of its lead. Without a name it takes its members'.

    Raises RegleEnfreinte for an empty or overlong list, or a lead that is not a member.
    """
    membres, valeurs = _composition(epcis, chef_de_file, nom, demonstration=demonstration)
    territoire, cree = Territoire.objects.get_or_create(
        cle=cle_de(epci.siren for epci in membres), prive=False, defaults=valeurs
    )
    if cree:
        territoire.epcis.set(membres)
    return territoire


@transaction.atomic
def territoire_de_travail(
    *,
    epcis: Iterable[Epci],
    chef_de_file: Epci,
    nom: str = "",
    demonstration: bool = False,
    remplace: Territoire | None = None,
) -> Territoire:
    """The territory of one file, whose name and lead are its own, whoever else writes about the same grouping.

    It is `remplace`, changed, when that is given: the caller knows that nothing else speaks of it. Raises as
    `territoire_pour` does.
    """
    membres, valeurs = _composition(epcis, chef_de_file, nom, demonstration=demonstration)
    territoire = remplace or Territoire(prive=True)
    for champ, valeur in {**valeurs, "cle": cle_de(epci.siren for epci in membres)}.items():
        setattr(territoire, champ, valeur)
    territoire.save()
    territoire.epcis.set(membres)
    return territoire


def rendre_public(territoire: Territoire) -> Territoire:
    """The territory under which the whole country will know the grouping: the one that it has already, or this one."""
    if not territoire.prive:
        return territoire
    connu = Territoire.objects.filter(cle=territoire.cle, prive=False).first()
    if connu is not None:
        return connu
    territoire.prive = False
    territoire.save(update_fields=["prive"])
    return territoire


def _composition(
    epcis: Iterable[Epci], chef_de_file: Epci, nom: str, *, demonstration: bool
) -> tuple[list[Epci], dict[str, Any]]:
    membres = sorted({epci.pk: epci for epci in epcis}.values(), key=lambda epci: -epci.population)
    if not membres:
        raise RegleEnfreinte("Choisissez au moins une intercommunalité.")
    if len(membres) > MEMBRES_MAX:
        raise RegleEnfreinte(f"Un territoire réunit au plus {MEMBRES_MAX} intercommunalités.")
    if chef_de_file not in membres:
        raise RegleEnfreinte("L’intercommunalité chef de file doit faire partie du territoire.")
    return membres, {
        "nom": nom or nom_par_defaut(membres),
        "chef_de_file": chef_de_file,
        "region_pilote": chef_de_file.region,
        "demonstration": demonstration or any(epci.fictif for epci in membres),
        "suite": suite_des_membres(membres),
    }


@transaction.atomic
def declarer_petr(
    *,
    siren: str,
    nom: str,
    epcis: Iterable[Epci],
    acteur: Utilisateur,
    maintenant: datetime,
    deja: Petr | None = None,
    corrigeable: Callable[[Petr], bool] = lambda _: False,
) -> Petr:
    """The PETR that bears `siren`: the one that everybody knows, else `deja` when the file of `acteur` has one, else
    theirs. What anybody else has declared does not exist for them.

    Declared again with the same members it is returned as it is, whatever the name; with others, they replace the
    first ones when it is not known to all and `corrigeable(petr)` says so. Asked while its row is held: whoever begins
    to use it waits.

    Raises RegleEnfreinte for a SIREN that is wrong or an EPCI's, a missing name, fewer than two members (CGCT
    art. L5741-1: a PETR unites several), or other members than those that are relied on.
    """
    membres = {epci.pk for epci in epcis}
    _verifier_petr(siren, nom, len(membres))
    petr, cree = _petr_declare(siren, nom, acteur, deja)
    connus = set(petr.epcis.values_list("pk", flat=True))
    if connus == membres:
        return petr
    if not cree and not (petr.declare_par_id and corrigeable(petr)):
        noms = ", ".join(petr.epcis.order_by(alphabetique("nom")).values_list("nom", flat=True))
        raise RegleEnfreinte(
            f"{petr.nom} est déjà déclaré, avec d’autres membres\u00a0: {noms}. Cette liste sert ailleurs\u00a0: si "
            "elle est inexacte, écrivez à l’équipe du portail."
        )
    petr.nom = nom
    petr.save(update_fields=["nom"])
    petr.epcis.set(membres)
    acte = ActeDePetr.PETR_DECLARE if cree else ActeDePetr.PETR_CORRIGE
    consigner(acte, petr, acteur=acteur, fait_le=maintenant, epcis=sorted(epci.siren for epci in petr.epcis.all()))
    return petr


def _petr_declare(siren: str, nom: str, acteur: Utilisateur, deja: Petr | None) -> tuple[Petr, bool]:
    tenus = Petr.objects.select_for_update()
    if deja is not None:
        return tenus.get(pk=deja.pk), False
    connu = tenus.filter(siren=siren, declare_par=None).first()
    if connu is not None:
        return connu, False
    return tenus.get_or_create(siren=siren, declare_par=acteur, defaults={"nom": nom})


def _verifier_petr(siren: str, nom: str, nombre_de_membres: int) -> None:
    if not siren_valide(siren):
        raise RegleEnfreinte(SIREN_INVALIDE)
    if epci := Epci.objects.filter(siren=siren).first():
        raise RegleEnfreinte(
            f"Ce numéro SIREN est celui d’une intercommunalité, {epci.nom}\u00a0: donnez celui du PETR lui-même."
        )
    if not nom:
        raise RegleEnfreinte(*phrases_de(Petr, "petr_nomme").values())
    if nombre_de_membres < MEMBRES_D_UN_PETR_MIN:
        raise RegleEnfreinte("Un PETR réunit plusieurs intercommunalités\u00a0: choisissez-en au moins deux.")


@transaction.atomic
def inventer_epci(
    *, rang: int, nom: str, nature: Nature, population: int, departement: Departement, millesime: int
) -> Epci:
    """An authority for the demonstration, marked as such; the same rank gives the same one."""
    epci, cree = Epci.objects.get_or_create(
        siren=siren_fictif(rang),
        defaults={
            "nom": nom,
            "nature": nature,
            "population": population,
            "millesime": millesime,
            "region": departement.region,
            "fictif": True,
        },
    )
    if cree:
        epci.regions.set([departement.region])
        epci.departements.set([departement])
    return epci
