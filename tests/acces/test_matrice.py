"""The matrix of accesses: every address, asked by everybody, of objects of theirs, of others, under embargo."""

import difflib

import pytest

from rebond.documentation import acces
from tests.acces.adresses import Adresse, adresses
from tests.acces.gens import COLONNES, PUBLIC
from tests.acces.monde import Decor
from tests.acces.renforts import RENFORTS, arriver
from tests.acces.requetes import Reponse, demander, est_sorti, un_client

pytestmark = pytest.mark.django_db
MATRICE = acces.lire(acces.FICHIER.read_text())
D_INSTRUCTION = acces.lire(acces.FICHIER_D_INSTRUCTION.read_text())
ADRESSES = adresses()
LECTURES = [ligne for ligne in MATRICE.lignes if ligne.methode == "GET"]
ACTES = [ligne for ligne in MATRICE.lignes if ligne.methode != "GET"]
QUELQUES_UNS = (PUBLIC, "porteur", "instructeur", "administrateur")
# What an expert alone is let in.
D_UN_EXPERT = {
    f"instruction:{nom}"
    for nom in ("saisine", "prendre_avis", "decliner_avis", "brouillon_d_avis", "fichier_d_avis", "joindre_a_l_avis")
}
# Without its signature, nothing says that it is there, whatever the method.
CACHEES = {"retours_des_lettres"}


def test_la_table_et_le_decor_parlent_des_memes_personnes() -> None:
    assert tuple(MATRICE.personnes) == COLONNES


def test_chaque_adresse_du_portail_a_sa_ligne() -> None:
    """A new address fails here until somebody has written who gets what there."""
    assert {ligne.adresse for ligne in MATRICE.lignes} == set(ADRESSES)


def test_chaque_methode_qu_une_adresse_recoit_a_sa_ligne(monde: Decor, sans_gabarit: None) -> None:
    """What is not in the table is not received: 405, or the page above for an address that only receives."""
    ecrites = {(ligne.methode, ligne.adresse) for ligne in MATRICE.lignes}
    objets = {ligne.adresse: ligne.objet for ligne in MATRICE.lignes}
    notres = {nom: adresse for nom, adresse in ADRESSES.items() if adresse.a_nous}
    for qui in QUELQUES_UNS:
        client = un_client(monde.gens.get(qui))
        for nom, adresse in notres.items():
            chemin = adresse.pour(monde.objets[objets[nom]])
            for methode in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                if (methode, nom) not in ecrites:
                    attendus = {"302" if methode == "GET" else "405"} | ({"cnx"} if qui == PUBLIC else set())
                    attendus = {"404"} if nom in CACHEES else attendus
                    assert demander(client, methode, chemin).statut in attendus, (qui, methode, chemin)


def obtenues(monde: Decor, lignes: list[acces.Ligne]) -> list[acces.Ligne]:
    """The same lines as the portal answers them. Whoever is refused has written nothing."""
    lues = {ligne.cle: [] for ligne in lignes}
    for qui in COLONNES:
        client = un_client(monde.gens.get(qui))
        for ligne in lignes:
            chemin = ADRESSES[ligne.adresse].pour(monde.objets[ligne.objet])
            reponse = demander(client, ligne.methode, chemin)
            if est_sorti(client):
                client = un_client(monde.gens.get(qui))
            lues[ligne.cle].append(reponse.statut)
            if reponse.statut not in {"200", "201", "204", "302"}:
                assert not reponse.ecrits or reponse.statut in {"400", "409"}, (qui, ligne.methode, chemin)
    return [acces.Ligne(*cle, tuple(statuts)) for cle, statuts in lues.items()]


def comparer(lues: list[acces.Ligne], ecrites: list[acces.Ligne]) -> None:
    ecart = list(
        difflib.unified_diff(acces.ecrire(ecrites).splitlines(), acces.ecrire(lues).splitlines(), lineterm="")
    )
    assert not ecart, "\n".join(["la table dit (-), le portail répond (+) :", *ecart])


def test_chacun_lit_ce_que_dit_la_table(monde: Decor, sans_gabarit: None) -> None:
    comparer(obtenues(monde, LECTURES), LECTURES)


def test_chacun_fait_ce_que_dit_la_table(monde: Decor, sans_gabarit: None) -> None:
    comparer(obtenues(monde, ACTES), ACTES)


def test_chaque_adresse_d_instruction_dit_le_sien_un_autre_et_un_conflit() -> None:
    """A new address of the instruction fails here until somebody has written what each part of it gets there."""
    toutes = {(ligne.methode, ligne.adresse) for ligne in MATRICE.lignes if ligne.adresse.startswith("instruction:")}
    assert {(ligne.methode, ligne.adresse) for ligne in D_INSTRUCTION.lignes} == toutes
    assert tuple(D_INSTRUCTION.personnes) == (*RENFORTS,)
    assert {ligne.cle for ligne in D_INSTRUCTION.lignes} <= {ligne.cle for ligne in MATRICE.lignes}


def test_chacun_obtient_de_l_instruction_ce_que_dit_sa_table(monde: Decor, sans_gabarit: None) -> None:
    """Whoever is refused has written nothing; nor has whoever has an interest in the file, whatever they are told."""
    lues = {ligne.cle: [] for ligne in D_INSTRUCTION.lignes}
    for nom, (personne, siens) in arriver(monde).items():
        client = un_client(personne)
        for ligne in D_INSTRUCTION.lignes:
            chemin = ADRESSES[ligne.adresse].pour(monde.objets[ligne.objet] | siens)
            reponse = demander(client, ligne.methode, chemin)
            lues[ligne.cle].append(reponse.statut)
            if reponse.statut == "404":
                assert not reponse.ecrits, (nom, ligne.methode, chemin)
    comparer([acces.Ligne(*cle, tuple(statuts)) for cle, statuts in lues.items()], list(D_INSTRUCTION.lignes))


def interdites(qui: str, methode: str) -> list[acces.Ligne]:
    """What somebody else gets; where nobody gets anything, nothing is kept from anybody."""
    rang = COLONNES.index(qui)
    return [
        ligne
        for ligne in MATRICE.lignes
        if ligne.methode == methode
        and ligne.reponses[rang] == "404"
        and ADRESSES[ligne.adresse].arguments
        and not set(ligne.reponses) <= acces.REFUSES
    ]


# Someone of nothing, of another file, of no more file, with an interest in it, and of a role that reads missions.
@pytest.mark.parametrize(
    ("qui", "methodes"),
    [
        ("compte", ("GET", "POST")),
        ("voisin", ("GET",)),
        ("expert-ancien", ("GET",)),
        ("comité-partie", ("GET", "POST")),
        ("gestionnaire", ("GET",)),
    ],
)
def test_ce_qui_est_interdit_est_comme_ce_qui_n_existe_pas(monde: Decor, qui: str, methodes: tuple[str, ...]) -> None:
    """Status, headers, body, and the statements that were asked of the database: no foreign object is read first."""
    client, absents = un_client(monde.gens[qui]), dict[tuple[str, str], Reponse]()
    for methode in methodes:
        for ligne in interdites(qui, methode):
            adresse, valeurs = ADRESSES[ligne.adresse], monde.objets[ligne.objet]
            interdit = demander(client, methode, adresse.pour(valeurs))
            ailleurs = adresse.absente(valeurs)
            absent = absents.get((methode, ailleurs)) or demander(client, methode, ailleurs)
            absents[methode, ailleurs] = absent
            assert interdit.forme == absent.forme, (methode, adresse.pour(valeurs), ailleurs)


def test_un_morceau_du_dossier_d_un_autre_n_est_pas_du_sien(monde: Decor, sans_gabarit: None) -> None:
    """One's own file, and in it the attachment, the receipt, the member… of somebody else's: nothing is there."""
    sortis = 0
    for ligne in MATRICE.lignes:
        adresse, valeurs = ADRESSES[ligne.adresse], monde.objets[ligne.objet]
        for argument in list(adresse.arguments)[1:]:
            dit = next((cle for cle in adresse.cles(argument) if cle in valeurs), argument)
            if dit not in monde.etrangers:
                continue
            chemin = adresse.pour(valeurs | {dit: monde.etrangers[dit]})
            for qui, statut in zip(COLONNES, ligne.reponses, strict=True):
                if statut in {"200", "302", "409"} and qui != PUBLIC:
                    reponse = demander(un_client(monde.gens[qui]), ligne.methode, chemin)
                    assert _refuse(reponse, statut), (qui, ligne.methode, chemin, reponse.statut)
                    sortis += 1
    assert sortis > 50


def _refuse(reponse: Reponse, avec_le_sien: str) -> bool:
    """Nothing is there; or what refused them with their own refuses again, before it looks at what is named."""
    return reponse.statut in {"404", "405"} | ({"409"} & {avec_le_sien}) and not reponse.ecrits


@pytest.mark.parametrize("immense", [2**63, 10**40], ids=["grand", "immense"])
def test_un_nombre_immense_n_est_la_cle_de_rien(monde: Decor, sans_gabarit: None, immense: int) -> None:
    """What no column of the database holds is not there either: no error, and nothing written."""
    for ligne in D_INSTRUCTION.lignes:
        adresse, valeurs = ADRESSES[ligne.adresse], monde.objets[ligne.objet]
        qui = "expert" if ligne.adresse in D_UN_EXPERT else "instructeur"
        for argument, type_ in adresse.arguments.items():
            if type_ == "int":
                dit = next((cle for cle in adresse.cles(argument) if cle in valeurs), argument)
                chemin = adresse.pour(valeurs | {dit: immense})
                reponse = demander(un_client(monde.gens[qui]), ligne.methode, chemin)
                assert (reponse.statut, reponse.ecrits) == ("404", set()), (ligne.methode, chemin)


def test_une_adresse_de_deux_routes_dit_laquelle() -> None:
    doubles = [nom for nom in ADRESSES if "(" in nom]
    assert all(isinstance(ADRESSES[nom], Adresse) for nom in doubles)
