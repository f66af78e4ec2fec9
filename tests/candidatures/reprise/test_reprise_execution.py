"""Dossiers of Démarches simplifiées become files of the portal, once each."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import transaction

from candidatures.cloture.actions import cloture
from candidatures.depot.actions import retrait
from candidatures.dossier.actions import redaction
from candidatures.dossier.etats import EtatCandidature, Qualite, Source
from candidatures.instruction import actions as instruction
from candidatures.models import Candidature, Depot, Labellisation, PieceJointe, VersionDeSection
from candidatures.reprise.correspondance import depuis_toml
from projets.chiffres import calculer
from projets.models import Mission
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.reprise.reprise import CLOTURE, la_vague_passee, plat, plus_tard, reprendre, un_dossier

pytestmark = pytest.mark.django_db

ETATS = {
    "en_construction": "deposee",
    "en_instruction": "en_instruction",
    "accepte": "laureate",
    "refuse": "non_retenue",
    "sans_suite": "ajournee",
}
ENTREPRISES = """\
Nom de l’entreprise : Filature du Nord
SIRET : 73282932000074
Nombre d’emplois : 80
Produit : Fil de lin

Nom de l’entreprise : Tissage
Nombre d’emplois : douze"""
PRODUIT_ET_EMPLOIS = (
    "Ligne 1, Produit « Fil de lin » : sans place. Ligne 2, Nombre d’emplois « douze » : "
    "Il faut un seul nombre entier, en chiffres et sans autre mot, par exemple « 1 250 »."
)


def comptes() -> dict[str, int]:
    return {modele._meta.label: modele._default_manager.count() for modele in apps.get_models()}


def contenu_attendu() -> dict:
    return {
        "choc": {
            "description": "Une usine ferme.\nCent vingt emplois.",
            "date_choc": "2022-03-01",
            "filieres": ["metallurgie", "textile"],
        },
        "entreprises": {
            "emplois_concernes": 120,
            "emplois_industriels": 4300,
            "liste": [
                {"nom": "Filature du Nord", "siren": "732829320", "emplois": 80},
                {"nom": "Tissage", "siren": None, "emplois": None},
            ],
        },
        "gouvernance": {"pilotage": "Un comité de pilotage.", "deliberation_le": "2023-01-16"},
        "contact": {"courriel": "contact@collectivite.example", "telephone": "+33 3 27 00 00 00"},
    }


def test_un_dossier_accepte_devient_un_dossier_laureat_avec_ses_instants_et_son_porteur():
    la_vague_passee()
    epci = f.un_epci("CA du Lin")

    rapport = reprendre(un_dossier(epci, 42))

    assert (rapport.refus, dict(rapport.resultats)) == ([], {"créé": 1})
    dossier = Candidature.objects.get()
    assert (dossier.source, dossier.numero_source, dossier.etat) == (Source.REPRISE, "42", EtatCandidature.LAUREATE)
    assert dossier.contenu == contenu_attendu()
    assert [(membre.siren, membre.chef_de_file) for membre in dossier.membres.all()] == [(epci.siren, True)]
    depot = dossier.depots.get()
    assert (depot.source, depot.recu_le) == (Source.REPRISE, datetime(2023, 1, 31, 17, 30, tzinfo=UTC))
    assert not hasattr(depot, "accuse")
    porteur = dossier.participations.get(qualite=Qualite.PORTEUR).utilisateur
    assert (porteur.email, porteur.has_usable_password()) == ("agent42@collectivite.example", False)
    assert rapport.comptes == ["agent42@collectivite.example"]
    assert not Utilisateur.objects.filter(email="instructeur@etat.example").exists()
    assert not Courrier.objects.exists()
    assert list(
        EntreeJournal.objects.filter(objet_type="candidatures.candidature")
        .order_by("pk")
        .values_list("acte", "fait_le")
    ) == [
        ("reprendre", EntreeJournal.objects.get(acte="reprendre").fait_le),
        ("deposer", datetime(2023, 1, 31, 17, 30, tzinfo=UTC)),
        ("ouvrir_instruction", datetime(2023, 2, 3, 9, 0, tzinfo=UTC)),
        ("reprendre_laureate", datetime(2023, 6, 12, 7, 0, tzinfo=UTC)),
    ]


def test_tout_ce_qui_n_a_pas_de_place_est_garde_avec_sa_raison():
    la_vague_passee()
    origine = un_dossier()

    reprendre(origine)

    reprise = Candidature.objects.get().reprise
    assert reprise["dossier"] == origine
    assert [plat((reste["libelle"], reste["texte"], reste["motif"])) for reste in reprise["restes"]] == [
        ("Filières concernées", "Textile, Métallurgie, Cuir", "« Cuir » n’est pas dans la liste."),
        ("Entreprises touchées", ENTREPRISES, PRODUIT_ET_EMPLOIS),
        ("Nombre de projets identifiés", "2.5", "Un nombre entier est attendu, sans virgule : 2 ou 3 ?"),
        ("Zone de revitalisation ?", "Oui", ""),
        ("J’accepte le règlement", "Non", ""),
        ("Civilité de l’élu référent", "Mme", ""),
        ("Type de territoire", "Rural", ""),
        ("Bassin", "Nord / Cambrésis", ""),
        ("Adresse du siège", "1 place de la Mairie 59400 Cambrai", ""),
        ("Commune", "Cambrai (59122)", ""),
        ("Département", "Nord (59)", ""),
        ("Région", "Hauts-de-France (32)", ""),
        ("Périmètre", '{"geoAreas": [{"id": "1", "geometry": {"type": "Point"}}]}', ""),
        ("Dossier lié", "Dossier n° 41", ""),
        ("Mesure nouvelle", '{"mesure": {"valeur": 7, "unite": "ha"}}', ""),
    ]


@pytest.mark.parametrize(("leur", "notre"), ETATS.items())
def test_chaque_etat_a_le_sien(leur, notre):
    la_vague_passee()
    reprendre(un_dossier(state=leur))
    assert Candidature.objects.get().etat == notre


def test_reste_en_construction_dans_une_vague_deja_close_le_dossier_passe_en_instruction():
    vague = la_vague_passee()
    cloture.clore(vague_id=vague.pk, maintenant=horloge_base())

    rapport = reprendre(un_dossier(numero=7, state="en_construction"))

    assert Candidature.objects.get().etat == EtatCandidature.EN_INSTRUCTION
    note = f"La vague {vague.numero} est close : en construction là-bas, il passe en instruction."
    assert plat(rapport.remarques) == [("7", note)]


def test_la_vague_est_celle_qui_contient_l_instant_du_depot_avec_son_decalage():
    avant = la_vague_passee()
    apres = la_vague_passee(ouverture=CLOTURE, cloture=CLOTURE + timedelta(days=120))
    juste_avant = un_dossier(numero=1, dateDepot="2023-02-01T10:59:59Z")
    a_l_instant = un_dossier(numero=2, dateDepot="2023-02-01T06:00:00-05:00")
    hors = un_dossier(numero=3, dateDepot="2019-01-01T00:00:00+01:00")

    rapport = reprendre(juste_avant, a_l_instant, hors)

    vagues = dict(Candidature.objects.values_list("numero_source", "vague"))
    assert vagues == {"1": avant.pk, "2": apres.pk}
    assert plat(rapport.refus) == [("3", "Déposé le 1er janvier 2019 à 00:00:00 : aucune vague n’était ouverte.")]


def test_deux_reprises_ne_changent_rien_et_une_version_plus_ancienne_non_plus():
    la_vague_passee()
    dossier = un_dossier()
    reprendre(dossier)
    avant, garde = comptes(), Candidature.objects.values().get()

    encore = reprendre(dossier)
    ancienne = reprendre({**dossier, "dateDerniereModification": "2023-01-01T00:00:00Z", "champs": []})

    assert (dict(encore.resultats), dict(ancienne.resultats)) == ({"déjà là": 1}, {"déjà là": 1})
    assert (comptes(), Candidature.objects.values().get()) == (avant, garde)


def test_l_essai_a_blanc_dit_la_meme_chose_et_n_ecrit_rien():
    la_vague_passee()
    lus = [un_dossier(), un_dossier(usager=None), un_dossier(state="refuse")]
    avant = comptes()

    a_blanc = reprendre(*lus, a_blanc=True)

    assert comptes() == avant
    pour_de_bon = reprendre(*lus)
    assert list(a_blanc.lignes()) == list(pour_de_bon.lignes())
    assert Candidature.objects.count() == 2


def test_une_version_plus_recente_met_a_jour_le_dossier_que_personne_n_a_touche():
    la_vague_passee()
    epci = f.un_epci()
    ancien = un_dossier(epci, state="en_instruction", motivation=None, dateTraitement=None)
    reprendre(ancien)
    champs = [
        champ | {"stringValue": "Deux usines ferment."} if "choc" in champ["label"] else champ
        for champ in ancien["champs"]
    ]

    rapport = reprendre(plus_tard(ancien, state="accepte", champs=champs, dateTraitement="2023-06-12T09:00:00+02:00"))

    assert dict(rapport.resultats) == {"mis à jour": 1}
    dossier = Candidature.objects.get()
    assert dossier.etat == EtatCandidature.LAUREATE
    assert dossier.contenu["choc"]["description"] == "Deux usines ferment."
    assert [(depot.rang, depot.contenu["sections"]["choc"]["description"]) for depot in dossier.depots.all()] == [
        (1, "Une usine ferme.\nCent vingt emplois."),
        (2, "Deux usines ferment."),
    ]
    versions = VersionDeSection.objects.filter(section="choc").order_by("revision")
    assert [version.revision for version in versions] == [1, 2]


def test_un_dossier_que_l_on_instruit_ici_garde_ses_reponses_et_son_etat():
    la_vague_passee()
    ancien = un_dossier(numero=9, state="en_instruction")
    reprendre(ancien)
    dossier = Candidature.objects.get()
    instruction.constater_recevabilite(
        candidature=dossier, recevable=True, motif="", auteur=f.un_agent(Role.INSTRUCTEUR), maintenant=horloge_base()
    )

    rapport = reprendre(plus_tard(ancien, state="refuse", champs=ancien["champs"][2:3], motivation="Non."))

    dossier.refresh_from_db()
    assert (dossier.etat, dossier.contenu) == (EtatCandidature.EN_INSTRUCTION, contenu_attendu())
    assert dossier.reprise["dossier"]["motivation"] == "Non."
    sentence = "On a travaillé ici sur ce dossier : ses réponses et son état n’ont pas été changés."
    assert plat(rapport.remarques) == [("9", sentence)]


def test_ce_que_le_porteur_a_ecrit_ici_depuis_n_est_pas_ecrase():
    f.une_vague(ouverture=horloge_base() - timedelta(days=30))
    depot = (horloge_base() - timedelta(days=2)).isoformat()
    ancien = un_dossier(state="en_construction", dateDepot=depot, dateDerniereModification=depot)
    reprendre(ancien)
    dossier = Candidature.objects.get()
    redaction.enregistrer_section(
        candidature=dossier,
        section="gouvernance",
        reponses={"pilotage": "Autrement."},
        auteur=f.porteur_de(dossier),
        maintenant=horloge_base(),
    )

    reprendre(plus_tard(ancien, champs=[]))

    dossier.refresh_from_db()
    assert dossier.contenu["gouvernance"]["pilotage"] == "Autrement."
    assert dossier.contenu["choc"] == contenu_attendu()["choc"]


def test_un_dossier_refuse_n_emporte_pas_les_autres():
    la_vague_passee()
    epci = f.un_epci()
    lus = [
        un_dossier(epci, 1),
        un_dossier(epci, 2, state="sans_suite"),
        un_dossier(numero=3, usager={"email": "pas une adresse"}),
        un_dossier(numero=4, state="inconnu"),
        un_dossier(numero=5, dateDepot=None, datePassageEnConstruction=None),
        un_dossier(numero=6, demandeur=None, champs=[]),
        un_dossier(numero=7, dateDepot=(horloge_base() + timedelta(days=1)).isoformat()),
        un_dossier(numero=8),
    ]
    f.une_vague()

    rapport = reprendre(*lus)

    assert sorted(Candidature.objects.values_list("numero_source", flat=True)) == ["1", "8"]
    assert plat(dict(rapport.refus)) == {
        "2": "Ce territoire a déjà un dossier dans cette vague. Si l’un des deux ne compte pas, donnez-lui l’état "
        '"retiree" dans la correspondance, sous [dossiers.…].',
        "3": "L’adresse électronique de son usager manque ou n’est pas valable.",
        "4": "Son état « inconnu » n’est pas dans la correspondance.",
        "5": "Il n’a pas de date de dépôt lisible.",
        "6": "Aucun de ses champs ne désigne une intercommunalité connue. Indiquez son territoire dans la "
        "correspondance, sous [dossiers.…].",
        "7": "Sa date de dépôt est dans le futur.",
    }


def test_l_administrateur_tranche_dossier_par_dossier():
    la_vague_passee()
    chef, membre = f.un_epci(), f.un_epci()
    correspondance = depuis_toml(
        {
            "etats": ETATS,
            "dossiers": {
                "1": {"territoire": [chef.siren, membre.siren], "porteur": "Nouvel.Agent@collectivite.example"},
                "2": {"etat": "retiree"},
            },
        }
    )

    rapport = reprendre(un_dossier(membre, 1, usager=None), un_dossier(membre, 2), correspondance=correspondance)

    assert rapport.refus == []
    premier, second = Candidature.objects.order_by("numero_source")
    assert premier.territoire.chef_de_file == chef
    assert set(premier.territoire.sirens) == {chef.siren, membre.siren}
    assert f.porteur_de(premier).email == "nouvel.agent@collectivite.example"
    assert second.etat == EtatCandidature.RETIREE


def test_un_laureat_ne_parait_qu_a_partir_de_son_annonce():
    vague = la_vague_passee()
    dossier = un_dossier(numero=5)
    aujourd_hui = horloge_base().date()
    avant = calculer(au=aujourd_hui)["territoires_laureats"].valeur

    sans = reprendre(dossier)
    assert sans.remarques[0][1].startswith("Lauréat à annoncer")
    assert calculer(au=aujourd_hui)["territoires_laureats"].valeur == avant
    assert not Mission.objects.exists()

    annonce = datetime(2023, 8, 28, 12, tzinfo=PARIS)
    avec = reprendre(
        dossier,
        correspondance=depuis_toml({"etats": ETATS, "annonces": {str(vague.numero): annonce.replace(tzinfo=None)}}),
    )

    assert dict(avec.resultats) == {"mis à jour": 1}
    label = Labellisation.objects.get()
    assert (label.decidee_le, label.annoncee_le, label.publique_a) == (
        datetime(2023, 6, 12, 7, tzinfo=UTC),
        annonce,
        annonce,
    )
    assert calculer(au=aujourd_hui)["territoires_laureats"].valeur == avant + 1
    assert Mission.objects.get().labellisations.get() == label
    assert not Courrier.objects.exists()


def test_les_dossiers_sans_decision_ne_changent_aucun_chiffre():
    la_vague_passee()
    aujourd_hui = horloge_base().date()
    avant = calculer(au=aujourd_hui).en_json()

    reprendre(*(un_dossier(state=etat) for etat in ("en_construction", "en_instruction", "refuse", "sans_suite")))

    assert Candidature.objects.count() == 4
    assert calculer(au=aujourd_hui).en_json() == avant


def test_un_porteur_deja_connu_garde_son_compte_et_un_particulier_donne_son_nom():
    la_vague_passee()
    connu = f.un_utilisateur("connu@collectivite.example", prenom="Paule", nom="Ancien")
    personne = {"__typename": "PersonnePhysique", "prenom": "Lou", "nom": "Test", "email": "lou@collectivite.example"}

    reprendre(
        un_dossier(usager={"email": "Connu@collectivite.example"}),
        un_dossier(usager={"email": "lou@collectivite.example"}, demandeur=personne),
    )

    connu.refresh_from_db()
    assert connu.get_full_name() == "Paule Ancien"
    assert Utilisateur.objects.get(email="lou@collectivite.example").get_full_name() == "Lou Test"
    assert connu.participations.count() == 1


def test_les_pieces_trouvees_et_verifiees_sont_jointes_au_depot(tmp_path):
    la_vague_passee()
    dossier = un_dossier(numero=11)
    (tmp_path / "ailleurs").mkdir()
    (tmp_path / "ailleurs" / "deliberation.pdf").write_bytes(b"un autre fichier du meme nom")
    sans = reprendre(dossier)
    assert dict(sans.pieces) == {"décrites": 1}
    absente = reprendre(dossier, pieces=tmp_path)
    assert dict(absente.pieces) == {"Le fichier trouvé n’a pas l’empreinte annoncée.": 1}
    (tmp_path / "11").mkdir()
    (tmp_path / "11" / "deliberation.pdf").write_bytes(f.PDF)
    a_blanc = reprendre(dossier, pieces=tmp_path, a_blanc=True)
    assert (dict(a_blanc.pieces), PieceJointe.objects.count()) == ({"jointes": 1}, 0)

    avec = reprendre(dossier, pieces=tmp_path)
    encore = reprendre(dossier)

    assert (dict(avec.resultats), dict(encore.resultats)) == ({"mis à jour": 1}, {"déjà là": 1})
    piece = PieceJointe.objects.get()
    assert (piece.nature, piece.nom, piece.document.type_mime) == (
        "deliberation",
        "deliberation.pdf",
        "application/pdf",
    )
    depot = Depot.objects.qui_comptent().get()
    assert [jointe.document for jointe in depot.pieces.all()] == [piece.document]


def test_une_base_qui_refuse_un_dossier_garde_les_autres():
    la_vague_passee()
    lourd = un_dossier(numero=1, motivation="\u0000\ud83d\ude00\u202e" + "a" * 1_000_000)
    casse = un_dossier(numero=2, motivation="\ud83d")

    with transaction.atomic():
        rapport = reprendre(lourd, casse)

    assert rapport.refus == []
    gardees = dict(Candidature.objects.values_list("numero_source", "reprise__dossier__motivation"))
    assert gardees == {"1": "␀😀\u202e" + "a" * 1_000_000, "2": "\ufffd"}


def test_un_dossier_repris_se_retire_et_se_modifie_comme_un_autre_avant_l_echeance():
    f.une_vague(ouverture=horloge_base() - timedelta(days=30))
    depot = (horloge_base() - timedelta(days=2)).isoformat()
    reprendre(un_dossier(state="en_construction", dateDepot=depot))
    dossier = Candidature.objects.get()

    retrait.retirer(candidature=dossier, auteur=f.porteur_de(dossier), maintenant=horloge_base())

    dossier.refresh_from_db()
    assert dossier.etat == EtatCandidature.RETIREE
