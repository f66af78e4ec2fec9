"""The home of somebody of a territory: what they have to do first, then their files."""

from dataclasses import dataclass
from datetime import datetime

from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.requetes import dossiers_qui_invitent
from candidatures.pages.territoire.accueil.a_faire import a_faire, possibles
from candidatures.pages.territoire.accueil.lecture import DossierLu, Lecture, lire
from candidatures.pages.territoire.accueil.suite import attend_des_resultats, rien_a_faire, suite_de
from candidatures.vagues.delais import delai_de_l_annonce
from candidatures.vagues.etats import Phase
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import est_sans_role
from rebond.socle.listes.a_faire import AFaire
from rebond.socle.utilisateur import Utilisateur

MONTRES = 10


@dataclass(frozen=True)
class Espace:
    """`possibles`: what they may do too; `rien`: what comes next, for whoever has nothing to do. `dossiers` come with
    what follows in each; `ouverte` is the wave in which a file may be begun."""

    a_faire: list[AFaire]
    possibles: list[AFaire]
    rien: list[str]
    dossiers: list[tuple[DossierLu, str]]
    en_tout: int
    ouverte: Vague | None
    laureats: list[int]
    sans_role: bool

    @property
    def se_montre(self) -> bool:
        """Whoever has a role and takes part in no file has nothing to read here."""
        return self.sans_role or bool(self.dossiers)


def espace_de(personne: Utilisateur, maintenant: datetime) -> Espace:
    """As many statements, however many files."""
    lecture = lire(personne, maintenant)
    sans_role = est_sans_role(personne)
    vague = _vague(lecture) if sans_role or lecture.dossiers else None
    ouverte = vague if vague is not None and vague.phase(maintenant) is Phase.OUVERTE else None
    invitants = dossiers_qui_invitent(personne, maintenant) if sans_role else []
    choses = a_faire(lecture, ouverte, invitants) if sans_role or lecture.dossiers else []
    delais = delai_de_l_annonce(maintenant) if not choses and attend_des_resultats(lecture) else None
    recents = sorted(lecture.dossiers, key=lambda lu: -lu.candidature.pk)
    return Espace(
        a_faire=choses,
        possibles=possibles(lecture, ouverte),
        rien=[] if choses else rien_a_faire(lecture, vague, delais),
        dossiers=[(lu, suite_de(lu, lecture)) for lu in recents[:MONTRES]],
        en_tout=len(recents),
        ouverte=ouverte,
        laureats=[lu.candidature.pk for lu in recents if lu.etat_connu is EtatCandidature.LAUREATE],
        sans_role=sans_role,
    )


def _vague(lecture: Lecture) -> Vague | None:
    """The wave that is open, else the next one: that of a file at hand, or one statement."""
    vagues: set[Vague] = {lu.candidature.vague for lu in lecture.dossiers}
    for vague in vagues:
        if vague.phase(lecture.maintenant) is Phase.OUVERTE:
            return vague
    return Vague.objects.pas_encore_closes(lecture.maintenant).first()
