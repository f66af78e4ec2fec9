"""A dossier taken over for the first time: its state, wave, people, attachments, announcement."""

from datetime import UTC, datetime, timedelta

import pytest

from candidatures.cloture.actions import cloture
from candidatures.dossier.etats import EtatCandidature, Qualite, Source
from candidatures.models import Candidature, Depot, Labellisation, PieceJointe
from candidatures.reprise.correspondance import depuis_toml
from projets.chiffres import calculer
from projets.models import Mission
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f
from tests.candidatures.reprise.execution.outils import ETATS, contenu_attendu
from tests.candidatures.reprise.reprise import CLOTURE, la_vague_passee, plat, reprendre, un_dossier

pytestmark = pytest.mark.django_db
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
