"""What Postgres holds of the secret links, whatever the application believes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.liens.actions import revoquer_lien
from candidatures.dossier.regles_de_liens import PAR_MEMBRE_ET_JOUR_MAX
from candidatures.models import Candidature, Lien, Membre, PieceJointe
from rebond.socle.documents.stockage import enregistrer
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


def test_une_piece_ne_vient_que_par_un_lien_qui_ouvre_a_cet_instant(groupement):
    candidature, membre = groupement
    lien, _ = un_lien(PIECE, *groupement)
    autre, _ = un_lien(ACCORD, *groupement)
    porteur = f.porteur_de(candidature)

    def par(qui: Lien | None, **champs: object) -> Callable[[], PieceJointe]:
        la = {
            "candidature": candidature,
            "document": enregistrer(f.PDF + uuid4().bytes, type_mime="application/pdf"),
            "nature": "deliberation",
            "intitule": "Délibération",
            "membre": membre,
            "nom": "deliberation.pdf",
            "ajoutee_par": porteur,
            "ajoutee_le": horloge_base(),
            "lien": qui,
        }
        return lambda: PieceJointe.objects.create(**{**la, **champs})

    def essais(qui: Lien) -> list[str | None]:
        jour = timedelta(days=1)
        return [
            refus(par(qui)),
            refus(par(qui, ajoutee_le=horloge_base() - jour)),
            refus(par(qui, ajoutee_le=horloge_base() + jour)),
            refus(par(qui, ajoutee_par=f.un_utilisateur())),
            refus(par(qui, membre=candidature.membres.exclude(pk=membre.pk).first())),
        ]

    non = "piece_par_un_lien_vivant"
    assert essais(lien) == [None, non, non, non, non]
    assert refus(par(autre)) == non
    assert refus(par(None, ajoutee_le=horloge_base() - timedelta(days=1))) is None
    par(lien)()
    par_lien = PieceJointe.objects.filter(lien=lien)
    with pytest.raises(Exception, match="Cannot update"), f.dans_un_point_de_reprise():
        par_lien.update(lien=None)
    candidature.participations.filter(utilisateur=porteur).update(qualite="lecteur")
    assert essais(lien) == [non] * 5
    candidature.participations.filter(utilisateur=porteur).update(qualite="porteur")
    revoquer_lien(lien=lien, auteur=porteur, maintenant=horloge_base())
    assert essais(lien) == [non] * 5
