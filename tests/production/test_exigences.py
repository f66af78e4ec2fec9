"""Production refuses to start, and says what to set: each reason, then each kind of process."""

import secrets

import pytest
from django.conf import settings as lus
from django.db import IntegrityError, connection, transaction

from rebond import exigences
from rebond.demo.marque import marquer
from rebond.demo.models import BaseDeDemonstration
from rebond.environnement import ReglageInvalide
from tests.outils.enfants import BOUCLE_DU_NAVIGATEUR
from tests.outils.roles import administrer, url_administrateur
from tests.production.reglages import lancer

CLE = secrets.token_urlsafe(50)
PHRASE_CLE = (
    "REBOND_CLE_SECRETE est trop faible\u00a0: il faut 50 signes tirés au sort, par exemple par "
    'python3 -c "import secrets; print(secrets.token_urlsafe(50))".'
)
PHRASE_BASE = (
    "DATABASE_URL désigne une base où la démonstration a été chargée\u00a0: ses comptes ont un mot de passe public. "
    "Faites une base neuve."
)
ANTIVIRUS = (
    "Aucun antivirus n’est réglé\u00a0: donnez l’adresse de clamd dans REBOND_ANTIVIRUS (hôte:port, ou le chemin de "
    "sa prise). Pour s’en passer en connaissance de cause, écrivez REBOND_SANS_ANTIVIRUS=oui\u00a0: les fichiers "
    "reçus seront alors servis sans avoir été analysés."
)
VALKEY = (
    "REDIS_URL n’a pas de mot de passe d’au moins 16 signes\u00a0: donnez-en un à Valkey (requirepass) et écrivez "
    "redis://:mot-de-passe@hôte:port/numéro."
)


@pytest.fixture
def production(settings):
    settings.EN_PRODUCTION = True
    settings.ADRESSE_PUBLIQUE = "https://rebond.example.fr"
    settings.ALLOWED_HOSTS = ["rebond.example.fr"]
    settings.SECRET_KEY = CLE
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.ANTIVIRUS = "clamav:3310"
    settings.SECURITE_CONTACT, settings.SECURITE_EXPIRE = "mailto:securite@example.fr", "2026-12-31"
    return settings


@pytest.mark.django_db
def test_une_production_bien_reglee_demarre(production):
    assert exigences.refus() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reglage", "valeur", "phrase"),
    [
        pytest.param("SECRET_KEY", CLE[:49], PHRASE_CLE, id="cle-courte"),
        ("SECRET_KEY", "a" * 60, PHRASE_CLE),
        ("DEBUG", True, "REBOND_DEBUG=oui montre le code et les réglages à tous\u00a0: retirez-le."),
        (
            "DEMONSTRATION",
            True,
            (
                "REBOND_DEMONSTRATION=oui annonce des données inventées, et leurs mots de passe sont publics\u00a0: "
                "retirez-le, ou donnez à la démonstration une adresse en http:// sur une machine à elle."
            ),
        ),
        ("ALLOWED_HOSTS", ["*"], "REBOND_HOTES=* répond à n’importe quel nom\u00a0: écrivez ceux du portail."),
        ("ALLOWED_HOSTS", ["localhost"], "REBOND_HOTES ne contient pas rebond.example.fr\u00a0: ajoutez-le."),
        (
            "ADRESSE_PUBLIQUE",
            "https://rebond.example.fr/",
            "REBOND_ADRESSE=https://rebond.example.fr/ dit trop\u00a0: https://nom, sans barre à la fin.",
        ),
        ("REDIS_URL", "redis://127.0.0.1:6379/0", VALKEY),
        ("REDIS_URL", "redis://:court@127.0.0.1:6379/0", VALKEY),
        ("ANTIVIRUS", "", ANTIVIRUS),
        (
            "EMAIL_BACKEND",
            "django.core.mail.backends.filebased.EmailBackend",
            (
                "REBOND_COURRIEL_BACKEND=django.core.mail.backends.filebased.EmailBackend n’envoie pas d’e-mail, "
                "et personne ne pourrait se connecter\u00a0: retirez-le et réglez REBOND_SMTP_HOTE."
            ),
        ),
        (
            "SECURITE_CONTACT",
            "",
            "REBOND_SECURITE_CONTACT manque\u00a0: écrivez mailto:adresse ou https://page, où se signale une faille.",
        ),
        (
            "SECURITE_EXPIRE",
            "bientôt",
            (
                "REBOND_SECURITE_EXPIRE, le dernier jour où ce contact vaut (dans un an au plus)\u00a0: Ce n’est pas "
                "une date. Écrivez-la comme 01/10/2022 ou «\u00a01er octobre 2022\u00a0»."
            ),
        ),
    ],
)
def test_chaque_faute_de_reglage_est_refusee_et_dit_quoi_ecrire(production, reglage, valeur, phrase):
    setattr(production, reglage, valeur)
    assert exigences.refus() == [phrase]
    with pytest.raises(ReglageInvalide) as refus:
        exigences.exiger()
    assert str(refus.value) == f"Le portail ne démarre pas\u00a0:\n– {phrase}"


@pytest.mark.django_db
def test_les_lettres_ne_quittent_pas_la_machine_en_clair(production):
    """They carry the codes that open accounts."""
    production.EMAIL_HOST, production.EMAIL_USE_TLS = "smtp.example.fr", False
    assert exigences.refus() == [
        (
            "REBOND_SMTP_HOTE=smtp.example.fr recevrait en clair les codes qui ouvrent les comptes\u00a0: écrivez "
            "REBOND_SMTP_TLS=oui."
        )
    ]
    production.EMAIL_USE_TLS = True
    assert exigences.refus() == []
    production.EMAIL_HOST, production.EMAIL_USE_TLS = "127.0.0.1", False
    assert exigences.refus() == []


@pytest.mark.django_db
def test_se_passer_d_antivirus_s_ecrit(production):
    production.ANTIVIRUS, production.SANS_ANTIVIRUS = "", True
    assert exigences.refus() == []


@pytest.mark.django_db
def test_une_base_ou_la_demonstration_a_ete_chargee_est_refusee(production):
    marquer()
    assert exigences.refus() == [PHRASE_BASE]


@pytest.mark.django_db
@pytest.mark.parametrize("ordre", ["DELETE FROM {}", "UPDATE {} SET marquee_le = clock_timestamp()"])
def test_la_marque_d_une_demonstration_ne_s_enleve_pas(ordre):
    marquer()
    marquer()
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as sql:
        sql.execute(ordre.format(BaseDeDemonstration._meta.db_table))
    with pytest.raises(IntegrityError), transaction.atomic():
        BaseDeDemonstration.objects.create(seule=False)
    assert BaseDeDemonstration.objects.count() == 1


@pytest.mark.django_db
def test_une_base_sans_tables_ne_dit_rien_et_se_migre(production):
    administrer("ALTER TABLE demo_basededemonstration RENAME TO ailleurs")
    assert exigences.refus() == []


@pytest.mark.django_db
def test_une_demonstration_et_un_poste_ne_demandent_rien(settings):
    assert (lus.EN_PRODUCTION, lus.ADRESSE_PUBLIQUE) == (False, "http://localhost:8000")
    assert exigences.refus() == []
    settings.DEMONSTRATION = True
    settings.ADRESSE_PUBLIQUE = "http://192.0.2.7:8000"
    marquer()
    assert exigences.refus() == []


def test_de_vraies_donnees_ne_passent_pas_en_clair(settings):
    settings.ADRESSE_PUBLIQUE = "http://rebond.example.fr"
    assert exigences.refus() == [
        (
            "REBOND_ADRESSE=http://rebond.example.fr n’est pas chiffrée\u00a0: écrivez une adresse en https:// (ou "
            "REBOND_DEMONSTRATION=oui, si les données sont inventées)."
        )
    ]


MIGRER = ("manage.py", "migrate", "--plan")
QUI_SERVENT = {
    "web": ("-m", "gunicorn", "-c", "python:rebond.gunicorn", "rebond.wsgi"),
    "worker": ("-m", "celery", "-A", "rebond", "worker", "--pool", "solo"),
    "beat": ("-m", "celery", "-A", "rebond", "beat", "--pidfile", "", "-s", "/dev/null"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("commande", [MIGRER, *QUI_SERVENT.values()], ids=["manage", *QUI_SERVENT])
def test_chaque_processus_refuse_de_demarrer(commande):
    code, dit = lancer(*commande, REBOND_CLE_SECRETE="courte", PORT="0")
    assert (code != 0, PHRASE_CLE in dit) == (True, True), dit


def test_django_ne_trouve_rien_a_redire_a_la_production(monkeypatch):
    """`check --deploy`, whose warnings fail it; whatever tests ran before it in this process."""
    monkeypatch.setenv(BOUCLE_DU_NAVIGATEUR, "true")
    code, dit = lancer("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (code, dit.startswith("System check identified no issues")) == (0, True), dit


@pytest.mark.django_db
@pytest.mark.parametrize("commande", QUI_SERVENT.values(), ids=QUI_SERVENT)
def test_ce_qui_sert_ne_demarre_pas_sous_un_role_qui_peut_tout(commande):
    code, dit = lancer(*commande, DATABASE_URL=url_administrateur(str(connection.settings_dict["NAME"])), PORT="0")
    assert (code != 0, "il est superutilisateur" in dit) == (True, True), dit
