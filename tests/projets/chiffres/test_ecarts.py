"""What a new count says otherwise than a published one, apart from the database."""

from dataclasses import replace
from datetime import date

from projets.chiffres.ecarts import Ecart, ecarts, empreinte_des_ecarts
from projets.chiffres.temoins import CARTE
from projets.chiffres.valeurs import Chiffre, Chiffres, Ligne, Temoin, Unite, total

AU = date(2023, 10, 1)
UN, DEUX, TROIS = Ligne(1, "Un", 5), Ligne(2, "Deux", 3), Ligne(3, "Trois", 2)


def un_chiffre(*lignes: Ligne, cle: str = "projets", definition: str = "D") -> Chiffre:
    return Chiffre(cle, cle.capitalize(), total(lignes), Unite.PROJETS, definition, AU, lignes)


def des_chiffres(*chiffres: Chiffre, temoins: tuple[Temoin, ...] | None = ()) -> Chiffres:
    return Chiffres(AU, (), None, {chiffre.cle: chiffre for chiffre in chiffres}, temoins)


def lus(avant: Chiffre, apres: Chiffre) -> list[Ecart]:
    return [
        replace(e, publie=e.publie.replace("\u00a0", " "), recompte=e.recompte.replace("\u00a0", " "))
        for e in ecarts(des_chiffres(avant), des_chiffres(apres))
    ]


def test_le_meme_compte_ne_dit_rien() -> None:
    assert ecarts(des_chiffres(un_chiffre(UN, DEUX)), des_chiffres(un_chiffre(DEUX, UN))) == []


def test_un_ecart_dit_ce_qui_est_ajoute_retire_et_modifie() -> None:
    assert lus(un_chiffre(UN, DEUX), un_chiffre(replace(UN, valeur=6), TROIS)) == [
        Ecart("Projets", "8 projets", "8 projets", ("Trois",), ("Deux",), ("Un",))
    ]


def test_une_ligne_renommee_dit_ses_deux_noms() -> None:
    assert lus(un_chiffre(UN, DEUX), un_chiffre(replace(UN, libelle="Premier"), DEUX)) == [
        Ecart("Projets", "8 projets", "8 projets", modifiees=("Un → Premier",))
    ]


def test_une_valeur_qui_change_sans_ses_lignes_est_un_ecart() -> None:
    assert lus(un_chiffre(UN), replace(un_chiffre(UN), valeur=9)) == [Ecart("Projets", "5 projets", "9 projets")]


def test_un_chiffre_que_l_on_ne_compte_plus_n_est_pas_un_ecart() -> None:
    assert ecarts(des_chiffres(un_chiffre(UN), un_chiffre(UN, cle="z")), des_chiffres(un_chiffre(DEUX, cle="z"))) == [
        Ecart("Z", "5\u00a0projets", "3\u00a0projets", ("Deux",), ("Un",))
    ]


def ensemble(*lignes: Ligne, definition: str = "D") -> Chiffre:
    return un_chiffre(*lignes, cle="ensemble_projets", definition=definition)


def test_l_ensemble_qui_repete_la_derniere_restitution_se_tait() -> None:
    avant = des_chiffres(un_chiffre(UN), ensemble(UN))
    assert [e.libelle for e in ecarts(avant, des_chiffres(un_chiffre(DEUX), ensemble(DEUX)))] == ["Projets"]
    autres = ecarts(avant, des_chiffres(un_chiffre(DEUX), ensemble(TROIS)))
    assert [e.libelle for e in autres] == ["Projets", "Ensemble_projets"]
    seul = ecarts(avant, des_chiffres(un_chiffre(UN), ensemble(DEUX)))
    assert [e.libelle for e in seul] == ["Ensemble_projets"]


def test_un_ensemble_d_une_autre_definition_ne_se_compare_pas() -> None:
    assert ecarts(des_chiffres(ensemble(UN)), des_chiffres(ensemble(DEUX, definition="Autre"))) == []
    # A figure of the last restitution does, whatever its words.
    assert len(ecarts(des_chiffres(un_chiffre(UN)), des_chiffres(un_chiffre(DEUX, definition="Autre")))) == 1


def des_temoins(avant: tuple[Temoin, ...] | None, apres: tuple[Temoin, ...] | None) -> list[Ecart]:
    return ecarts(des_chiffres(temoins=avant), des_chiffres(temoins=apres))


def test_un_fait_ajoute_retire_ou_change_est_un_ecart() -> None:
    axe, autre = Temoin("axe-1", "Axe 1", "Le bois"), Temoin("axe-2", "Axe 2", "L’acier")
    assert des_temoins((axe,), (axe,)) == []
    assert des_temoins((axe,), (replace(axe, texte="La pierre"),)) == [Ecart("Axe 1", "Le bois", "La pierre")]
    assert des_temoins((axe,), (autre,)) == [Ecart("Axe 2", "–", "L’acier"), Ecart("Axe 1", "Le bois", "–")]
    assert des_temoins((axe,), None) == [Ecart("Axe 1", "Le bois", "–")]
    assert des_temoins(None, (axe,)) == []


def test_la_carte_dit_qu_elle_est_une_autre_sans_son_empreinte() -> None:
    couche = Temoin(f"{CARTE}laureats", "Lauréats", "a1b2")
    autre = replace(couche, texte="c3d4")
    assert des_temoins((couche,), (autre,)) == [Ecart("Lauréats", "sur la carte", "dessinée autrement (Lauréats)")]
    assert des_temoins((), (couche,)) == [Ecart("Lauréats", "–", "sur la carte")]
    assert des_temoins((couche,), ()) == [Ecart("Lauréats", "sur la carte", "–")]


def test_l_empreinte_change_avec_ce_qui_contredit() -> None:
    un, autre = Ecart("A", "1", "2"), Ecart("A", "1", "3")
    assert empreinte_des_ecarts([un]) == empreinte_des_ecarts([replace(un)])
    assert len({empreinte_des_ecarts(liste) for liste in ([], [un], [autre], [un, autre])}) == 4
