"""Whole numbers in French words, as on a cheque: what is typed wrong by a zero is heard at once.

Source: Académie française, « vingt » and « cent » take an s when multiplied and last (quatre-vingts, deux cents; but
quatre-vingt-un, deux cent mille, and deux cents millions, for « million » is a noun); « mille » never does.
"""

from rebond.socle.texte.typographie import euros

PETITS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    *("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
DIZAINES = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 7: "soixante", 8: "quatre-vingt"}
DIZAINES[9] = DIZAINES[8]
VINGT, CENT, MILLE, MILLION, MILLIARD = 20, 100, 1_000, 10**6, 10**9
GRANDS = ((MILLIARD, "milliard"), (MILLION, "million"))
MAXIMUM = 10**12


def en_lettres(quantite: int) -> str:
    """`1250050` → « un million deux cent cinquante mille cinquante ». From 0 to 10^12, excluded."""
    if not 0 <= quantite < MAXIMUM:
        raise ValueError(quantite)
    if quantite < VINGT:
        return PETITS[quantite]
    mots, reste = [], quantite
    for valeur, nom in GRANDS:
        combien, reste = divmod(reste, valeur)
        if combien:
            mots += [_cent(combien), f"{nom}s" if combien > 1 else nom]
    milliers, reste = divmod(reste, MILLE)
    if milliers:
        mots += ["mille"] if milliers == 1 else [_cent(milliers, suivi=True), "mille"]
    if reste:
        mots.append(_cent(reste))
    return " ".join(mots)


def euros_en_lettres(montant: int) -> str:
    """« cinq millions d’euros », « mille euros », « un euro »."""
    lettres = en_lettres(montant)
    if montant and montant % MILLION == 0:
        return f"{lettres} d’euros"
    return f"{lettres} euro" if montant < 2 else f"{lettres} euros"


def en_chiffres_et_en_lettres(montant: int) -> str:
    """« 5 000 000 € (cinq millions d’euros) »."""
    return f"{euros(montant)} ({euros_en_lettres(montant)})"


def _cent(quantite: int, *, suivi: bool = False) -> str:
    """Below a thousand; `suivi` by « mille », which takes the final s away."""
    centaines, reste = divmod(quantite, CENT)
    mots = []
    if centaines:
        accord = "s" if centaines > 1 and not reste and not suivi else ""
        mots.append("cent" if centaines == 1 else f"{PETITS[centaines]} cent{accord}")
    if reste:
        mots.append(_dizaines(reste, suivi=suivi))
    return " ".join(mots)


def _dizaines(quantite: int, *, suivi: bool) -> str:
    if quantite < VINGT:
        return PETITS[quantite]
    dizaine, unite = divmod(quantite, 10)
    nom = DIZAINES[dizaine]
    if dizaine in (7, 9):
        unite += 10
    if not unite:
        return "quatre-vingts" if dizaine == 8 and not suivi else nom
    if unite in (1, 11) and dizaine < 8:
        return f"{nom} et {PETITS[unite]}"
    return f"{nom}-{PETITS[unite]}"
