"""Opt-in: the portal deposits the last complete version of a file when its wave closes."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from candidatures.depot.accords.requetes import toutes_signees
from candidatures.depot.actes import ActeDeDepot
from candidatures.depot.actions.depots import joindre_les_pieces, tenir_avec_sa_vague
from candidatures.depot.actions.rappels import oublier_rappels
from candidatures.depot.actions.tenue import recevoir_de_l_echeance
from candidatures.depot.models import Depot
from candidatures.depot.regles import SANS_DECISION, empechement_de_decider_du_depot, recu_a_temps
from candidatures.depot.requetes import cle_du_depot, recu_le_de
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.equipe import ecrire
from candidatures.dossier.etats import ETATS_MODIFIABLES, Qualite, Source
from candidatures.dossier.models.dossiers import CONTENUS, Candidature, Participation
from candidatures.dossier.models.versions import VersionComplete
from candidatures.dossier.requetes import qualite_de
from candidatures.vagues.etats import EtatVague
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer_a_tous
from rebond.socle.journal.actes import Acte
from rebond.socle.journal.actions import consigner
from rebond.socle.taches import planifier
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur


def demander_depot_a_l_echeance(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> Candidature:
    """Ask the portal to deposit the last complete version when the wave closes, unless it is deposited by then.

    Everyone who takes part is told. Asked again, nothing happens: the first instant counts.

    Raises `RegleEnfreinte` unless `auteur` is the porteur, the wave is open and the file may still be deposited.
    """
    with transaction.atomic():
        tenue = _tenir_pour_decider(candidature, auteur, maintenant)
        if tenue.depot_a_l_echeance_le is None:
            _decider(tenue, maintenant, auteur)
            _consigner_et_ecrire(
                tenue,
                ActeDeDepot.DEMANDER_DEPOT_A_L_ECHEANCE,
                auteur,
                maintenant,
                "depot/a_l_echeance_demande",
                cloture=instant_fr(tenue.echeance, secondes=True),
            )
        candidature.depot_a_l_echeance_le = tenue.depot_a_l_echeance_le
        candidature.depot_a_l_echeance_par = tenue.depot_a_l_echeance_par
    return tenue


def y_renoncer(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> Candidature:
    """Take the request back; nothing happens when there is none. Raises like `demander_depot_a_l_echeance`."""
    with transaction.atomic():
        tenue = _tenir_pour_decider(candidature, auteur, maintenant)
        if tenue.depot_a_l_echeance_le is not None:
            _decider(tenue, None, None)
            _consigner_et_ecrire(
                tenue,
                ActeDeDepot.RENONCER_AU_DEPOT_A_L_ECHEANCE,
                auteur,
                maintenant,
                "depot/a_l_echeance_abandonne",
            )
        candidature.depot_a_l_echeance_le = candidature.depot_a_l_echeance_par = None
    return tenue


def deposer_a_l_echeance(*, candidatures: QuerySet[Candidature], maintenant: datetime) -> list[Depot]:
    """Deposit, in the porteurs' names, what was asked for in `candidatures`, of a wave whose row the closing holds.

    The last complete version of a file is deposited when it was never deposited, or when it was saved after the last
    deposit and differs from it; where the wave asks for the marks of the members, when each has marked it. It was
    received when it was saved, or when it was asked for, whichever is later.
    The number of queries does not depend on the number of files.
    """
    # Whoever is saving one of these files is waited for; what they saved is then read.
    tenues = candidatures.filter(etat__in=ETATS_MODIFIABLES, depot_a_l_echeance_le__isnull=False).select_for_update(
        of=("self",)
    )
    dossiers = {dossier.pk: dossier for dossier in tenues.defer(*CONTENUS).select_related("vague").order_by("pk")}
    comptent = Depot.objects.filter(candidature__in=dossiers).qui_comptent().defer("contenu")
    derniers = {depot.candidature_id: depot for depot in comptent}
    versions = {
        version.candidature_id: version
        for version in VersionComplete.objects.filter(candidature__in=dossiers).select_related("auteur")
        if _est_a_deposer(version, dossiers[version.candidature_id], derniers.get(version.candidature_id))
    }
    versions = _signees(versions, dossiers)
    if not versions:
        return []
    auteurs = _auteurs(versions)
    depots = Depot.objects.bulk_create(
        _depot(dossiers[pk], version, derniers.get(pk), auteurs[pk]) for pk, version in sorted(versions.items())
    )
    joindre_les_pieces(depots)
    appliquer_a_tous(
        Candidature.objects.filter(pk__in=versions).sans_contenu().select_related("vague", "territoire"),
        ActeDuDossier.DEPOSER,
        acteur=None,
        maintenant=maintenant,
        par_objet={depot.candidature_id: _details(depot, dossiers[depot.candidature_id]) for depot in depots},
    )
    recevoir_de_l_echeance(versions)
    oublier_rappels(*(dossiers[pk] for pk in versions))
    for depot in depots:
        planifier("candidatures.tasks.fabriquer_accuse", depot.pk)
    return depots


def _est_a_deposer(version: VersionComplete, candidature: Candidature, dernier: Depot | None) -> bool:
    if not recu_a_temps(recu_le_de(version, candidature), candidature.vague.ouverture, candidature.echeance):
        # The deadline was brought forward after the save.
        return False
    return dernier is None or (version.fait_le > dernier.recu_le and version.empreinte != dernier.empreinte)


def _signees(versions: dict[int, VersionComplete], dossiers: Mapping[int, Candidature]) -> dict[int, VersionComplete]:
    """Those that the rule of their wave lets deposit: every member has marked that very version."""
    tenues = [version for pk, version in versions.items() if dossiers[pk].vague.accords_requis]
    if not tenues:
        return versions
    signees = toutes_signees(tenues)
    return {pk: un for pk, un in versions.items() if pk in signees or not dossiers[pk].vague.accords_requis}


def _depot(candidature: Candidature, version: VersionComplete, dernier: Depot | None, porteur: Utilisateur) -> Depot:
    rang = dernier.rang + 1 if dernier else 1
    return Depot(
        candidature=candidature,
        rang=rang,
        numero=f"{candidature.reference}-{rang}",
        recu_le=recu_le_de(version, candidature),
        source=Source.ECHEANCE,
        contenu=version.contenu,
        empreinte=version.empreinte,
        cle=cle_du_depot(candidature),
        auteur=porteur,
    )


def _auteurs(candidatures: Mapping[int, VersionComplete]) -> dict[int, Utilisateur]:
    porteurs = Participation.objects.filter(candidature__in=candidatures, qualite=Qualite.PORTEUR)
    return {porteur.candidature_id: porteur.utilisateur for porteur in porteurs.select_related("utilisateur")}


def _details(depot: Depot, candidature: Candidature) -> dict[str, str]:
    return {
        "depot": depot.numero,
        "empreinte": depot.empreinte,
        "source": Source.ECHEANCE,
        "recu_le": depot.recu_le.isoformat(),
        "demande_le": candidature.depot_a_l_echeance_le.isoformat() if candidature.depot_a_l_echeance_le else "",
    }


def _tenir_pour_decider(candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> Candidature:
    """The file, held with its wave: the closing waits for the decision, or the decision sees the closing."""
    tenue = tenir_avec_sa_vague(candidature)
    refus = empechement_de_decider_du_depot(tenue.etat, tenue.phase(maintenant), qualite_de(tenue, auteur))
    if refus or _close(tenue):
        raise RegleEnfreinte(refus or SANS_DECISION)
    return tenue


def _close(candidature: Candidature) -> bool:
    """Whether the procès-verbal that decides this file is written, even though its deadline seems to lie ahead."""
    prolongee = candidature.echeance > candidature.vague.cloture and not candidature.prolongation_close_le
    return candidature.vague.etat != EtatVague.PREVUE and not prolongee


def _decider(candidature: Candidature, le: datetime | None, par: Utilisateur | None) -> None:
    candidature.depot_a_l_echeance_le = le
    candidature.depot_a_l_echeance_par = par
    candidature.save(update_fields=["depot_a_l_echeance_le", "depot_a_l_echeance_par"])


def _consigner_et_ecrire(
    candidature: Candidature, acte: Acte, auteur: Utilisateur, maintenant: datetime, gabarit: str, **valeurs: object
) -> None:
    entree = consigner(acte, candidature, acteur=auteur, fait_le=maintenant)
    for participant in candidature.participants.order_by("pk"):
        ecrire(candidature, participant, entree, gabarit, auteur=auteur, **valeurs)
