"""What the tests of the instruction build: a closed wave, its files, and who works on them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from candidatures.cloture.actions import cloture as actes_de_cloture
from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.avis.actions import demandes, reponses
from candidatures.instruction.avis.requetes import cible_de
from candidatures.instruction.conditions.regles import toutes_remplies
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.recevabilite import actions as recevabilite
from candidatures.instruction.suivi.verite import COLONNES, VERITE
from candidatures.models import (
    AvisRendu,
    Candidature,
    PropositionDIrrecevabilite,
    Recevabilite,
    Saisine,
    Vague,
)
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Departement
from tests import fabriques as f
from tests.outils.roles import administrer, sans_declencheurs


def une_vague_close(
    *departements: Departement | None, cloture: datetime | None = None, noms: Sequence[str] = ()
) -> tuple[Vague, list[Candidature]]:
    """A closed wave with one deposited file a département (None: anywhere), now en instruction."""
    vague = f.une_vague(cloture=cloture or horloge_base() - timedelta(minutes=5))
    deposes = [
        f.une_candidature(vague=vague, territoire=f.un_territoire(nom or "", departement=departement))
        for departement, nom in zip_longest(departements, noms)
    ]
    for dossier in deposes:
        f.un_depot(dossier)
    actes_de_cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
    vague.refresh_from_db()
    for dossier in deposes:
        dossier.refresh_from_db()
    return vague, deposes


def mettre_en_instruction(dossier: Candidature) -> Candidature:
    """As the closing of its wave does, without it: a wave that is open stays so."""
    with sans_declencheurs():
        Candidature.objects.filter(pk=dossier.pk).update(etat=EtatCandidature.EN_INSTRUCTION)
    colonnes = ", ".join(COLONNES)
    administrer(
        f"INSERT INTO candidatures_suivi ({colonnes}) SELECT {colonnes} FROM ({VERITE}) v "
        f"WHERE v.candidature_id = {dossier.pk}"
    )
    dossier.refresh_from_db()
    return dossier


def instruire(
    dossier: Candidature, *, instructeur: Utilisateur | None = None, sens: SensDecision = SensDecision.LABELLISER
) -> Utilisateur:
    """Admissible, then proposed; returns who did it."""
    instructeur = instructeur or f.un_agent(Role.INSTRUCTEUR)
    maintenant = horloge_base()
    constater_recevabilite(candidature=dossier, recevable=True, motif="", auteur=instructeur, maintenant=maintenant)
    instruction.proposer(
        candidature=dossier, sens=sens, motif="Le territoire est prêt.", auteur=instructeur, maintenant=maintenant
    )
    return instructeur


def constater_recevabilite(
    *,
    candidature: Candidature,
    auteur: Utilisateur,
    recevable: bool = True,
    motif: str = "",
    maintenant: datetime | None = None,
    valideur: Utilisateur | None = None,
) -> Recevabilite:
    """Admissible, every condition being met; or inadmissible, proposed then signed, the first one not being met for
    that `motif`."""
    maintenant = maintenant or horloge_base()
    if recevable:
        return recevabilite.declarer_recevable(candidature=candidature, auteur=auteur, maintenant=maintenant)
    proposee = proposer_irrecevabilite(candidature=candidature, auteur=auteur, motif=motif, maintenant=maintenant)
    return recevabilite.signer_irrecevabilite(
        candidature=candidature,
        lue=proposee.pk,
        qualite="Directrice",
        valideur=valideur or f.un_agent(Role.VALIDEUR),
        maintenant=maintenant,
    )


def proposer_irrecevabilite(
    *,
    candidature: Candidature,
    auteur: Utilisateur,
    motif: str = "Rien ne le montre.",
    maintenant: datetime | None = None,
) -> PropositionDIrrecevabilite:
    """The first condition is not met, for that `motif`; all the others are."""
    conditions = candidature.cahier.cahier.recevabilite
    return recevabilite.proposer_irrecevabilite(
        candidature=candidature,
        constats=une_non_remplie(candidature, motif),
        motif="" if conditions else motif,
        auteur=auteur,
        maintenant=maintenant or horloge_base(),
    )


def une_non_remplie(candidature: Candidature, mot: str = "Rien ne le montre.") -> dict[str, dict[str, str]]:
    constats = toutes_remplies(candidature.cahier.cahier.recevabilite)
    for cle in list(constats)[:1]:
        constats[cle] = {"constat": "non_remplie", "mot": mot}
    return constats


def constats_envoyes(candidature: Candidature, non_remplie: str = "") -> dict[str, str]:
    """What the form sends: every condition met, or the first one not, for that reason."""
    constats = (
        une_non_remplie(candidature, non_remplie)
        if non_remplie
        else toutes_remplies(candidature.cahier.cahier.recevabilite)
    )
    dits = {f"constat_{cle}": dit["constat"] for cle, dit in constats.items()}
    return {**dits, **{f"mot_{cle}": dit["mot"] for cle, dit in constats.items()}, "motif": ""}


def demander_avis(
    *, candidature: Candidature, expert: Utilisateur, question: str, auteur: Utilisateur, maintenant: datetime
) -> Saisine:
    """Of `expert` in person, for two weeks."""
    (saisine,) = demandes.demander_avis(
        candidature=candidature,
        cibles=[cible_de(expert)],
        question=question,
        a_rendre_avant=jour_de_paris(maintenant) + timedelta(days=14),
        auteur=auteur,
        maintenant=maintenant,
    )
    return saisine


def rendre_avis(
    *,
    candidature: Candidature,
    expert: Utilisateur,
    sens: SensAvis,
    texte: str,
    maintenant: datetime,
    reserves: Sequence[str] = (),
) -> AvisRendu:
    """In the quality of an expert; with one reserve when the avis is favourable with reserves."""
    return reponses.rendre_avis(
        candidature=candidature,
        expert=expert,
        sens=sens,
        texte=texte,
        qualite="Experte",
        reserves=reserves or (["À préciser."] if sens == SensAvis.RESERVE else []),
        maintenant=maintenant,
    )


def une_saisine(candidature: Candidature, expert: Utilisateur, *, enregistrer: bool = True, **champs: Any) -> Saisine:
    """A row that no act makes: asked of `expert`, for an organisme of their own."""
    maintenant = horloge_base()
    saisine = Saisine(
        **{
            "candidature": candidature,
            "organisme": f.un_organisme_consulte(),
            "expert": expert,
            "prise_le": maintenant,
            "demande_par": expert,
            "demande_le": maintenant,
            "a_rendre_avant": jour_de_paris(maintenant) + timedelta(days=14),
            **champs,
        }
    )
    if enregistrer:
        saisine.save()
    return saisine


def demande_d_avis(*experts: Utilisateur, question: str = "") -> dict[str, str]:
    """What the form sends that asks each of them in person."""
    cibles = [cible_de(expert) for expert in experts]
    jour = jour_de_paris(horloge_base()) + timedelta(days=14)
    return {
        "question": question,
        "a_rendre_avant": jour.isoformat(),
        **{f"organisme-{cible.organisme.pk}": str(cible.expert.pk) for cible in cibles if cible.expert},
    }
