"""What Postgres holds of the secret links, whatever the application believes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.liens.actions import revoquer_lien
from candidatures.dossier.regles_de_liens import PAR_MEMBRE_ET_JOUR_MAX
from candidatures.models import Candidature, Lien, Membre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.dossier.liens.outils import ADRESSE, un_groupement, un_lien
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db

LECTURE, PIECE, ACCORD = GenreDeLien.LECTURE, GenreDeLien.PIECE, GenreDeLien.ACCORD


@pytest.fixture
def groupement() -> tuple[Candidature, Membre]:
    return un_groupement()


def un(candidature: Candidature, **champs: object) -> Callable[[], Lien]:
    donnes = {
        "candidature": candidature,
        "genre": LECTURE,
        "empreinte": uuid4().hex * 2,
        "fait_par": f.porteur_de(candidature),
        "expire_le": horloge_base() + timedelta(days=7),
    }
    return lambda: Lien.objects.create(**{**donnes, **champs})


def test_un_lien_est_fait_par_qui_ecrit_pour_un_membre_et_finit(groupement):
    candidature, membre = groupement
    d_un_membre = {"genre": PIECE, "siren": membre.siren, "nom": membre.nom, "email": ADRESSE}
    assert refus(un(candidature)) is None
    assert refus(un(candidature, **d_un_membre)) is None
    assert refus(un(candidature, fait_par=f.un_utilisateur())) == "lien_fait_par_un_redacteur"
    etranger = d_un_membre | {"siren": f.un_siren(70_000)}
    assert refus(un(candidature, **etranger)) == "lien_fait_par_un_redacteur"
    trop_loin = horloge_base() + timedelta(days=90)
    assert refus(un(candidature, expire_le=trop_loin)) == "lien_qui_finit"
    assert refus(un(candidature, empreinte="en clair")) == "lien_empreinte"
    assert refus(un(candidature, genre=ACCORD)) == "lien_d_un_membre"


def test_tant_de_liens_par_membre_et_par_jour(groupement):
    candidature, membre = groupement
    for _ in range(PAR_MEMBRE_ET_JOUR_MAX):
        un_lien(ACCORD, candidature, membre)
    with pytest.raises(RegleEnfreinte, match="Beaucoup de liens"):
        un_lien(ACCORD, candidature, membre)


def test_ce_qu_il_ouvre_ne_change_pas_et_ce_qui_est_annule_le_reste(groupement):
    lien, _ = un_lien(LECTURE, *groupement)
    siens = Lien.objects.filter(pk=lien.pk)
    fin = {"expire_le": horloge_base() + timedelta(days=50)}
    for change in (fin, {"genre": ACCORD}, {"empreinte": "0" * 64}):
        with pytest.raises(Exception, match="Cannot update"), f.dans_un_point_de_reprise():
            siens.update(**change)
    revoquer_lien(lien=lien, auteur=lien.fait_par, maintenant=horloge_base())
    with pytest.raises(Exception, match="Cannot update"), f.dans_un_point_de_reprise():
        siens.update(revoque_le=None)
    with pytest.raises(Exception, match="permission denied"), f.dans_un_point_de_reprise():
        siens.delete()
