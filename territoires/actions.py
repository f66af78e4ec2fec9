"""Writing of groupings and rights."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from rebond.socle.bdd.contraintes import phrases_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.noms import alphabetique
from rebond.socle.utilisateur import Utilisateur
from territoires.actes import ActeDePetr
from territoires.etats import Nature
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
    membres = sorted({epci.pk: epci for epci in epcis}.values(), key=lambda epci: -epci.population)
    if not membres:
        raise RegleEnfreinte("Choisissez au moins une intercommunalité.")
    if len(membres) > MEMBRES_MAX:
        raise RegleEnfreinte(f"Un territoire réunit au plus {MEMBRES_MAX} intercommunalités.")
    if chef_de_file not in membres:
        raise RegleEnfreinte("L’intercommunalité chef de file doit faire partie du territoire.")
    territoire, cree = Territoire.objects.get_or_create(
        cle=cle_de(epci.siren for epci in membres),
        defaults={
            "nom": nom or nom_par_defaut(membres),
            "chef_de_file": chef_de_file,
            "region_pilote": chef_de_file.region,
            "demonstration": demonstration or any(epci.fictif for epci in membres),
        },
    )
    if cree:
        territoire.epcis.set(membres)
    return territoire


def changer_chef_de_file(*, territoire: Territoire, chef_de_file: Epci) -> None:
    """Another of its members leads from now on, whose main région becomes the pilot one.

    For a territory that a single file speaks of: the caller knows. Raises RegleEnfreinte for a lead that is no member.
    """
    if chef_de_file.siren not in territoire.sirens:
        raise RegleEnfreinte("L’intercommunalité chef de file doit faire partie du territoire.")
    territoire.chef_de_file, territoire.region_pilote = chef_de_file, chef_de_file.region
    territoire.save(update_fields=["chef_de_file", "region_pilote"])


@transaction.atomic
def declarer_petr(
    *,
    siren: str,
    nom: str,
    epcis: Iterable[Epci],
    acteur: Utilisateur,
    maintenant: datetime,
    corrigeable: Callable[[Petr], bool] = lambda _: False,
) -> Petr:
    """The PETR that bears `siren`, declared with its members if nobody spoke of it before.

    Declared again with the same members it is returned as it is, whatever the name; with others, they replace the
    first ones when `corrigeable(petr)` says so. Asked while its row is held: whoever begins to use it waits.

    Raises RegleEnfreinte for a SIREN that is wrong or an EPCI's, a missing name, fewer than two members (CGCT
    art. L5741-1: a PETR unites several), or other members than those that somebody relies on.
    """
    membres = {epci.pk for epci in epcis}
    _verifier_petr(siren, nom, len(membres))
    petr, cree = Petr.objects.select_for_update().get_or_create(siren=siren, defaults={"nom": nom})
    connus = set(petr.epcis.values_list("pk", flat=True))
    if connus == membres:
        return petr
    if not cree and not corrigeable(petr):
        noms = ", ".join(petr.epcis.order_by(alphabetique("nom")).values_list("nom", flat=True))
        raise RegleEnfreinte(
            f"{petr.nom} est déjà déclaré, avec d’autres membres\u00a0: {noms}. Un autre dossier s’appuie sur cette "
            "liste\u00a0: si elle est inexacte, écrivez à l’équipe du portail."
        )
    petr.nom = nom
    petr.save(update_fields=["nom"])
    petr.epcis.set(membres)
    acte = ActeDePetr.PETR_DECLARE if cree else ActeDePetr.PETR_CORRIGE
    consigner(acte, petr, acteur=acteur, fait_le=maintenant, epcis=sorted(epci.siren for epci in petr.epcis.all()))
    return petr


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
