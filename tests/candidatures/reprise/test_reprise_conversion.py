"""Each type of field towards each type of question."""

import pytest
from django.core.exceptions import ValidationError

from candidatures.cahier import Choix, Question, Type
from candidatures.cahier.forms.champs import champ_de, vers_json
from candidatures.reprise.conversion import Conversion, Inconvertible, convertir
from candidatures.reprise.correspondance import Champs
from candidatures.reprise.referentiel import Referentiel
from tests import fabriques as f
from tests.candidatures.reprise.reprise import champ, plat

CHOIX = (Choix("lin", "Lin, chanvre"), Choix("laine", "Laine"), Choix("oui", "Oui"))
REFERENTIEL = Referentiel()
SEUL_ENTIER = "Il faut un seul nombre entier, en chiffres et sans autre mot, par exemple « 1 250 »."


def vers(type_: Type, leur: dict, regle: Champs | None = None, **options) -> Conversion:
    question = Question("q", "Question", type_, choix=CHOIX, **options)
    return convertir(question, leur, regle or Champs(), REFERENTIEL)


@pytest.mark.parametrize(
    ("type_", "leur", "notre"),
    [
        (Type.TEXTE, champ("x", valeur="  Un texte "), "Un texte"),
        (Type.TEXTE, champ("x", "CheckboxChamp", "true", checked=True), "Oui"),
        (Type.TEXTE, champ("x", "CommuneChamp", None, commune={"name": "Cambrai"}), "Cambrai"),
        (Type.TEXTE, champ("x", valeur=None), None),
        (Type.TEXTE_LONG, champ("x", valeur="a\r\nb\rc"), "a\nb\nc"),
        (Type.TEXTE_LONG, champ("x", valeur="a" * 1_000_000), "a" * 1_000_000),
        (Type.ENTIER, champ("x", "IntegerNumberChamp", "1", integerNumber="1200"), 1200),
        (Type.ENTIER, champ("x", "DecimalNumberChamp", "1500.0", decimalNumber=1500.0), 1500),
        (Type.ENTIER, champ("x", valeur="1 200"), 1200),
        (Type.ENTIER, champ("x", valeur="1\u202f200"), 1200),
        (Type.ENTIER, champ("x", valeur=None), None),
        (Type.MONTANT, champ("x", valeur="12 500,00 €"), 12_500),
        (Type.MONTANT, champ("x", valeur="2500000 euros"), 2_500_000),
        (Type.DECIMAL, champ("x", "DecimalNumberChamp", None, decimalNumber=12.5), "12.5"),
        (Type.DECIMAL, champ("x", "DecimalNumberChamp", None, decimalNumber=12.125), "12.125"),
        (Type.DECIMAL, champ("x", valeur="1 234,50"), "1234.50"),
        (Type.DECIMAL, champ("x", valeur="-3"), "-3"),
        (Type.DATE, champ("x", "DateChamp", "1er mars 2022", date="2022-03-01"), "2022-03-01"),
        (Type.DATE, champ("x", "DatetimeChamp", None, datetime="2022-12-31T23:30:00Z"), "2023-01-01"),
        (Type.DATE, champ("x", valeur="31/12/2022"), "2022-12-31"),
        (Type.DATE, champ("x", valeur="1er août 2022"), "2022-08-01"),
        (Type.DATE, champ("x", valeur="1/10/22"), "2022-10-01"),
        (Type.DATE, champ("x", valeur="1\u202foct. 2022\u200b"), "2022-10-01"),
        (Type.DATE, champ("x", valeur=""), None),
        (
            Type.TEXTE_LONG,
            champ("x", valeur="Fermeture\u2400 annoncée\u000b«\u202e…»\r\nfin"),
            "Fermeture annoncée\n«…»\nfin",
        ),
        (Type.TEXTE, champ("x", valeur="\ufeffAtelier\u000bdu\u00ad lin"), "Atelier du lin"),
        (Type.COURRIEL, champ("x", valeur="\u200ba@collectivite .example\u2060"), "a@collectivite.example"),
        (Type.COURRIEL, champ("x", valeur="a@collectivite.example"), "a@collectivite.example"),
        (Type.TELEPHONE, champ("x", "PhoneChamp", "0327000000"), "03 27 00 00 00"),
        (Type.SIREN, champ("x", "SiretChamp", None, etablissement={"siret": "73282932000074"}), "732829320"),
        (
            Type.SIREN,
            champ("x", "SiretChamp", None, etablissement={"entreprise": {"siren": "732829320"}}),
            "732829320",
        ),
        (Type.SIREN, champ("x", valeur="732 829 320"), "732829320"),
        (Type.CHOIX, champ("x", "DropDownListChamp", None, value="LAINE !"), "laine"),
        (Type.CHOIX, champ("x", "YesNoChamp", "true", selected=True), "oui"),
        (Type.CHOIX, champ("x", valeur=None), None),
        (Type.CHOIX_MULTIPLE, champ("x", valeur="Laine, Oui"), ["laine", "oui"]),
        (Type.CHOIX_MULTIPLE, champ("x", valeur="Lin, chanvre"), ["lin"]),
        (
            Type.CHOIX_MULTIPLE,
            champ("x", "MultipleDropDownListChamp", "", values=["Oui", "Lin, chanvre"]),
            ["lin", "oui"],
        ),
        (Type.CHOIX_MULTIPLE, champ("x", "MultipleDropDownListChamp", "", values=[]), None),
        (Type.BLOC, champ("x", "RepetitionChamp", "", rows=[]), None),
        (Type.EPCI, champ("x", "EpciChamp", None, epci=None), None),
    ],
)
def test_une_valeur_qui_a_un_equivalent_le_trouve(type_, leur, notre):
    assert vers(type_, leur) == Conversion(notre)


@pytest.mark.parametrize(
    ("type_", "leur", "motif"),
    [
        (Type.TEXTE, champ("x", valeur="a" * 201), "Assurez-vous que cette valeur comporte au plus 200 caractères"),
        (Type.ENTIER, champ("x", valeur="une centaine"), "Il faut un seul nombre entier"),
        (Type.ENTIER, champ("x", valeur="12,5"), "Un nombre entier est attendu, sans virgule : 12 ou 13 ?"),
        (Type.ENTIER, champ("x", "DecimalNumberChamp", None, decimalNumber=12.125), ": 12 ou 13 ?"),
        (Type.ENTIER, champ("x", valeur="-1"), "Ce nombre ne peut pas être négatif."),
        (Type.ENTIER, champ("x", valeur="9" * 30), "Ce nombre est trop grand"),
        (Type.MONTANT, champ("x", valeur="12.000"), "« 12.000 » peut se lire de deux façons : 12 000 ou 12 ?"),
        (Type.MONTANT, champ("x", "DecimalNumberChamp", None, decimalNumber=12.5), "euros entiers : 12 € ou 13 € ?"),
        (Type.ENTIER, champ("x", valeur="\u202e0521"), "Un caractère invisible inverse l’ordre des chiffres"),
        (Type.MONTANT, champ("x", valeur="entre 1 et 2 M€"), "Il faut un seul montant"),
        (Type.DATE, champ("x", valeur="courant 2022"), "Ce n’est pas une date."),
        (Type.DATE, champ("x", valeur="31/02/2022"), "Cette date n’existe pas : 31 février 2022."),
        (Type.DATE, champ("x", valeur="1/10/55"), "de deux façons : 1er octobre 1955 ou 1er octobre 2055."),
        (Type.DATE, champ("x", "DateChamp", None, date="0022-03-01"), "Vérifiez l’année de cette date."),
        (Type.COURRIEL, champ("x", valeur="à voir"), "Saisissez une adresse"),
        (Type.TELEPHONE, champ("x", valeur="le standard"), "Saisissez un numéro de téléphone"),
        (Type.SIREN, champ("x", valeur="732829321"), "Ce numéro SIREN n’est pas valable"),
        (Type.CHOIX, champ("x", valeur="Soie"), "Ce choix n’est pas dans la liste."),
        (Type.CHOIX_MULTIPLE, champ("x", valeur="Soie; Coton"), "Aucun de ces choix n’est dans la liste."),
        (Type.BLOC, champ("x", valeur="Une ligne"), "Un bloc de plusieurs lignes est attendu."),
    ],
)
def test_une_valeur_sans_equivalent_dit_pourquoi(type_, leur, motif):
    with pytest.raises(Inconvertible) as refus:
        vers(type_, leur)
    assert motif in plat(str(refus.value))


@pytest.mark.django_db
def test_une_intercommunalite_se_reconnait_par_son_code_ou_son_nom_exact():
    referentiel = Referentiel()
    epci = f.un_epci("CC des Filatures")
    question = Question("q", "Question", Type.EPCI)
    attendue = Conversion({"siren": epci.siren, "nom": epci.nom})
    for leur in (
        champ("x", "EpciChamp", "Autre nom", epci={"code": epci.siren, "name": "Autre nom"}),
        champ("x", valeur="cc des filatures"),
        champ("x", valeur=f"{epci.siren}00019"),
    ):
        assert convertir(question, leur, Champs(), referentiel) == attendue
    for inconnue in ("CC des Filature", "123456789"):
        with pytest.raises(Inconvertible):
            convertir(question, champ("x", valeur=inconnue), Champs(), referentiel)


def test_un_bloc_garde_ses_lignes_et_dit_ce_qu_elles_perdent():
    colonnes = (Question("nom", "Raison sociale"), Question("emplois", "Emplois", Type.ENTIER))
    leur = champ(
        "Entreprises",
        "RepetitionChamp",
        rows=[
            {"champs": [champ("Nom", valeur="A"), champ("Emplois", valeur="beaucoup")]},
            {"champs": [champ("Nom", valeur="")]},
            {"champs": None},
            {
                "champs": [
                    champ("Raison sociale", valeur="B"),
                    champ("Emplois", valeur="3"),
                    champ("Site", valeur="Nord"),
                ]
            },
        ],
    )
    conversion = vers(Type.BLOC, leur, Champs(colonnes={"nom": ("Nom",)}), champs=colonnes)
    assert conversion.valeur == [{"nom": "A", "emplois": None}, {"nom": "B", "emplois": 3}]
    assert plat(conversion.reserves) == (
        f"Ligne 1, Emplois « beaucoup » : {SEUL_ENTIER}",
        "Ligne 4, Site « Nord » : sans place.",
    )


@pytest.mark.parametrize("type_", [Type.ENTIER, Type.DECIMAL, Type.MONTANT])
@pytest.mark.parametrize(
    "saisie",
    [
        "12.000",
        "12.000 €",
        "1.250",
        "1,5 M€",
        "850 k€",
        "1 234,5 k€",
        "2.5",
        "1500000.00",
        "3,000,000",
        "12,50",
        "nc",
        "1’250",
    ],
)
def test_la_reprise_repond_comme_le_formulaire(type_, saisie):
    """The same value, or the same sentence."""
    question = Question("q", "Question", type_)

    def formulaire():
        try:
            return vers_json(champ_de(question).clean(saisie))
        except ValidationError as refus:
            return refus.messages

    def reprise():
        try:
            return convertir(question, champ("x", valeur=saisie), Champs(), REFERENTIEL).valeur
        except Inconvertible as refus:
            return [str(refus)]

    assert reprise() == formulaire()


def test_ce_qui_a_du_etre_interprete_dit_comment_il_est_lu():
    montant = vers(Type.MONTANT, champ("x", valeur="1,5 M€"))
    assert (montant.valeur, montant.reserves, plat(montant.lus)) == (1_500_000, (), ("« 1,5 M€ » lu 1 500 000 €",))
    entier = vers(Type.ENTIER, champ("x", valeur="1.250"))
    assert (entier.valeur, plat(entier.lus)) == (1250, ("« 1.250 » lu 1 250",))
    assert vers(Type.MONTANT, champ("x", valeur="1 250 €")).lus == ()
    colonnes = (Question("aide", "Aide", Type.MONTANT),)
    leur = champ("Aides", "RepetitionChamp", rows=[{"champs": [champ("Aide", valeur="850 k€")]}])
    bloc = vers(Type.BLOC, leur, champs=colonnes)
    assert (bloc.valeur, bloc.reserves) == ([{"aide": 850_000}], ())
    assert plat(bloc.lus) == ("ligne 1, Aide « 850 k€ » lu 850 000 €",)


def test_une_question_conditionnelle_se_convertit_comme_une_autre():
    from candidatures.cahier import Condition

    conversion = vers(Type.TEXTE, champ("x", valeur="Oui"), condition=Condition("autre", ("a",)))
    assert conversion == Conversion("Oui")
