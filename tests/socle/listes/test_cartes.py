"""What a table says in its cells, so that a small screen may show each row as a card."""

from django.template import Context, Template

from rebond.socle.listes.cartes import en_cartes

ENTETE = (
    '<thead><tr><th scope="col">Nom</th>'
    '<th scope="col" class="rebond-triable"><a href="?tri=e">Effectif<span class="fr-sr-only"> : trier</span></a></th>'
    '<th scope="col"><span class="fr-sr-only">Actes</span></th></tr></thead>'
)


def test_chaque_cellule_porte_le_titre_vu_de_sa_colonne_et_son_role() -> None:
    corps = (
        '<tbody><tr><th scope="row">Acier</th><td class="rebond-nombre">12</td>'
        '<td><a href="/">Voir</a></td></tr></tbody>'
    )
    assert en_cartes(ENTETE + corps).partition("</thead>")[2] == (
        '<tbody role="rowgroup"><tr role="row"><th scope="row" role="rowheader" data-label="Nom">Acier</th>'
        '<td class="rebond-nombre" role="cell" data-label="Effectif">12</td>'
        '<td role="cell"><a href="/">Voir</a></td></tr></tbody>'
    )


def test_une_cellule_etendue_ne_dit_pas_un_titre_pour_deux_et_les_suivantes_disent_le_leur() -> None:
    pied = '<tfoot><tr><th colspan="1">Total</th><td>3</td></tr><tr><th colspan="2">Deux</th><td>x</td></tr></tfoot>'
    lue = en_cartes(ENTETE + pied)
    assert '<th colspan="1" role="rowheader" data-label="Nom">Total</th><td role="cell" data-label="Effectif">' in lue
    assert '<th colspan="2" role="rowheader">Deux</th><td role="cell">x</td>' in lue


def test_un_titre_ne_sort_pas_de_son_attribut() -> None:
    gabarit = Template(
        '{% load composants %}{% tableau "T" %}<thead><tr><th scope="col">{{ titre }}</th></tr></thead>'
        "<tbody><tr><td>1</td></tr></tbody>{% fintableau %}"
    )
    rendu = gabarit.render(Context({"titre": 'a" onclick="x'}))
    assert 'data-label="a&quot; onclick=&quot;x"' in rendu
    lue = en_cartes('<thead><tr><th>Dit "brut"</th></tr></thead><tbody><tr><td>1</td></tr></tbody>')
    assert '<td role="cell" data-label="Dit &quot;brut&quot;">' in lue
