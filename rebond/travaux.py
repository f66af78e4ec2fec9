"""How Celery works here: the part of the settings that says so. Nothing here touches Django."""

from rebond.cadences import programme

#: Celery's own name for its queue.
FILE = "celery"
#: Long lists: minutes of work, which nothing else waits behind.
FILE_DES_EXPORTS = "exports"

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
    # A worker that is told nothing takes both; in production, exports have one of their own (docs/deploiement.md).
    "CELERY_TASK_QUEUES": {FILE: {}, FILE_DES_EXPORTS: {}},
    "CELERY_TASK_DEFAULT_QUEUE": FILE,
    "CELERY_TASK_ROUTES": {"rebond.exports.tasks.preparer": {"queue": FILE_DES_EXPORTS}},
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
