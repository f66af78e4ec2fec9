"""Settings of Rebond: one file, read from the environment (see docs/deploiement.md)."""

from pathlib import Path

from rebond import journalisation, protections, reglages_de_connexion, travaux
from rebond.environnement import Environnement
from rebond.mandataires import nombre_de_mandataires

RACINE = Path(__file__).resolve().parent.parent
env = Environnement()

# Demonstration and tests run on the embedded servers; production names its own.
DONNEES = env.chemin("REBOND_DONNEES", RACINE / ".donnees").resolve()
DEMONSTRATION = env.booleen("REBOND_DEMONSTRATION", False)
DEBUG = env.booleen("REBOND_DEBUG", False)

SECRET_KEY = env.texte("REBOND_CLE_SECRETE")
ALLOWED_HOSTS = env.liste("REBOND_HOTES", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.liste("REBOND_ORIGINES", [])
# Whether a reverse proxy overwrites X-Request-Start on every request: when it does not, anybody could write it.
MANDATAIRE_DE_CONFIANCE = env.booleen("REBOND_MANDATAIRE", False)
# The address that letters and documents print; no trailing slash.
ADRESSE_PUBLIQUE = env.texte("REBOND_ADRESSE", "http://localhost:8000")
# What production refuses to start with: rebond.exigences.
EN_PRODUCTION = ADRESSE_PUBLIQUE.startswith("https:")

INSTALLED_APPS = [
    "rebond.socle",
    "rebond.surveillance",
    "rebond.recherche",
    "territoires",
    "rebond.comptes",
    "rebond.exports",
    "candidatures",
    "projets",
    "rebond.donnees",
    "rebond.portail",
    "rebond.demo",
    "rebond.documentation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    *reglages_de_connexion.APPLICATIONS,
    "crispy_forms",
    "csp",
    "dsfr",
    "pgtrigger",
]

MIDDLEWARE = [
    "rebond.socle.requete.middleware.HorlogeDuMandataireMiddleware",
    "rebond.portail.parution.middleware.PagesPubliquesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "rebond.socle.requete.entetes.EntetesMiddleware",
    "rebond.socle.requete.politique.PolitiqueMiddleware",
    "rebond.socle.requete.fichiers_servis.FichiersIsolesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rebond.socle.requete.middleware.AdresseNetteMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "rebond.comptes.seances.personne.PersonneMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rebond.portail.temoin.TemoinDeConnexionMiddleware",
    "rebond.socle.requete.acces.JournalDesAccesMiddleware",
    "rebond.comptes.limites.EntreesLimiteesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    *reglages_de_connexion.INTERGICIELS,
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "rebond.socle.requete.trop_gros.TropGrosMiddleware",
    "rebond.socle.requete.limites.LimitesMiddleware",
    "rebond.socle.requete.middleware.SessionExpireeMiddleware",
    "rebond.socle.requete.middleware.MethodeRefuseeMiddleware",
    "rebond.socle.requete.middleware.LectureSeuleMiddleware",
    "rebond.socle.requete.middleware.RegleEnfreinteMiddleware",
]

ROOT_URLCONF = "rebond.urls"
WSGI_APPLICATION = "rebond.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rebond.portail.contexte.portail",
            ],
            "builtins": ["rebond.socle.templatetags.envois"],
            "libraries": {"adresses": "rebond.socle.courriers.balises"},
        },
    },
    # Second, so that pages never fall on it; letters ask for it by name.
    {
        "NAME": "lettres",
        "BACKEND": "rebond.socle.courriers.moteur.GabaritsDeLettres",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": False,
    },
]
FORM_RENDERER = "rebond.socle.formulaires.rendu.RenduDesSaisies"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["dsfr"]
CRISPY_TEMPLATE_PACK = "dsfr"
DSFR_MARK_OPTIONAL_FIELDS = True

DATABASES = {"default": env.base_postgres("DATABASE_URL") | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
DATABASES["default"]["OPTIONS"]["application_name"] = env.texte("REBOND_PROCESSUS", "rebond")
# Who owns the tables, and migrates them (rebond.socle.bdd.roles): another role than the portal's, which needs none of
# this to run. None where both are one, as on a development machine.
BASE_PROPRIETAIRE = (
    env.base_postgres("REBOND_BASE_PROPRIETAIRE") if env.texte("REBOND_BASE_PROPRIETAIRE", "") else None
)
REDIS_URL = env.texte("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "rebond.socle.requete.cache.CacheDeSecours",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "rebond",
        # Somebody waits for the page.
        "OPTIONS": {"serializer": "rebond.cache.EnJson", "socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}

AUTH_USER_MODEL = "socle.Utilisateur"
# Addresses are unique whatever their case: the constraint `utilisateur_email_unique`, which this check does not see.
# The folder of files on their way in is made when the first one arrives.
# Browsers' list of HTTPS sites (security.W021) takes whole domains, with all that is on them: not ours to decide.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "files.E001", "security.W021"]
AUTHENTICATION_BACKENDS = ["rebond.comptes.seances.personne.Porte"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "rebond.comptes.securite.mots_de_passe.MotDePasseDevinable"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "tableau_de_bord"
LOGOUT_REDIRECT_URL = "accueil"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_FORMS = {
    "add_email": "rebond.comptes.connexion.NouvelleAdresseForm",
    "change_password": "rebond.comptes.connexion.ChangerMotDePasseForm",
    "confirm_email_verification_code": "rebond.comptes.connexion.CodeDAdresseForm",
    "confirm_login_code": "rebond.comptes.connexion.CodeDeConnexionForm",
    "confirm_password_reset_code": "rebond.comptes.connexion.CodeDeMotDePasseForm",
    "login": "rebond.comptes.connexion.ConnexionForm",
    "reauthenticate": "rebond.comptes.connexion.ConfirmerIdentiteForm",
    "request_login_code": "rebond.comptes.connexion.DemandeDeCodeForm",
    "reset_password": "rebond.comptes.connexion.MotDePasseOublieForm",
    "reset_password_from_key": "rebond.comptes.connexion.NouveauMotDePasseForm",
    "set_password": "rebond.comptes.connexion.ChoisirMotDePasseForm",
    "signup": "rebond.comptes.connexion.InscriptionForm",
}
ACCOUNT_ADAPTER = "rebond.comptes.courriels.AdaptateurDeComptes"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# The machines of a town hall are often shared: the session ends with the browser.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
# Only somebody who has just made an account could change its address there: the page told who had one already.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# In seconds. Mail takes minutes in some administrations: three, the default, shut people out; more than ten would be
# too long (OWASP ASVS 5.0, 6.5.5). The letters and the pages say it.
DUREE_DES_CODES = 10 * 60
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = DUREE_DES_CODES
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = DUREE_DES_CODES
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = DUREE_DES_CODES
# By address and by account, both with regard to known devices: `rebond.comptes.limites`. Allauth counts the rest.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    # The second factor, tried by whoever has given the first.
    "login_failed": "5/300s/key",
    "request_login_code": None,
    "reset_password": None,
    "reset_password_from_key": None,
    "signup": None,
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Rebond industriel] "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if EN_PRODUCTION else "http"

MESSAGE_STORAGE = "rebond.socle.requete.cookies.Messages"
SESSION_ENGINE = "rebond.comptes.seances.moteur"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "rebond.socle.requete.saisies.formulaire_perime"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if EN_PRODUCTION:
    globals().update(protections.EN_HTTPS)
CONTENT_SECURITY_POLICY = protections.POLITIQUE_DE_CONTENU

_connexion = reglages_de_connexion.reglages(
    env, adresse=ADRESSE_PUBLIQUE, demonstration=DEMONSTRATION, cle=SECRET_KEY, csp=CONTENT_SECURITY_POLICY
)
globals().update(_connexion)
SECOND_FACTEUR_EXIGE: bool = _connexion["SECOND_FACTEUR_EXIGE"]
CLES_DES_SECONDS_FACTEURS: list[str] = _connexion["CLES_DES_SECONDS_FACTEURS"]
MFA_TOTP_ISSUER: str = _connexion["MFA_TOTP_ISSUER"]
PROCONNECT_ADRESSE: str = _connexion["PROCONNECT_ADRESSE"]
AGENTS_PAR_PROCONNECT: bool = _connexion["AGENTS_PAR_PROCONNECT"]
SESSION_INACTIVITE: int = _connexion["SESSION_INACTIVITE"]
SESSION_DUREE: int = _connexion["SESSION_DUREE"]

LANGUAGE_CODE = "fr"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = env.chemin("REBOND_STATIQUE", DONNEES / "statique")
STATICFILES_DIRS = [RACINE / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "rebond.statique.FichiersDesApplications",
]
# Under names that change with their content: the image and the demonstration make them once, the tests do without.
STATIQUE_COMPRESSE = env.booleen("REBOND_STATIQUE_COMPRESSE", False)
WHITENOISE_USE_FINDERS = not STATIQUE_COMPRESSE
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DONNEES / "fichiers", "file_permissions_mode": 0o600},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIQUE_COMPRESSE
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Files on their way in, whole or piece by piece; made when the first one arrives.
TELEVERSEMENTS = DONNEES / "televersements"
FILE_UPLOAD_TEMP_DIR = TELEVERSEMENTS
FILE_UPLOAD_HANDLERS = ["rebond.socle.requete.reception.ReceptionSurDisque"]
# What is typed: a whole section pasted at its longest fits, and is given back with what is wrong with it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

EMAIL_BACKEND = env.texte("REBOND_COURRIEL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_FILE_PATH = DONNEES / "courriels"
EMAIL_HOST = env.texte("REBOND_SMTP_HOTE", "localhost")
EMAIL_PORT = env.entier("REBOND_SMTP_PORT", 25)
EMAIL_HOST_USER = env.texte("REBOND_SMTP_UTILISATEUR", "")
EMAIL_HOST_PASSWORD = env.texte("REBOND_SMTP_MOT_DE_PASSE", "")
EMAIL_USE_TLS = env.booleen("REBOND_SMTP_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.texte("REBOND_EXPEDITEUR", "Rebond industriel <ne-pas-repondre@localhost>")
# What comes back (docs/deploiement.md): the address that letters leave from, as « retours@domain », the mailbox where
# their reports are read, and the secret under which the provider announces them. Empty: none of it.
RETOURS_ADRESSE = env.texte("REBOND_RETOURS_ADRESSE", "")
RETOURS_BOITE = env.texte("REBOND_RETOURS_BOITE", "")
RETOURS_SECRET = env.texte("REBOND_RETOURS_SECRET", "")

# Watching (docs/deploiement.md). Where the portal asks itself whether it answers, and who is told besides the
# administrateurs when something is wrong. Between two rounds of each web process's own watch, in seconds; 0: none.
SONDE_ADRESSE = env.texte("REBOND_SONDE", f"{ADRESSE_PUBLIQUE}/sante/")
ALARMES_DESTINATAIRES = env.liste("REBOND_ALARMES", [])
VEILLE_PERIODE = env.entier("REBOND_VEILLE", 60)
# To whom a flaw is told (mailto: or https:), and the last day on which that holds: /.well-known/security.txt.
SECURITE_CONTACT = env.texte("REBOND_SECURITE_CONTACT", "")
SECURITE_EXPIRE = env.texte("REBOND_SECURITE_EXPIRE", "")
# Besides the administrateurs, who is told of those who do not find their intercommunalité. Empty: nobody else.
ASSISTANCE_ADRESSE = env.texte("REBOND_ASSISTANCE_ADRESSE", "")

CELERY_BROKER_URL = REDIS_URL
globals().update(travaux.REGLAGES)
APPLICATION_CELERY: str = travaux.APPLICATION
FILES_DE_TRAVAUX: tuple[str, ...] = travaux.FILES_DE_TRAVAUX

# Attachments. Sizes in bytes; a browser sends a file by pieces of TELEVERSEMENT_MORCEAU, each held in memory once.
PIECE_TAILLE_MAX = env.entier("REBOND_PIECE_TAILLE_MAX", 200 * 1024 * 1024)
PIECES_NOMBRE_MAX = env.entier("REBOND_PIECES_NOMBRE_MAX", 40)
# Bytes left free on the disk of the documents: with less, files are refused, and the rest of the portal goes on.
ESPACE_LIBRE_MIN = env.entier("REBOND_ESPACE_LIBRE_MIN", 2 * 1024 * 1024 * 1024)
TELEVERSEMENT_MORCEAU = 1024 * 1024
# clamd: host:port, or the path of its Unix socket. Empty: files are served without being scanned.
ANTIVIRUS = env.texte("REBOND_ANTIVIRUS", "")
# What whoever runs production without one has put in writing.
SANS_ANTIVIRUS = env.booleen("REBOND_SANS_ANTIVIRUS", False)

# An authority that time-stamps procès-verbaux (RFC 3161): its address, and the PEM file of its root certificates.
# Without an address, none is asked.
HORODATAGE_ADRESSE = env.texte("REBOND_HORODATAGE", "")
HORODATAGE_AUTORITE = env.texte("REBOND_HORODATAGE_AUTORITE", None if HORODATAGE_ADRESSE else "")

# What a receipt must say (CRPA, art. L112-11 and R112-11-1): the service in charge, what silence means, appeals.
# `{date}` is the day on which silence becomes a decision, so many months after the reception.
ACCUSE_SERVICE = env.texte(
    "REBOND_ACCUSE_SERVICE", "Agence nationale de la cohésion des territoires – Programme Territoires d’industrie"
)
ACCUSE_ADRESSE = env.texte("REBOND_ACCUSE_ADRESSE", "20 avenue de Ségur, TSA 10717, 75334 Paris Cedex 07")
ACCUSE_COURRIEL = env.texte("REBOND_ACCUSE_COURRIEL", "territoires-industrie@anct.gouv.fr")
ACCUSE_TELEPHONE = env.texte("REBOND_ACCUSE_TELEPHONE", "01 85 58 60 00")
ACCUSE_RECOURS = env.texte(
    "REBOND_ACCUSE_RECOURS",
    "Une décision défavorable, expresse ou implicite, peut être contestée dans les deux mois : par un recours "
    "gracieux auprès du service désigné ci-dessus, par un recours hiérarchique auprès du ministre chargé de "
    "l’industrie, ou devant le tribunal administratif compétent, notamment par l’application Télérecours citoyens "
    "(www.telerecours.fr).",
)

# Printed at the foot of press releases, one service an item: « Ministère X : 01 00 00 00 00 – presse@x.gouv.fr ».
PRESSE_CONTACTS = env.liste(
    "REBOND_PRESSE_CONTACTS",
    ["Service de presse inventé pour la démonstration : presse@demonstration.example"] if DEMONSTRATION else [],
)
# Where press releases send candidates: this portal, unless it is only a demonstration on somebody's machine.
PRESSE_ADRESSE = env.texte(
    "REBOND_PRESSE_ADRESSE", "https://rebond.demonstration.example" if DEMONSTRATION else ADRESSE_PUBLIQUE
)

LOGGING = journalisation.reglages(env.texte("REBOND_JOURNALISATION", "WARNING"))

if DEBUG:
    from rebond import developpement

    developpement.exiger_un_poste(
        adresse=ADRESSE_PUBLIQUE,
        ecoute=env.texte("REBOND_ECOUTE", "127.0.0.1"),
        hotes=ALLOWED_HOSTS,
        demonstration=DEMONSTRATION,
    )
    INSTALLED_APPS.append("debug_toolbar")
    MIDDLEWARE = developpement.intergiciels(MIDDLEWARE)
    globals().update(developpement.REGLAGES)

# How many reverse proxies stand before gunicorn: what a visitor's address is read by.
MANDATAIRES = nombre_de_mandataires(env, adresse=ADRESSE_PUBLIQUE)
