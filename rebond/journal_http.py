"""The access log of gunicorn, which names the visitor rather than the reverse proxy."""

from typing import Any

from gunicorn.glogging import Logger


class JournalDesAcces(Logger):
    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        # gunicorn makes its logger before any settings are read.
        from rebond.socle.requete.visiteur import adresse_selon

        atomes: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {**atomes, "h": adresse_selon(environ)}
