"""Who is a new laureate: whom no other release has announced, whatever is frozen before or after."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from projets.chiffres import calculer
from projets.communique import editions
from projets.models import Communique
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.horloge.temps import PARIS
from tests.outils.roles import ignorer
from tests.projets import decor

pytestmark = pytest.mark.django_db

AU = decor.RESTITUTION
DECEMBRE = date(2023, 12, 20)
MAINTENANT = datetime(2024, 3, 1, 9, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def annonce() -> None:
    decor.une_annonce()


def fige(au: date, motif: str = "") -> Communique:
    return decor.un_communique(au=au, maintenant=MAINTENANT, motif=motif, empreinte=motif or "première")


def nouveaux(au: date) -> set[int]:
    return {ligne.pk for ligne in calculer(au=au)["nouveaux_laureats"].lignes}


def titre(au: date) -> str:
    return editions.projet(au=au, maintenant=MAINTENANT).contenu.titre


def un_laureat_de(*jours: datetime) -> set[int]:
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    return {decor.un_laureat(vague, jour).pk for jour in jours}


def test_un_laureat_annonce_par_un_communique_n_est_plus_nouveau_dans_le_suivant() -> None:
    assert "annonce de 2" in titre(DECEMBRE).replace("\u00a0", " ")
    assert "restitution" in titre(DECEMBRE)
    fige(AU)
    assert nouveaux(DECEMBRE) == set()
    suivant = editions.projet(au=DECEMBRE, maintenant=MAINTENANT).contenu
    # Neither the laureates nor the restitution are news any more.
    assert (
        suivant.titre
        == "Point d’étape de l’appel à manifestation d’intérêt «\u00a0Rebond industriel\u00a0» de France\u00a02030"
    )
    assert [bloc for bloc in suivant.blocs if "nouveaux territoires lauréats" in bloc.textes[0]] == []
    assert {laureat.nouveau for laureat in suivant.laureats} == {False}


def test_ceux_de_plusieurs_annonces_depuis_le_dernier_communique_sont_tous_nouveaux() -> None:
    fige(AU)
    arrives = un_laureat_de(datetime(2023, 9, 20, 10, tzinfo=PARIS), datetime(2023, 12, 18, 10, tzinfo=PARIS))
    assert nouveaux(DECEMBRE) == arrives
    (texte,) = [
        bloc.textes[0].replace("\u00a0", " ")
        for bloc in editions.projet(au=DECEMBRE, maintenant=MAINTENANT).contenu.blocs
        if "Le dispositif" in bloc.textes[0] and "compte désormais" in bloc.textes[0]
    ]
    assert texte.startswith("Les annonces du 20 septembre 2023 et du 18 décembre 2023 portent sur **2 nouveaux")


def test_un_rectificatif_annonce_les_memes_que_ce_qu_il_corrige() -> None:
    premier = fige(AU)
    arrive = un_laureat_de(datetime(2023, 12, 18, 10, tzinfo=PARIS))
    fige(DECEMBRE)
    rectificatif = fige(AU, motif="Un projet oublié.")
    annonces = [version.chiffres["chiffres"]["nouveaux_laureats"]["lignes"] for version in (premier, rectificatif)]
    assert annonces[0] == annonces[1]
    assert len(annonces[0]) == 2
    assert nouveaux(DECEMBRE) == arrive


def test_un_communique_d_une_date_anterieure_fige_apres_ne_change_pas_la_reponse() -> None:
    arrive = un_laureat_de(datetime(2023, 12, 18, 10, tzinfo=PARIS))
    fige(DECEMBRE)
    assert nouveaux(DECEMBRE) == arrive
    assert len(nouveaux(AU)) == 2
    fige(AU)
    assert nouveaux(DECEMBRE) == arrive
    assert len(nouveaux(AU)) == 2


def test_la_base_refuse_qu_un_laureat_soit_nouveau_deux_fois() -> None:
    premier = fige(AU)
    copie = {"chiffres": premier.chiffres, "contenu": premier.contenu, "empreinte": premier.empreinte}
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        Communique.objects.create(au=DECEMBRE, version=1, fige_par=premier.fige_par, **copie)
    assert nom_contrainte(refus.value) == "laureat_nouveau_une_seule_fois"
    corrige = copie | {"version": 2, "empreinte": "autre", "motif": "Le même, sans sa faute."}
    assert Communique.objects.create(au=AU, fige_par=premier.fige_par, **corrige).pk


def test_un_double_d_avant_cette_regle_n_ote_rien_au_premier_communique() -> None:
    premier = fige(AU)
    copie = {"chiffres": premier.chiffres, "contenu": premier.contenu, "empreinte": premier.empreinte}
    with ignorer("projets.Communique:laureat_nouveau_une_seule_fois"):
        Communique.objects.create(au=DECEMBRE, version=1, fige_par=premier.fige_par, **copie)
    assert len(nouveaux(AU)) == 2
    assert fige(AU, motif="Un projet oublié.").version == 2
