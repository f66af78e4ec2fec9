"""What the dashboard of each role says, in which order, and to whom."""

from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from django.test import Client

from candidatures.cloture.actions import prolongations
from candidatures.demandes.actions import demander
from candidatures.dossier.etats import SensDecision
from candidatures.instruction import actions as instruction
from candidatures.labellisation import actions as labellisation
from candidatures.models import Candidature, Participation, Vague
from rebond.comptes.acces import CONFIRMEE
from rebond.comptes.actions import roles
from rebond.portail.bureau.formes import Bureau, Echeance, Travail
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.acces import Acces
from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.acces.requetes import un_client
from tests.candidatures.instruction.instruction import (
    constater_recevabilite,
    demander_avis,
    instruire,
    une_vague_close,
)
from tests.portail.bureau.outils import Contenu, en_nombre, lignes_de

pytestmark = pytest.mark.django_db
TABLEAU = "/tableau-de-bord/"
UN_JOUR = timedelta(days=1)


def bureau(personne: Utilisateur) -> Bureau:
    lu: Bureau = un_client(personne).get(TABLEAU).context["bureau"]
    return lu


def a_faire(personne: Utilisateur) -> list[tuple[str, int | None]]:
    return [(chose.quoi, chose.nombre) for chose in bureau(personne).a_faire]


def menent_a_ce_qu_ils_comptent(personne: Utilisateur, adresse: str) -> int:
    """How many links of a page say a number; each leads to as many rows."""
    client = un_client(personne)
    liens = [(vers, en_nombre(texte)) for vers, texte in Contenu(client.get(adresse).content.decode()).liens]
    comptes = [(urljoin(adresse, vers), nombre) for vers, nombre in liens if nombre is not None and "=" in vers]
    assert [lignes_de(client, vers) for vers, _ in comptes] == [nombre for _, nombre in comptes]
    return len(comptes)


def test_ce_qui_presse_vient_d_abord_et_ce_qui_n_a_pas_de_terme_a_la_fin() -> None:
    maintenant = horloge_base()

    def travail(nom: str, jours: int | None) -> Travail:
        return Travail(nom, "", "/", "Faire", avant=None if jours is None else maintenant + jours * UN_JOUR)

    range_ = Bureau(
        a_faire=[
            travail("sans terme", None),
            travail("loin", 30),
            travail("passé", -1),
            travail("sans terme 2", None),
        ],
        echeances=[Echeance(maintenant + UN_JOUR, "", "b", "/"), Echeance(maintenant, "", "a", "/")],
    )
    range_.ranger()
    assert [chose.quoi for chose in range_.a_faire] == ["passé", "loin", "sans terme", "sans terme 2"]
    assert [echeance.quoi for echeance in range_.echeances] == ["a", "b"]


@pytest.fixture
def vague() -> Vague:
    """Closed yesterday, with two files of the north."""
    nord = f.un_departement()
    close, _ = une_vague_close(nord, nord, noms=["Val un", "Val deux"])
    return close


def test_un_instructeur_lit_ce_qui_reste_a_faire_et_pour_quand(vague: Vague) -> None:
    instructeur = f.un_agent(Role.INSTRUCTEUR)
    numero = vague.numero
    assert a_faire(instructeur) == [
        (f"2\u00a0dossiers de la vague {numero} n’ont pas d’instructeur.", 2),
        (f"2\u00a0dossiers de la vague {numero} attendent que vous vérifiiez la recevabilité.", 2),
    ]
    premier = Candidature.objects.filter(vague=vague).earliest("pk")
    constater_recevabilite(
        candidature=premier, recevable=True, motif="", auteur=instructeur, maintenant=horloge_base()
    )
    lu = bureau(instructeur)
    assert [(chose.quoi, chose.nombre) for chose in lu.a_faire] == [
        (f"2\u00a0dossiers de la vague {numero} n’ont pas d’instructeur.", 2),
        (f"1\u00a0dossier de la vague {numero} attend que vous vérifiiez la recevabilité.", 1),
        (f"1\u00a0dossier de la vague {numero} attend votre proposition.", 1),
    ]
    assert all("le silence de l’administration vaut décision" in chose.quand for chose in lu.a_faire)


def test_hors_de_son_perimetre_rien_n_attend(vague: Vague) -> None:
    ailleurs = f.un_departement("39", "27")
    assert a_faire(f.un_agent(Role.INSTRUCTEUR, region=ailleurs.region)) == []


def test_un_valideur_decide_quand_tout_est_instruit_et_pas_avant(vague: Vague) -> None:
    instructeur, valideur = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.VALIDEUR)
    premier, second = Candidature.objects.filter(vague=vague).order_by("pk")
    instruire(premier, instructeur=instructeur)
    assert a_faire(valideur) == []
    textes = [texte for rubrique in bureau(valideur).rubriques for texte in rubrique.textes]
    assert "L’instruction est en cours\u00a0: il est trop tôt pour décider." in textes
    instruire(second, instructeur=instructeur, sens=SensDecision.AJOURNER)
    assert menent_a_ce_qu_ils_comptent(valideur, f"/instruction/vagues/{vague.numero}/decisions/") == 2
    assert a_faire(valideur) == [
        (f"Vague {vague.numero}\u00a0: tous les dossiers sont instruits, les décisions sont à prendre.", 2)
    ]
    vague.refresh_from_db()
    labellisation.labelliser(
        vague=vague,
        decisions={premier.pk: SensDecision.LABELLISER, second.pk: SensDecision.AJOURNER},
        valideur=valideur,
        maintenant=horloge_base(),
    )
    assert a_faire(valideur) == [
        (f"Vague {vague.numero}\u00a0: les décisions sont prises, il reste à les annoncer.", None)
    ]
    assert menent_a_ce_qu_ils_comptent(valideur, f"/instruction/vagues/{vague.numero}/annonce/") == 2
    vague.refresh_from_db()
    fin = horloge_base() + UN_JOUR
    labellisation.annoncer(vague=vague, valideur=valideur, publique_a=fin, maintenant=horloge_base())
    lu = bureau(valideur)
    assert lu.a_faire == []
    assert [echeance.instant for echeance in lu.echeances] == [fin]


def test_qui_a_instruit_ou_a_un_interet_n_est_pas_invite_a_decider(vague: Vague) -> None:
    instructeur, en_conflit = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.VALIDEUR)
    f.un_role(instructeur, Role.VALIDEUR)
    premier, second = Candidature.objects.filter(vague=vague).order_by("pk")
    instruction.declarer_interet(
        candidature=premier, utilisateur=en_conflit, motif="Mandat local.", maintenant=horloge_base()
    )
    for dossier in (premier, second):
        instruire(dossier, instructeur=instructeur)
    for personne, dit in (
        (instructeur, "Vous avez instruit au moins un dossier"),
        (en_conflit, "Vous avez un intérêt"),
    ):
        lu = bureau(personne)
        assert [chose for chose in lu.a_faire if "décisions" in chose.quoi] == []
        assert any(texte.startswith(dit) for rubrique in lu.rubriques for texte in rubrique.textes)


def test_une_page_bloquee_mene_a_ce_qui_la_bloque(vague: Vague) -> None:
    valideur = f.un_agent(Role.VALIDEUR)
    instruire(Candidature.objects.filter(vague=vague).earliest("pk"), instructeur=f.un_agent(Role.INSTRUCTEUR))
    client = un_client(valideur)
    page = client.get(f"/instruction/vagues/{vague.numero}/decisions/")
    assert f"1\u00a0dossier de la vague {vague.numero} reste à instruire." in page.content.decode()
    vers = {texte: lien for lien, texte in Contenu(page.content.decode()).liens}
    assert lignes_de(client, vers["Voir les dossiers qui restent à instruire"]) == 1


def test_un_acte_qui_en_attend_un_autre_y_mene(vague: Vague) -> None:
    dossier = Candidature.objects.filter(vague=vague).earliest("pk")
    base, pk = f"/instruction/vagues/{vague.numero}/", dossier.pk
    for personne, adresse, libelle, vers in (
        (f.un_agent(Role.VALIDEUR), f"{base}annonce/", "Voir ce qui reste à décider", f"{base}decisions/"),
        (f.un_agent(Role.VALIDEUR), f"{base}resultats/", "Voir ce qui reste à décider", f"{base}decisions/"),
        (
            f.un_agent(Role.INSTRUCTEUR),
            f"/instruction/dossiers/{pk}/proposition/",
            "Vérifier la recevabilité",
            f"/instruction/dossiers/{pk}/recevabilite/",
        ),
    ):
        client = un_client(personne)
        page = client.get(adresse)
        assert page.status_code == 409
        assert (vers, libelle) in Contenu(page.content.decode()).liens
        assert client.get(vers).status_code == 200


def test_un_expert_lit_les_avis_qu_on_lui_demande_puis_ceux_qu_il_a_donnes(vague: Vague) -> None:
    expert, instructeur = f.un_agent(Role.EXPERT), f.un_agent(Role.INSTRUCTEUR)
    assert a_faire(expert) == []
    for dossier in Candidature.objects.filter(vague=vague).order_by("pk"):
        demander_avis(candidature=dossier, expert=expert, question="", auteur=instructeur, maintenant=horloge_base())
    lu = bureau(expert)
    assert [chose.nombre for chose in lu.a_faire] == [2, None, None]
    (rubrique,) = lu.rubriques
    assert [(compte.libelle, compte.nombre) for compte in rubrique.comptes] == [("À rendre", 2), ("Rendus", 0)]


def test_un_administrateur_va_aux_roles_qu_il_signe_et_a_eux_seuls() -> None:
    premier, second = (f.un_agent(Role.ADMINISTRATEUR) for _ in range(2))
    roles.proposer(
        adresse="agent@exemple.fr",
        role=Role.VALIDEUR,
        organisme=f.un_service(),
        jusqu_au=horloge_base() + 30 * UN_JOUR,
        acteur=premier,
        maintenant=horloge_base(),
    )
    assert [menent_a_ce_qu_ils_comptent(qui, "/administration/roles/") for qui in (premier, second)] == [0, 1]
    signer = [(chose.lien, chose.nombre) for chose in bureau(second).a_faire]
    assert signer == [("/administration/roles/?attente=signer", 1)]
    assert bureau(premier).a_faire == []


def test_un_administrateur_voit_qui_ne_trouve_pas_son_intercommunalite() -> None:
    for nom in ("Île de Sein", "CC des Deux Caps"):
        demander(
            maintenant=horloge_base(),
            collectivite=nom,
            situation="autre",
            nom="A. Mairesse",
            email="mairie@exemple.fr",
        )
    administrateur = f.un_agent(Role.ADMINISTRATEUR)
    assert a_faire(administrateur) == [("2\u00a0personnes ne trouvent pas leur intercommunalité.", 2)]
    assert menent_a_ce_qu_ils_comptent(administrateur, TABLEAU) > 0


def test_nul_ne_signe_la_prolongation_de_son_dossier() -> None:
    """Neither whoever proposed it, nor whoever takes part in the file."""
    maintenant = horloge_base()
    ouverte = f.une_vague(ouverture=maintenant - UN_JOUR, cloture=maintenant + UN_JOUR)
    dossier = f.une_candidature(vague=ouverte)
    auteur, autre, partie = (f.un_agent(Role.ADMINISTRATEUR) for _ in range(3))
    Participation.objects.create(candidature=dossier, utilisateur=partie, qualite="lecteur")
    prolongations.proposer(
        vague=ouverte,
        candidature=dossier,
        jusqu_au=ouverte.cloture + UN_JOUR,
        motif="Une panne de réseau dans toute la collectivité.",
        acteur=auteur,
        maintenant=maintenant,
    )
    invites = [
        qui for qui in (auteur, autre, partie) if any("Prolongation à signer" in quoi for quoi, _ in a_faire(qui))
    ]
    assert invites == [autre]


def venir(personne: Utilisateur) -> list[tuple[str, str]]:
    """Sign in, prove again who one is, and read what is new."""
    entree: dict[str, Any] = {"nature": NatureAcces.CONNEXION, "personne_id_copie": personne.pk}
    Acces.objects.create(**entree)
    Acces.objects.create(**entree, objet=f"{CONFIRMEE} : mot de passe")
    return [(nouvelle.titre, nouvelle.lien) for nouvelle in bureau(personne).nouvelles]


def test_ce_que_les_autres_ont_fait_depuis_la_visite_precedente(vague: Vague) -> None:
    premier, second, ailleurs = (
        *(f.un_agent(Role.INSTRUCTEUR) for _ in range(2)),
        f.un_agent(Role.INSTRUCTEUR, region=f.un_departement("39", "27").region),
    )
    en_conflit, membre = (f.un_agent(Role.COMITE) for _ in range(2))
    fait, autre = Candidature.objects.filter(vague=vague).order_by("pk")
    instruction.declarer_interet(
        candidature=autre, utilisateur=en_conflit, motif="Mandat local.", maintenant=horloge_base()
    )
    instruire(fait, instructeur=premier)
    gens = (premier, second, ailleurs, en_conflit, membre)
    # There was no visit before this one; then, nothing since.
    assert [venir(personne) for personne in gens for _ in range(2)] == [[]] * 10
    constater_recevabilite(candidature=autre, recevable=True, motif="", auteur=premier, maintenant=horloge_base())
    lue = [("Dossier déclaré recevable", f"/instruction/dossiers/{autre.pk}/")]
    assert [venir(personne) for personne in gens] == [[], lue, [], [], lue]
    assert [venir(personne) for personne in gens] == [[]] * 5


def test_un_compte_sans_role_n_a_pas_de_bureau(client: Client) -> None:
    client.force_login(f.un_utilisateur())
    page: Any = client.get(TABLEAU)
    assert page.context["bureau"] is None
    assert "rebond-bureau" not in page.content.decode()
