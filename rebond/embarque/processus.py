"""Telling a live server from what a dead one left behind."""

import socket
from pathlib import Path


def tourne_dans(pid: int, dossier: Path, programme: str) -> bool:
    """True when process `pid` is `programme` at work in `dossier`, not a stranger that took over its number."""
    proc = Path("/proc", str(pid))
    try:
        return (proc / "comm").read_text().strip() == programme and (proc / "cwd").samefile(dossier)
    except OSError:
        return False


def port_libre() -> int:
    """A port of the loopback that nobody listens on at this instant."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port: int = prise.getsockname()[1]
        return port
