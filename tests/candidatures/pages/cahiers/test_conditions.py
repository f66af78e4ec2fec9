"""The conditions that make a file admissible, in the editor of a wave's specifications, and where they are read."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from candidatures.cahier import MODELE, ConditionDeRecevabilite, Fait, depuis_json, vers_json
from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.cahier.differences import differences
from candidatures.cahier.requetes import cahier_courant
from candidatures.cahier.verification import verifier
from tests import fabriques as f
from tests.candidatures.pages.cahiers.outils import cahier_de, changer, envoyer, lignes, page
from tests.candidatures.pages.pages import client_de, texte

pytestmark = pytest.mark.django_db
NB = "\u00a0"
DEPOSANT, DELAI, CHOC, MANDAT = MODELE.recevabilite


def rangee(condition, **autres):
    fait = condition.fait.value if condition.fait else ""
    dite = {"cle": condition.cle, "libelle": condition.libelle, "a_faire": condition.a_faire, "aide": condition.aide}
    return dite | {"fait": fait} | autres


def test_on_en_change_l_ordre_on_en_ajoute_et_on_en_retire(client, vague):
    nouvelle = {"cle": "", "libelle": "Le territoire n’est pas déjà lauréat.", "a_faire": "", "aide": "", "fait": ""}
    envoi = lignes("conditions", rangee(CHOC, aide="Deux\r\nlignes."), rangee(DEPOSANT, fait=""), nouvelle)
    assert envoyer(client, vague, "cahier_conditions", **envoi).url.endswith("#conditions")
    assert cahier_de(vague).recevabilite == (
        replace(CHOC, aide="Deux lignes."),
        replace(DEPOSANT, fait=None),
        ConditionDeRecevabilite("le_territoire_nest_pas_deja_laureat", "Le territoire n’est pas déjà lauréat."),
    )
    assert cahier_courant(vague=vague).commentaire == "Conditions de recevabilité modifiées"


def test_des_boutons_les_montent_et_les_descendent_sans_rien_enregistrer(client, vague):
    envoi = lignes("conditions", rangee(DEPOSANT), rangee(DELAI)) | {"conditions-descendre": "0"}
    lue = envoyer(client, vague, "cahier_conditions", **envoi)
    assert lue.status_code == 200
    rangees = [ligne["cle"].value() for ligne in lue.context["formulaire"].lignes.visibles]
    assert rangees == [DELAI.cle, DEPOSANT.cle]
    assert cahier_courant(vague=vague).version == 1


def test_une_page_renvoyee_telle_quelle_ne_change_rien(client, vague):
    envoi = lignes("conditions", *(rangee(une) for une in MODELE.recevabilite))
    assert envoyer(client, vague, "cahier_conditions", **envoi).status_code == 302
    assert cahier_courant(vague=vague).version == 1


def test_ce_qui_change_se_dit_et_une_version_d_avant_se_reprend(client, vague):
    changer(vague, replace(MODELE, recevabilite=(DELAI, replace(DEPOSANT, libelle="Autre.", a_faire=""), CHOC)))
    dits = differences(MODELE, cahier_de(vague), redaction=True)
    assert [(un.genre.value, un.libelle) for un in dits] == [
        ("changement", "Autre."),
        ("retrait", MANDAT.libelle),
        ("changement", "L’ordre du cahier des charges change"),
    ]
    assert dits[0].details == (
        f"Elle disait{NB}: «{NB}{DEPOSANT.libelle}{NB}».",
        f"À faire{NB}: rien (avant{NB}: {DEPOSANT.a_faire}).",
    )
    assert "Les conditions de recevabilité" in texte(client.get(page("cahier_version", vague, 1)))
    envoyer(client, vague, "cahier_restaurer", 1, version=2)
    assert cahier_de(vague) == MODELE


def test_ce_qu_un_cahier_ne_peut_dire():
    def dit(*conditions):
        return verifier(replace(MODELE, recevabilite=conditions))

    assert dit(*MODELE.recevabilite) == dit() == []
    assert dit(replace(CHOC, libelle=" ")) == ["Chaque condition de recevabilité doit avoir sa phrase."]
    assert dit(CHOC, CHOC) == [
        f"Deux conditions de recevabilité ont la même clé «{NB}choc{NB}».",
        f"Deux conditions de recevabilité disent «{NB}{CHOC.libelle}{NB}».",
    ]
    trop = [ConditionDeRecevabilite(f"c{rang}", f"Condition {rang}") for rang in range(21)]
    assert dit(*trop) == [f"Le cahier des charges pose plus de 20 conditions de recevabilité{NB}: regroupez-en."]


def test_un_cahier_d_avant_n_en_a_pas_et_se_relit():
    brut = vers_json(MODELE)
    assert depuis_json(brut) == MODELE
    assert depuis_json(brut).recevabilite[0].fait is Fait.DEPOSANT
    del brut["recevabilite"]
    assert depuis_json(brut) == replace(MODELE, recevabilite=())


def test_chacun_les_lit_avant_de_candidater_et_avant_de_deposer():
    vague = f.une_vague()
    cahier_en_vigueur(vague=vague)
    publique = texte(Client().get("/cahier-des-charges/"))
    dossier = f.une_candidature(vague=vague)
    depot = texte(client_de(f.porteur_de(dossier)).get(reverse("candidatures:deposer", args=[dossier.pk])))
    for lue in (publique, depot):
        for condition in MODELE.recevabilite:
            assert condition.libelle in lue
            assert condition.a_faire in lue
            assert condition.aide not in lue
