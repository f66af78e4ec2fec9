"""gunicorn's configuration, in production and demonstration (`gunicorn -c python:rebond.gunicorn rebond.wsgi`)."""

import gc
import os
import sys
from pathlib import Path
from typing import Any

from gunicorn.arbiter import Arbiter

MEMOIRE = Path("/dev/shm")  # noqa: S108 (gunicorn makes its own private file in it)

bind = f"{os.environ.get('REBOND_ECOUTE', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
# gthread, which also stamps when each request reached this machine.
worker_class = "rebond.socle.horloge.ouvrier.OuvrierEstampilleur"
workers = int(os.environ.get("REBOND_WEB_PROCESSUS", "2"))
threads = int(os.environ.get("REBOND_WEB_FILS", "8"))
# A territory's clerk on a slow line may need minutes to send a file: threads wait, only a stuck process is killed.
timeout = 120
graceful_timeout = 20
keepalive = 5
# Loaded once: the processes share what they do not change, and one that is replaced serves at once. The price: kill
# -HUP starts processes with the code that was loaded; new code takes a restart or USR2 (docs/deploiement.md).
preload_app = True
# A belt: nothing is known to leak. Never every process at the same time.
max_requests = 50_000
max_requests_jitter = 5_000
# Nobody orders the servers about by another door.
control_socket_disable = True
# The heartbeat file must be in memory: on a slow disk gunicorn would kill healthy workers.
worker_tmp_dir = str(MEMOIRE) if MEMOIRE.is_dir() else None
# The portal is at the root of its address. From a proxy on this machine gunicorn would believe a header SCRIPT_NAME,
# which most proxies pass on: whoever sends one would choose how the addresses of a page begin.
forwarder_headers = ""
accesslog = "-"
errorlog = "-"
logger_class = "rebond.journal_http.JournalDesAcces"


def when_ready(server: Any) -> None:
    """Everything is loaded and no process has parted yet: what stays for ever is looked at by no collection again,
    whose marks would give each process a copy of its own."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """In each process: what it must not start with; then each process watches over the workers, so that
    alarms ring when they are all dead, and sends the letters that people wait for in front of their screen.
    """
    from rebond.environnement import ReglageInvalide  # late: apps
    from rebond.exigences import exiger  # late: apps
    from rebond.socle.bdd.roles import exiger_au_demarrage  # late: apps

    try:
        exiger()
        exiger_au_demarrage()
    except ReglageInvalide as refus:
        worker.log.critical("%s", refus)
        # gunicorn's own code for a process that will never start: it stops altogether.
        sys.exit(Arbiter.WORKER_BOOT_ERROR)
    from candidatures.surveillance import veilleur  # late: apps
    from rebond.socle.courriers import facteur  # late: apps

    veilleur.demarrer()
    facteur.demarrer()
