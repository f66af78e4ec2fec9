"""The access log of gunicorn: it names the visitor rather than the reverse proxy, and no secret of an address."""

from typing import Any

from gunicorn.glogging import Logger

from rebond.journalisation import sans_secret


class JournalDesAcces(Logger):
    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        # gunicorn makes its logger before any settings are read.
        from rebond.socle.requete.visiteur import adresse_selon  # late: apps

        atomes: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        dits = {nom: sans_secret(atome) if isinstance(atome, str) else atome for nom, atome in atomes.items()}
        return {**dits, "h": adresse_selon(environ)}
