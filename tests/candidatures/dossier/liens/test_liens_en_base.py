"""What Postgres holds of the secret links, whatever the application believes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from candidatures.dossier.etats import GenreDeLien, Qualite
from candidatures.dossier.liens.actions import revoquer_lien
from candidatures.dossier.regles_de_liens import PAR_MEMBRE_ET_JOUR_MAX
from candidatures.models import Candidature, Lien, Membre, Participation, PieceJointe
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


def test_le_bon_pour_depot_ne_se_demande_ni_a_soi_ni_au_responsable_du_dossier(groupement):
    candidature, membre = groupement
    porteur, collegue = f.porteur_de(candidature), f.un_utilisateur()
    Participation.objects.create(candidature=candidature, utilisateur=collegue, qualite=Qualite.CO_PORTEUR)
    d_un_membre = {"genre": ACCORD, "siren": membre.siren, "nom": membre.nom}
    for auteur, adresse in ((porteur, porteur.email.upper()), (collegue, collegue.email), (collegue, porteur.email)):
        fait = un(candidature, **d_un_membre, fait_par=auteur, email=adresse)
        assert refus(fait) == "lien_d_accord_a_un_autre"
    # Its own document, or somebody else's mark: nothing to refuse.
    assert refus(un(candidature, **d_un_membre | {"genre": PIECE}, email=porteur.email)) is None
    assert refus(un(candidature, **d_un_membre, fait_par=porteur, email=collegue.email)) is None


def test_l_adresse_s_efface_avec_son_titulaire_et_le_lien_avec_elle(groupement):
    lien, _ = un_lien(ACCORD, *groupement)
    siens = Lien.objects.filter(pk=lien.pk)
    for change, contrainte in (({"email": ""}, "lien_d_un_membre"), ({"email": "b@example.fr"}, "lien_ne_change_pas")):
        assert refus(lambda change=change: siens.update(**change)) == contrainte
    revoquer_lien(lien=lien, auteur=lien.fait_par, maintenant=horloge_base())
    assert siens.update(email="") == 1
    assert refus(lambda: siens.update(email=ADRESSE)) == "lien_ne_change_pas"


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
        with pytest.raises(Exception, match="un lien ne change pas"), f.dans_un_point_de_reprise():
            siens.update(**change)
    revoquer_lien(lien=lien, auteur=lien.fait_par, maintenant=horloge_base())
    with pytest.raises(Exception, match="un lien ne change pas"), f.dans_un_point_de_reprise():
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
