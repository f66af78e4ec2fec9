"""How Celery works here: the part of the settings that says so. Nothing here touches Django."""

from rebond.cadences import programme

# Who sends a task loads it then (`rebond.socle.taches`): Celery alone is a tenth of the start of any command.
APPLICATION = "rebond.celery.app"
# By queue, what its workers do. Celery's own is for what is short or has an hour. Documents take seconds each and come
# by the thousand at a deadline, long lists take minutes: neither may hold back a closing or a letter. Theirs are
# emptied by processes of their own, which give way to pages (docs/deploiement.md).
COURANTE, DOCUMENTS, EXPORTS = "celery", "documents", "exports"
FILES_DE_TRAVAUX = (COURANTE, DOCUMENTS, EXPORTS)
LENTES = (
    "candidatures.tasks.fabriquer_accuse",
    "candidatures.tasks.fabriquer_accuses_en_attente",
    "candidatures.tasks.lire_pieces",
    "candidatures.tasks.relier",
    "candidatures.tasks.fabriquer_proces_verbal",
    "candidatures.tasks.fabriquer_proces_verbaux_en_attente",
    "projets.tasks.conserver_les_fichiers_des_communiques",
    "projets.tasks.fabriquer_rapport",
)
LONGUES = ("rebond.exports.tasks.preparer", "candidatures.tasks.faire_un_acte_groupe")

REGLAGES: dict[str, object] = {
    # What is read back from Valkey is data, never objects: whoever wrote there would run code here.
    "CELERY_TASK_SERIALIZER": "json",
    "CELERY_RESULT_SERIALIZER": "json",
    "CELERY_EVENT_SERIALIZER": "json",
    "CELERY_ACCEPT_CONTENT": ["json"],
    "CELERY_BEAT_SCHEDULER": "rebond.rythme:Rythme",
    "CELERY_BROKER_TRANSPORT_OPTIONS": {
        # A killed worker's message comes back in seconds rather than in minutes.
        "visibility_timeout": 600,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    },
    "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
    # A worker that is told nothing takes from all of them.
    "CELERY_TASK_QUEUES": {nom: {} for nom in FILES_DE_TRAVAUX},
    "CELERY_TASK_DEFAULT_QUEUE": COURANTE,
    "CELERY_TASK_ROUTES": {
        **{nom: {"queue": DOCUMENTS} for nom in LENTES},
        **{nom: {"queue": EXPORTS} for nom in LONGUES},
    },
    # In kB, looked at between two tasks: a process that a large document has swollen gives its place to a new one.
    "CELERY_WORKER_MAX_MEMORY_PER_CHILD": 250_000,
    "CELERY_TASK_IGNORE_RESULT": True,
    "CELERY_TASK_ACKS_LATE": True,
    "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
    "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
    "CELERY_TASK_SOFT_TIME_LIMIT": 240,
    "CELERY_TASK_TIME_LIMIT": 300,
    "CELERY_WORKER_HIJACK_ROOT_LOGGER": False,
    "CELERY_TIMEZONE": "Europe/Paris",
    "CELERY_BEAT_SCHEDULE": programme(),
}
