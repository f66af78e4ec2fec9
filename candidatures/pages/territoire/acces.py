"""Which file a page of the porteur's side speaks of, and what its reader may do in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest
from django.urls import reverse

from candidatures.cahier import Cahier
from candidatures.depot.etats import Reserve
from candidatures.depot.models import Depot
from candidatures.depot.regles import empechement_de_decider_du_depot, empechement_de_deposer, empechement_de_retirer
from candidatures.depot.requetes import chef_depose, qui_tient, reserve_de
from candidatures.depot.suivi import Rubrique, Situation, rubriques, situation
from candidatures.dossier.completude import PIECES, Composition
from candidatures.dossier.connaissance import etat_connu_du_territoire
from candidatures.dossier.etats import ETATS_A_INSTRUIRE, ETATS_MODIFIABLES, EtatCandidature, Qualite
from candidatures.dossier.instantane import composition_de, membres_de, pieces_de
from candidatures.dossier.lettres import a_une_lettre_perdue
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.regles import empechement_d_ecrire, empechement_de_copier, est_copiable
from candidatures.instruction.acces import avec_etat_connu
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.instruction.correction.requetes import en_cours
from candidatures.instruction.echanges.regles import peut_echanger
from candidatures.instruction.echanges.requetes import non_lus
from candidatures.vagues.etats import Phase
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import est_sans_role
from rebond.comptes.rattachements.requetes import est_rattache
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.bdd.preparees import Preparee, valeur
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.horloges import Arrivee, Lecture, Reception, recevoir, recevoir_selon
from rebond.socle.texte.durees import temps_restant
from rebond.socle.utilisateur import Utilisateur
from rebond.surveillance.derives import denoncer

DEPOSER = "deposer"


def adresse(pk: int, cle: str = "") -> str:
    """The page of a section of the call, or of another step (`PIECES`, `DEPOSER`); of the file itself by default."""
    if not cle:
        return reverse("candidatures:dossier", args=[pk])
    if cle in {PIECES, DEPOSER}:
        return reverse(f"candidatures:{cle}", args=[pk])
    return reverse("candidatures:section", args=[pk, cle])


def attend_une_preuve(etat_connu: EtatCandidature, qualite: Qualite) -> bool:
    """Whether a participant of that `qualite` has to be known to work for the lead of a file in that state."""
    return qualite is Qualite.PORTEUR and etat_connu in {*ETATS_MODIFIABLES, *ETATS_A_INSTRUIRE}


@dataclass
class DossierOuvert:
    """A file as one of its participants sees it at one instant. Each part is read once, when it is asked for."""

    candidature: Candidature
    qualite: Qualite | None
    maintenant: datetime
    lecteur: Utilisateur
    # Whether letters of it did not arrive; read for the page that says it.
    lettre_perdue: bool = False

    @cached_property
    def phase(self) -> Phase:
        return self.candidature.phase(self.maintenant)

    @cached_property
    def empechement_d_ecrire(self) -> str | None:
        return empechement_d_ecrire(self.candidature.etat, self.phase, self.qualite)

    @property
    def peut_ecrire(self) -> bool:
        return self.empechement_d_ecrire is None

    @property
    def empechement_de_deposer(self) -> str | None:
        return empechement_de_deposer(self.qualite)

    @cached_property
    def peut_deposer(self) -> bool:
        return empechement_de_decider_du_depot(self.candidature.etat, self.phase, self.qualite) is None

    @cached_property
    def empechement_de_retirer(self) -> str | None:
        return empechement_de_retirer(self.candidature.etat, self.phase, self.qualite)

    @property
    def peut_retirer(self) -> bool:
        return self.empechement_de_retirer is None

    @cached_property
    def empechement_de_copier(self) -> str | None:
        return empechement_de_copier(self.etat, self.phase, self.qualite)

    @cached_property
    def copiable(self) -> bool:
        """Nothing more will happen in this file: its porteur may copy it into the open wave."""
        return est_copiable(self.etat, self.phase)

    @property
    def est_du_porteur(self) -> bool:
        return self.qualite is Qualite.PORTEUR

    @property
    def est_un_brouillon(self) -> bool:
        return self.etat is EtatCandidature.BROUILLON

    @property
    def est_modifiable(self) -> bool:
        """A draft, or a deposit that may still be replaced: nothing is instructed yet."""
        return self.etat in ETATS_MODIFIABLES

    @cached_property
    def etat(self) -> EtatCandidature:
        return etat_connu_du_territoire(self.candidature, self.maintenant)

    @cached_property
    def restant(self) -> str:
        """Time left before the deadline; empty afterwards."""
        return temps_restant(self.candidature.echeance - self.maintenant)

    @cached_property
    def pieces(self) -> list[PieceJointe]:
        return pieces_de(self.candidature)

    @cached_property
    def membres(self) -> list[Membre]:
        """The authorities of the grouping, the lead first."""
        return membres_de(self.candidature)

    @cached_property
    def accords_attendus(self) -> bool:
        """Whether the deposit waits for marks: the rule of the wave, and a grouping."""
        return self.recoit_des_accords and self.candidature.vague.accords_requis and len(self.membres) > 1

    @property
    def recoit_des_accords(self) -> bool:
        """Whether its members may still mark it."""
        return self.est_modifiable and self.phase is Phase.OUVERTE

    @cached_property
    def cahier(self) -> Cahier:
        return self.candidature.cahier.cahier

    @cached_property
    def composition(self) -> Composition:
        """The file as `regles` judge it."""
        return composition_de(self.candidature, self.pieces, self.membres)

    @cached_property
    def depots(self) -> list[Depot]:
        """Latest first: the first one counts."""
        return list(self.candidature.depots.select_related("accuse__document").order_by("-rang"))

    @cached_property
    def a_redeposer(self) -> bool:
        """Whether the draft has changed since the last deposit."""
        return bool(self.depots) and self.candidature.a_change_depuis(self.depots[0].empreinte)

    @property
    def echange(self) -> bool:
        """Whether its territory and the State write to each other."""
        return peut_echanger(self.candidature.etat)

    @cached_property
    def messages_non_lus(self) -> int:
        return non_lus(candidature=self.candidature, utilisateur=self.lecteur) if self.echange else 0

    @cached_property
    def correction(self) -> DemandeDeCorrection | None:
        """The correction that the territory owes, if any."""
        return en_cours(self.candidature) if self.etat is EtatCandidature.CORRECTION_DEMANDEE else None

    @cached_property
    def rubriques(self) -> list[tuple[Rubrique, str]]:
        """The checklist, each line with the address where one writes it; none for whoever may not write."""
        pk = self.candidature.pk
        return [
            (rubrique, adresse(pk, rubrique.section) if self.peut_ecrire else "")
            for rubrique in rubriques(self.composition)
        ]

    @cached_property
    def complet(self) -> bool:
        return all(rubrique.complete for rubrique, _ in self.rubriques)

    @cached_property
    def manquants(self) -> int:
        """How many answers and attachments are missing."""
        return sum(len(rubrique.manques) for rubrique, _ in self.rubriques)

    @cached_property
    def reserve(self) -> Reserve | None:
        """Why the deposit that counts is received under reserve, if it is."""
        return reserve_de(self.candidature, self.depots[0] if self.depots else None)

    @cached_property
    def tenant(self) -> Candidature | None:
        """The file that holds the territory in the place of this one, for whoever is known to work for one of its
        authorities."""
        if self.reserve is not Reserve.DEJA_TENU:
            return None
        sirens = {epci["siren"] for epci in self.depots[0].contenu["territoire"]["epcis"]}
        sirens.add(chef_depose(self.depots[0])[0])
        return qui_tient(self.candidature, self.depots[0]) if est_rattache(self.lecteur, sirens) else None

    @cached_property
    def collectivite_a_prouver(self) -> Membre | None:
        """The lead of the grouping, when its porteur reads the page and is not yet known to work for it."""
        if self.qualite is None or not attend_une_preuve(self.etat, self.qualite):
            return None
        chef = self.membres[0] if self.membres else None
        return None if chef is None or est_rattache(self.lecteur, [chef.siren]) else chef

    @cached_property
    def situation(self) -> Situation:
        return situation(
            self.candidature,
            self.etat,
            depot=self.depots[0] if self.depots else None,
            a_redeposer=self.a_redeposer,
            maintenant=self.maintenant,
        )


def mon_dossier(request: HttpRequest, pk: int, *, avec_ses_lettres: bool = False) -> DossierOuvert:
    """The file `pk`, for whoever takes part in it; a 404 for anyone else, as if it did not exist.

    `avec_ses_lettres`: `lettre_perdue` is read too, in the same statement."""
    moi = personne(request)
    faire, preparee = _AVEC_SES_LETTRES if avec_ses_lettres else _SEUL
    lue = preparee.lire(dossier=pk, moi=moi.pk) if est_sans_role(moi) else faire(pk, moi.pk, moi)
    if not lue:
        raise Http404
    ouvert = DossierOuvert(lue[0], Qualite(lue[0].qualite), lue[0].maintenant, moi)
    ouvert.lettre_perdue = avec_ses_lettres and lue[0].lettre_perdue
    ouvert.etat = EtatCandidature(lue[0].etat_connu)
    return ouvert


def _le_sien(pk: Any, moi: Any, personne: Utilisateur | AnonymousUser) -> Any:
    """The reader's part, what they may know and the database's clock come with the file: fewer queries on every page.

    `personne` is whose roles tell what they may know.
    """
    part = Participation.objects.filter(candidature=OuterRef("pk"), utilisateur=moi).values("qualite")
    miens = Candidature.objects.filter(pk=pk).du_porteur(moi).pour_lecture()
    miens = avec_etat_connu(miens, personne, HorlogeBase())
    corrige = Exists(DemandeDeCorrection.objects.filter(candidature=OuterRef("pk")))
    return miens.annotate(qualite=Subquery(part), maintenant=HorlogeBase(), a_ete_corrige=corrige)


def _le_sien_et_ses_lettres(pk: Any, moi: Any, personne: Utilisateur | AnonymousUser) -> Any:
    return _le_sien(pk, moi, personne).annotate(lettre_perdue=a_une_lettre_perdue(OuterRef("pk"), HorlogeBase()))


def _preparer(faire: Callable[[Any, Any, Utilisateur | AnonymousUser], Any]) -> Preparee[Any]:
    """Of whoever holds no role, which is nearly everybody here: the same for all of them, but for two numbers."""
    return Preparee(
        lambda: faire(valeur("dossier", BigIntegerField()), valeur("moi", BigIntegerField()), AnonymousUser())
    )


_SEUL = (_le_sien, _preparer(_le_sien))
_AVEC_SES_LETTRES = (_le_sien_et_ses_lettres, _preparer(_le_sien_et_ses_lettres))


def reception(request: HttpRequest, ouvert: DossierOuvert) -> Reception:
    """When the request was received: the instant that the deadlines of the file judge."""
    recue = recevoir(request, grace=ouvert.candidature.vague.grace)
    denoncer(recue)
    return recue


def reception_selon(request: HttpRequest, vague: Vague, arrivee: Arrivee, lue: Lecture) -> Reception:
    """The same, of a request whose file was read together with the clock."""
    recue = recevoir_selon(request, grace=vague.grace, arrivee=arrivee, lue=lue)
    denoncer(recue)
    return recue


def contexte(ouvert: DossierOuvert, **autres: Any) -> Mapping[str, Any]:
    candidature = ouvert.candidature
    return {
        "ouvert": ouvert,
        "candidature": candidature,
        "vague": candidature.vague,
        **autres,
    }
