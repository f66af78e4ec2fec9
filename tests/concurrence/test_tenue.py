"""Several deposits for one territory at the same instant, each on its own connection."""

from collections.abc import Callable
from typing import Any

import pytest

from candidatures.depot.requetes import reserve_de
from candidatures.dossier.actions import dossiers, invitations
from candidatures.dossier.etats import Qualite
from candidatures.dossier.regles import OUVERTURES_PAR_JOUR
from candidatures.models import Candidature, Depot
from rebond.comptes.rattachements.actions import rattacher_par_siret
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.regles import LETTRES_PAR_JOUR
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.comptes.rattachements.test_rattachements import siret
from tests.concurrence.test_dossiers import ensemble

pytestmark = pytest.mark.django_db(transaction=True)


def test_deux_depots_au_meme_instant_sont_recus_et_un_seul_tient_le_territoire() -> None:
    premier = f.une_candidature()
    dossiers_ = [premier] + [f.une_candidature(vague=premier.vague, territoire=premier.territoire) for _ in range(3)]

    def deposer(dossier: Candidature) -> Callable[[], Depot]:
        return lambda: f.un_depot(dossier)

    issues = ensemble(*(deposer(dossier) for dossier in dossiers_))
    assert [type(issue).__name__ for issue in issues] == ["Depot"] * 4
    lus = list(Candidature.objects.order_by("pk"))
    assert sorted(lu.territoire_tenu for lu in lus) == ["", "", "", premier.territoire.cle]
    reserves = sorted(str(reserve_de(lu, lu.depots.get())) for lu in lus)
    assert reserves == ["None", "deja_tenu", "deja_tenu", "deja_tenu"]


def test_deux_preuves_au_meme_instant_ne_donnent_le_territoire_qu_a_un_dossier() -> None:
    premier = f.une_candidature(prouve=False)
    second = f.une_candidature(vague=premier.vague, territoire=premier.territoire, prouve=False)
    for dossier in (premier, second):
        f.un_depot(dossier)

    def prouver(dossier: Candidature) -> Callable[[], Any]:
        return lambda: rattacher_par_siret(
            utilisateur=f.porteur_de(dossier), siret=siret(dossier.territoire.cle), maintenant=horloge_base()
        )

    assert all(lien.est_prouve for lien in ensemble(prouver(premier), prouver(second)))
    assert sorted(Candidature.objects.values_list("territoire_tenu", flat=True)) == ["", premier.territoire.cle]


def test_les_ouvertures_d_une_personne_sont_comptees_meme_ensemble() -> None:
    vague, auteur = f.une_vague(), f.un_utilisateur()
    for _ in range(OUVERTURES_PAR_JOUR - 1):
        f.une_candidature(vague=vague, porteur=auteur, complete=False, prouve=False)
    territoires = [f.un_territoire() for _ in range(3)]

    def ouvrir(territoire: Any) -> Callable[[], Candidature]:
        return lambda: dossiers.ouvrir_candidature(
            vague=vague, territoire=territoire, auteur=auteur, maintenant=horloge_base()
        )

    issues = ensemble(*(ouvrir(territoire) for territoire in territoires))
    assert sum(isinstance(issue, RegleEnfreinte) for issue in issues) == 2
    assert Candidature.objects.count() == OUVERTURES_PAR_JOUR


def test_les_lettres_d_une_personne_sont_comptees_meme_de_deux_dossiers_a_la_fois() -> None:
    vague, auteur = f.une_vague(), f.un_utilisateur()
    deux = [f.une_candidature(vague=vague, porteur=auteur, complete=False) for _ in range(2)]

    def inviter(dossier: Candidature, rang: int) -> Any:
        return invitations.inviter(
            candidature=dossier,
            email=f"invite{dossier.pk}-{rang}@example.fr",
            qualite=Qualite.LECTEUR,
            auteur=auteur,
            maintenant=horloge_base(),
        )

    for rang in range(LETTRES_PAR_JOUR - 1):
        inviter(deux[0], rang)
    issues = ensemble(lambda: inviter(deux[0], 99), lambda: inviter(deux[1], 99))
    assert sum(isinstance(issue, RegleEnfreinte) for issue in issues) == 1
    assert Courrier.objects.filter(demande_par=auteur).count() == LETTRES_PAR_JOUR
