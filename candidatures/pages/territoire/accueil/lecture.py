"""The files of one person, with all that says what they have to do there: as many statements, however many files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)

from candidatures.depot.accords.requetes import membres_attendus
from candidatures.depot.models import avec_depot_perime
from candidatures.depot.suivi import Rubrique, rubriques
from candidatures.dossier.entier import MEMBRE, avec_ses_parties, parties_de
from candidatures.dossier.etats import ETATS_MODIFIABLES, EtatCandidature, Qualite
from candidatures.dossier.instantane import MembreLu, composition_de
from candidatures.dossier.models.dossiers import ECHEANCE, Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.instruction.acces import avec_etat_connu
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.instruction.echanges.requetes import avec_non_lus
from candidatures.pages.territoire.acces import attend_une_preuve
from candidatures.vagues.etats import Phase
from rebond.comptes.habilitations import est_sans_role
from rebond.socle.bdd.expressions import Parmi
from rebond.socle.bdd.preparees import Preparee, valeur
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Rattachement

# Those that wait for something come first: nobody has as many.
LUS = 60
# Answers weigh some ten kilobytes: what is missing is counted in these alone, the others lead to their page.
DETAILLES = 3


@dataclass
class DossierLu:
    """A file as its reader may know it. `rubriques` and `membres` are read of what is still written; `attendus` are
    the members whose « bon pour dépôt » the deposit waits for, if it is `detaille`."""

    candidature: Any
    etat_connu: EtatCandidature
    qualite: Qualite
    phase: Phase
    rubriques: Sequence[Rubrique] = ()
    membres: Sequence[MembreLu] = ()
    attendus: Sequence[MembreLu] = ()
    detaille: bool = False

    @property
    def se_depose(self) -> bool:
        """Whether it may still be written and deposited by somebody."""
        return self.etat_connu in ETATS_MODIFIABLES and self.phase is Phase.OUVERTE

    @property
    def est_du_porteur(self) -> bool:
        return self.qualite is Qualite.PORTEUR

    @property
    def manquants(self) -> int:
        """How many answers and attachments are missing, as the page of the file counts them."""
        return sum(len(rubrique.manques) for rubrique in self.rubriques)

    @property
    def a_completer(self) -> Rubrique | None:
        """The first section where something is missing."""
        return next((rubrique for rubrique in self.rubriques if rubrique.manques), None)

    @property
    def chef(self) -> Mapping[str, Any] | None:
        """`nom`, and `petr` or `epci`, of the lead."""
        lu: Mapping[str, Any] | None = self.candidature.chef_lu
        return lu


@dataclass
class Lecture:
    """`liens`: those of the reader with authorities, by SIREN, when something depends on them."""

    maintenant: datetime
    dossiers: list[DossierLu]
    liens: dict[str, Rattachement] = field(default_factory=dict)


def lire(personne: Utilisateur, maintenant: datetime) -> Lecture:
    """The last files of `personne`, those that wait for somebody first."""
    if est_sans_role(personne):
        lus = _LES_SIENS.lire(moi=personne.pk, maintenant=maintenant)
    else:
        lus = list(_les_siens(personne.pk, personne, maintenant))
    lecture = Lecture(maintenant, [_dossier(lu, maintenant) for lu in lus])
    _lire_ce_qui_s_ecrit([lu for lu in lecture.dossiers if lu.se_depose][:DETAILLES])
    if any(lu.attendus or attend_une_preuve(lu.etat_connu, lu.qualite) for lu in lecture.dossiers):
        lecture.liens = {lien.siren: lien for lien in _SES_LIENS.lire(moi=personne.pk)}
    return lecture


def _dossier(lu: Any, maintenant: datetime) -> DossierLu:
    return DossierLu(lu, EtatCandidature(lu.etat_connu), Qualite(lu.qualite), lu.phase(maintenant))


def _les_siens(moi: Any, qui: Utilisateur | AnonymousUser, instant: Any) -> Any:
    """Files in which `moi` takes part; `qui` is whose roles tell what they may know of them."""
    part = Participation.objects.filter(candidature=OuterRef("pk"), utilisateur=moi).values("qualite")
    attendue = DemandeDeCorrection.objects.filter(candidature=OuterRef("pk"), rendue_le=None, fermee_le=None)
    chef = Membre.objects.filter(candidature=OuterRef("pk"), chef_de_file=True)
    # Not `pour_liste`: what is shown of the territory is its name.
    siens = Candidature.objects.du_porteur(moi).sans_contenu().select_related("vague", "territoire")
    dossiers: Any = avec_etat_connu(siens, qui, instant)
    dossiers = avec_non_lus(dossiers, moi).annotate(
        qualite=Subquery(part),
        a_redeposer=avec_depot_perime(),
        correction_avant=Subquery(attendue.values("echeance")[:1]),
        chef_lu=Subquery(chef.values(lu=MEMBRE)[:1]),
    )
    vivants = Q(etat_connu__in=ETATS_MODIFIABLES, limite__gt=instant)
    attendent = vivants | Q(etat_connu=EtatCandidature.CORRECTION_DEMANDEE) | Q(non_lus__gt=0)
    rang = Case(When(attendent, then=Value(0)), default=Value(1), output_field=IntegerField())
    return dossiers.alias(limite=ECHEANCE).annotate(rang=rang).order_by("rang", "-pk")[:LUS]


# Of whoever holds no role, which is nearly everybody here: the same for all of them, but for two values.
_LES_SIENS: Preparee[Any] = Preparee(
    lambda: _les_siens(valeur("moi", BigIntegerField()), AnonymousUser(), valeur("maintenant", DateTimeField()))
)
_SES_LIENS: Preparee[Rattachement] = Preparee(
    lambda: Rattachement.objects.en_cours().filter(utilisateur=valeur("moi", BigIntegerField()))
)


def _entiers() -> Any:
    parmi = Parmi("pk", valeur("dossiers", ArrayField(BigIntegerField())))
    lus = Candidature.objects.filter(parmi).select_related("cahier")
    return avec_ses_parties(lus.only("contenu", "empreinte", "cahier__vague", "cahier__etabli_le"))


_ENTIERS: Preparee[Any] = Preparee(_entiers)


def _lire_ce_qui_s_ecrit(dossiers: list[DossierLu]) -> None:
    """What is missing there, and whose mark is; nothing is asked when nothing is written."""
    if not dossiers:
        return
    par_pk = {lu.candidature.pk: lu for lu in dossiers}
    versions = {}
    for entier in _ENTIERS.lire(dossiers=list(par_pk)):
        lu, (pieces, membres) = par_pk[entier.pk], parties_de(entier)
        lu.rubriques, lu.membres = rubriques(composition_de(entier, pieces, membres)), membres
        lu.detaille = True
        if lu.candidature.vague.accords_requis and len(membres) > 1 and not lu.manquants:
            versions[entier.pk] = entier.empreinte, membres
    for pk, attendus in (membres_attendus(versions) if versions else {}).items():
        par_pk[pk].attendus = attendus
