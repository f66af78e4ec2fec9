"""The journal is written by the database, sealed, and any change shows, whoever makes it."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from candidatures.vagues.actes import ActeDeVague
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal import scelles
from rebond.socle.journal.actions import consigner, consigner_lot
from rebond.socle.journal.models import EntreeJournal, ScelleDuJournal
from rebond.socle.journal.verification import empreinte_du_scelle, verifier
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f
from tests.outils.roles import administrer, sans_declencheurs

ETRANGES = {
    "texte": 'Un « guillemet », une "quote", un \\ et un \n retour, \x7f, 🏭, \u2028',
    "nombres": [1, -2, 3.5, 1e21, 0, True, None],
    "sous": {"à": {"b": []}},
}
SANS_AUTORITE = (
    "Aucune autorité d’horodatage n’est configurée : seule une empreinte notée ailleurs dirait si tout le journal a "
    "été refait."
)
DE_PLUS = (
    "INSERT INTO socle_entreejournal SELECT (jsonb_populate_record(e, '{{\"id\": 1}}')).* "
    "FROM socle_entreejournal e WHERE id = {0}"
)


def ecrire(nombre: int = 3) -> list[EntreeJournal]:
    # A number that no entry bears, as after an act that failed: the first one, when nothing was written yet.
    administrer("SELECT nextval(pg_get_serial_sequence('socle_entreejournal', 'id'))")
    acteur = f.un_utilisateur()
    return [
        consigner(
            ActeDeVague.PROGRAMMER if rang % 2 else ActeDeVague.SUSPENDRE,
            acteur,
            acteur=acteur if rang else None,
            fait_le=horloge_base() if rang else None,
            **ETRANGES,
        )
        for rang in range(nombre)
    ]


def commande(*arguments: str) -> tuple[int, str]:
    sortie = StringIO()
    try:
        call_command("verifier_journal", *arguments, stdout=sortie)
    except SystemExit as fin:
        return int(str(fin.code)), sortie.getvalue()
    return 0, sortie.getvalue()


@pytest.mark.django_db
class TestEcriture:
    def test_la_base_dit_quand_sous_quel_role_et_qui(self) -> None:
        personne = f.un_utilisateur()
        avant = horloge_base()
        entree = consigner(ActeDeVague.PROGRAMMER, personne, acteur=personne)
        portail = consigner(ActeDeVague.PROGRAMMER, personne, acteur=None)
        consigner_lot(ActeDeVague.PROGRAMMER, [(personne, {})], acteur=personne)
        lues = list(EntreeJournal.objects.order_by("pk"))
        assert [(lue.acteur, lue.session) for lue in lues] == [
            (str(personne), "rebond_application"),
            ("Portail", "rebond_application"),
            (str(personne), "rebond_application"),
        ]
        assert [lue.pk for lue in lues[:2]] == [entree.pk, portail.pk]
        assert all(avant <= lue.ecrit_le <= horloge_base() for lue in lues)

    @pytest.mark.jumeau("postgres:journal_acteur_connu")
    @pytest.mark.parametrize(("prenom", "nom"), [("", ""), ("Ada", ""), ("", "Lovelace"), ("Ada", "Lovelace")])
    def test_l_acteur_est_nomme_comme_partout(self, prenom: str, nom: str) -> None:
        personne = f.un_utilisateur()
        Utilisateur.objects.filter(pk=personne.pk).update(prenom=prenom, nom=nom)
        personne.refresh_from_db()
        consigner(ActeDeVague.PROGRAMMER, personne, acteur=personne)
        assert EntreeJournal.objects.get().acteur == str(personne)

    @pytest.mark.parametrize(
        ("supplement", "refus"),
        [
            ({"ecrit_le": "now() - interval '1 day'"}, "journal_date_par_la_base"),
            ({"ecrit_le": "now() + interval '1 day'"}, "journal_date_par_la_base"),
            ({"session": "'un_autre'"}, "journal_date_par_la_base"),
            ({"acteur_id_copie": "987654321"}, "journal_acteur_connu"),
            ({"id": "1"}, "permission denied"),
        ],
    )
    def test_rien_de_cela_ne_se_fournit(self, supplement: dict[str, str], refus: str) -> None:
        colonnes = {
            "acte": "'x'",
            "acteur": "'x'",
            "objet_type": "'x'",
            "objet_id": "'1'",
            "objet": "'x'",
            "details": "'{}'",
        } | supplement
        sql = f"INSERT INTO socle_entreejournal ({', '.join(colonnes)}) VALUES ({', '.join(colonnes.values())})"
        with pytest.raises(DatabaseError) as erreur, transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(sql)
        cause = erreur.value.__cause__
        assert refus in f"{cause} {getattr(cause, 'diag', None) and cause.diag.constraint_name}"  # type: ignore[union-attr]
        assert not EntreeJournal.objects.exists()

    def test_le_proprietaire_lui_meme_n_antidate_pas(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            administrer(
                "INSERT INTO socle_entreejournal (acte, acteur, objet_type, objet_id, objet, details, ecrit_le) "
                "VALUES ('x', 'x', 'x', '1', 'x', '{}', now() - interval '1 hour')"
            )

    def test_le_nom_fourni_ne_compte_pas(self) -> None:
        with connection.cursor() as curseur:
            curseur.execute(
                "INSERT INTO socle_entreejournal (acte, acteur, objet_type, objet_id, objet, details) "
                "VALUES ('x', 'Le ministre', 'x', '1', 'x', '{}')"
            )
        assert EntreeJournal.objects.get().acteur == "Portail"


@pytest.mark.django_db
class TestScelles:
    def test_chaque_scelle_suit_le_precedent_et_se_recalcule(self) -> None:
        premieres = ecrire(3)
        assert scelles.sceller() == 1
        assert scelles.sceller() == 0
        secondes = ecrire(2)
        assert scelles.sceller() == 1
        un, deux = ScelleDuJournal.objects.order_by("numero")
        assert (un.nombre, un.fin, un.precedent) == (3, premieres[-1].pk, "")
        assert (deux.nombre, deux.debut, deux.fin, deux.precedent) == (2, un.fin + 1, secondes[-1].pk, un.empreinte)
        assert [empreinte_du_scelle(s) for s in (un, deux)] == [un.empreinte, deux.empreinte]
        assert verifier(horloge_base()).alterations == []

    def test_rien_d_un_scelle_ne_se_fournit(self) -> None:
        ecrire(1)
        faux = ScelleDuJournal(
            numero=9,
            debut=1,
            fin=9999,
            nombre=0,
            racine="0" * 64,
            empreinte="0" * 64,
            scelle_le=horloge_base() - timedelta(days=1),
        )
        faux.save(force_insert=True)
        assert verifier(horloge_base()).alterations == []
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ScelleDuJournal(
                pk=1, numero=9, debut=1, fin=9, nombre=0, racine="", empreinte="", scelle_le=horloge_base()
            ).save(force_insert=True)

    def test_ce_qui_n_a_pas_abouti_ne_manque_pas(self) -> None:
        with transaction.atomic():
            ecrire(2)
            transaction.set_rollback(True)
        ecrire(1)
        scelles.sceller()
        assert ScelleDuJournal.objects.get().nombre == 1
        assert verifier(horloge_base()).alterations == []


def refaire_la_chaine() -> None:
    with sans_declencheurs():
        administrer("DELETE FROM socle_scelledujournal")
    scelles.sceller()


CHANGER = "UPDATE socle_entreejournal SET details = '{{\"montant\": 1}}' WHERE id = {0}"
SCELLE_CHANGE = "UPDATE socle_scelledujournal SET "
FALSIFICATIONS = {
    "un contenu": (CHANGER, "leur contenu n’est plus celui qui a été scellé"),
    "un instant": (
        "UPDATE socle_entreejournal SET ecrit_le = ecrit_le - interval '1 microsecond' WHERE id = {0}",
        "leur contenu n’est plus celui qui a été scellé",
    ),
    "un auteur": (
        "UPDATE socle_entreejournal SET acteur = 'Autre' WHERE id = {0}",
        "leur contenu n’est plus celui qui a été scellé",
    ),
    "une session": (
        "UPDATE socle_entreejournal SET session = 'postgres' WHERE id = {0}",
        "leur contenu n’est plus celui qui a été scellé",
    ),
    "une entrée de moins": ("DELETE FROM socle_entreejournal WHERE id = {0}", "2 au lieu de 3"),
    "une entrée de plus": (
        DE_PLUS,
        "4 au lieu de 3",
    ),
    "une racine": (
        SCELLE_CHANGE + "racine = repeat('0', 64) WHERE numero = 1",
        "son empreinte n’est pas celle de ce qu’il porte",
    ),
    "une date de scellé": (
        SCELLE_CHANGE + "scelle_le = scelle_le - interval '1 day' WHERE numero = 2",
        "il est daté d’avant le précédent",
    ),
    "un scellé de moins": (
        "DELETE FROM socle_scelledujournal WHERE numero = 1",
        "Scellé n°\u00a02 : il ne suit pas le précédent",
    ),
}


@pytest.mark.django_db
class TestVerification:
    @pytest.fixture
    def entrees(self) -> list[EntreeJournal]:
        entrees = ecrire(3)
        scelles.sceller()
        ecrire(1)
        scelles.sceller()
        return entrees

    def test_un_journal_intact_se_dit_intact(self, entrees: list[EntreeJournal]) -> None:
        ecrire(1)
        code, sortie = commande()
        dernier = ScelleDuJournal.objects.order_by("numero").last()
        assert dernier is not None
        assert code == 0
        assert sortie.replace("\u00a0", " ").replace("\u202f", " ").splitlines() == [
            "La chaîne des scellés tient (2 scellés).",
            "Le contenu de ce qui est scellé n’a pas changé (4 entrées).",
            "Dernières minutes : 1 entrée pas encore scellée.",
            SANS_AUTORITE,
            "Les déclencheurs qui gardent le journal sont en place.",
            "Le journal est intact.",
            f"À noter hors de la base : --temoin 2:{dernier.empreinte}",
        ]

    @pytest.mark.parametrize("quoi", FALSIFICATIONS)
    def test_qui_tient_toute_la_base_n_y_change_rien_sans_que_cela_se_voie(
        self, entrees: list[EntreeJournal], quoi: str
    ) -> None:
        requete, phrase = FALSIFICATIONS[quoi]
        with sans_declencheurs():
            administrer(*requete.format(entrees[1].pk).split("; "))
        code, sortie = commande()
        assert code == 1
        assert phrase.replace("\u00a0", " ") in sortie.replace("\u00a0", " ")
        assert "Le journal est intact" not in sortie

    def test_une_chaine_refaite_de_bout_en_bout_se_voit_a_l_empreinte_notee(
        self, entrees: list[EntreeJournal]
    ) -> None:
        _, sortie = commande()
        (temoin,) = re.findall(r"--temoin (\S+)", sortie)
        assert commande("--temoin", temoin)[0] == 0
        with sans_declencheurs():
            administrer(CHANGER.format(entrees[1].pk))
        refaire_la_chaine()
        assert commande()[0] == 0
        code, sortie = commande("--temoin", temoin)
        assert (code, "n’est pas celui qui avait été noté : le journal a été refait" in sortie) == (1, True)

    @pytest.mark.parametrize(
        "ordre",
        [
            "ALTER TABLE socle_entreejournal DISABLE TRIGGER USER",
            "ALTER TABLE socle_scelledujournal DISABLE TRIGGER ALL",
        ],
    )
    def test_un_declencheur_desarme_se_voit(self, entrees: list[EntreeJournal], ordre: str) -> None:
        administrer("SET CONSTRAINTS ALL IMMEDIATE", ordre)
        code, sortie = commande()
        assert (code, "Des déclencheurs sont désactivés ou manquent : socle_" in sortie) == (1, True)

    def test_un_declencheur_ote_se_voit(self, entrees: list[EntreeJournal]) -> None:
        with connection.cursor() as curseur:
            curseur.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_journal_immuable%'")
            (nom,) = curseur.fetchone()
        administrer("SET CONSTRAINTS ALL IMMEDIATE", f"DROP TRIGGER {nom} ON socle_entreejournal")
        assert commande()[0] == 1

    def test_ce_qui_n_est_plus_scelle_depuis_longtemps_se_voit(self, entrees: list[EntreeJournal]) -> None:
        ecrire(1)
        dans_une_heure = horloge_base() + timedelta(hours=1)
        (alteration,) = verifier(dans_une_heure).alterations
        assert "rien ne prouve qu’elles soient intactes" in alteration

    @pytest.mark.parametrize("temoin", ["2", "2:", "deux:abc"])
    def test_un_temoin_illisible_est_refuse(self, temoin: str, capsys: pytest.CaptureFixture[str]) -> None:
        from django.core.management.base import CommandError

        with pytest.raises(CommandError, match="écrivez NUMERO:EMPREINTE"):
            commande("--temoin", temoin)
