"""Which intercommunalités a dossier speaks for: wholly known, or refused."""

import pytest

from candidatures.reprise.correspondance import Correction, depuis_toml
from candidatures.reprise.groupement import groupement
from candidatures.reprise.referentiel import Referentiel
from rebond.socle.erreurs import RegleEnfreinte
from territoires.models import Petr
from tests import fabriques as f
from tests.candidatures.reprise.execution.outils import ETATS
from tests.candidatures.reprise.reprise import champ, plat

pytestmark = pytest.mark.django_db


def de(champs=(), *, demandeur: str = "", correction: Correction | None = None, avec_demandeur: bool = True):
    correspondance = depuis_toml({"etats": ETATS, "territoire": {"champs": ["EPCI"], "demandeur": avec_demandeur}})
    origine = {"demandeur": {"__typename": "PersonneMorale", "siret": demandeur}}
    return groupement(origine, list(champs), correspondance, correction or Correction(), Referentiel())


def test_le_demandeur_mene_et_les_champs_completent_sans_doublon():
    chef, autre = f.un_epci(), f.un_epci()
    code = champ("EPCI", "EpciChamp", "x", epci={"code": autre.siren, "name": "x"})
    le_chef = champ("epci :", "EpciChamp", "x", epci={"code": chef.siren, "name": "x"})
    assert de([code, le_chef], demandeur=f"{chef.siren}00010") == (chef, autre)
    assert de([code, le_chef], demandeur=f"{chef.siren}00010", avec_demandeur=False) == (autre, chef)


@pytest.mark.parametrize("demandeur", ["", "73282932000074", "pas un numéro", "73282932000074" * 20])
def test_un_demandeur_qui_n_est_pas_une_intercommunalite_ne_compte_pas(demandeur):
    epci = f.un_epci()
    assert de([champ("EPCI", valeur=epci.siren)], demandeur=demandeur) == (epci,)


def test_un_petr_vaut_les_intercommunalites_qu_il_reunit():
    membres = [f.un_epci(), f.un_epci()]
    petr = Petr.objects.create(siren=f.un_siren(90_000), nom="PETR du Lin")
    petr.epcis.set(membres)
    assert set(de(demandeur=petr.siren)) == set(membres)


def test_listes_textes_et_blocs_designent_par_code_par_numero_ou_par_nom():
    premier, second = f.un_epci("CC du Premier Val"), f.un_epci("CC du Second Val")
    espaces = f"{second.siren[:3]} {second.siren[3:6]} {second.siren[6:]}"
    for leur in (
        champ("EPCI", "MultipleDropDownListChamp", "", values=[premier.nom, second.nom]),
        champ("EPCI", valeur=f"{premier.nom} ; {second.nom.upper()}"),
        champ("EPCI", "TextareaChamp", f"Premier ({premier.siren})\n- Second, {espaces}"),
        champ(
            "EPCI",
            "RepetitionChamp",
            None,
            rows=[
                {"champs": [champ("Rôle", valeur="Chef de file"), champ("SIRET", valeur=f"{premier.siren}00010")]},
                {"champs": [champ("Nom", valeur=second.nom), champ("Rôle", valeur="Membre")]},
                {"champs": [champ("Nom", valeur="Néant")]},
                {"champs": []},
            ],
        ),
    ):
        assert de([leur]) == (premier, second), leur


def test_une_seule_intercommunalite_inconnue_refuse_le_dossier():
    epci = f.un_epci()
    with pytest.raises(RegleEnfreinte) as refus:
        de([champ("EPCI", valeur=f"{epci.siren} ; CC disparue")], demandeur=epci.siren)
    assert plat(refus.value.message) == (
        "L’intercommunalité « CC disparue » n’est pas dans le référentiel. Indiquez son territoire dans la "
        "correspondance, sous [dossiers.…]."
    )


def test_deux_intercommunalites_du_meme_nom_ne_se_devinent_pas():
    f.un_epci("CC du Val")
    f.un_epci("CC du Val")
    with pytest.raises(RegleEnfreinte):
        de([champ("EPCI", valeur="CC du Val")])


def test_la_correction_de_l_administrateur_l_emporte():
    chef, autre = f.un_epci(), f.un_epci()
    assert de([champ("EPCI", valeur="?")], correction=Correction((autre.siren, chef.siren))) == (autre, chef)
