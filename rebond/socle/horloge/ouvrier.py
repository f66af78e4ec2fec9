"""gunicorn's threaded worker, with stamped connections. The web server alone loads this: elsewhere nobody needs it."""

from gunicorn.workers.gthread import TConn, ThreadWorker

from rebond.socle.horloge.estampille import SocketEstampillee, estampiller


class OuvrierEstampilleur(ThreadWorker):
    def init_process(self) -> None:
        for ecoute in self.sockets:
            estampiller(ecoute)
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        if not isinstance(conn.sock, SocketEstampillee):
            conn.sock = SocketEstampillee.de(conn.sock)
        super().enqueue_req(conn)
