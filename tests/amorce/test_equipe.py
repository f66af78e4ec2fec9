"""The processes of a portal: one that ends is named with the end of its log, and none is left."""

import os
import sys
from pathlib import Path

import pytest

from rebond.amorce.equipe import Equipe, Poste, ProcessusArrete

VEILLE = Poste("veille", [sys.executable, "-c", "import signal; signal.pause()"])
CHUTE = Poste("chute", [sys.executable, "-c", "print('une cause'); raise SystemExit(3)"])


def vivant(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_un_processus_qui_s_arrete_est_nomme_et_arrete_les_autres(tmp_path: Path) -> None:
    with Equipe([VEILLE, CHUTE], environ=os.environ, journaux=tmp_path) as equipe:
        pids = equipe.pids()
        with pytest.raises(ProcessusArrete) as constat:
            equipe.surveiller()
    assert str(constat.value) == (
        f"Le processus « chute » s'est arrêté (code 3). Fin de {tmp_path / 'chute.log'} :\n    une cause"
    )
    assert [vivant(pid) for pid in pids] == [False, False]


def test_quitter_arrete_tout_et_garde_le_journal_precedent(tmp_path: Path) -> None:
    (tmp_path / "veille.log").write_text("hier")
    with Equipe([VEILLE], environ=os.environ, journaux=tmp_path) as equipe:
        [pid] = equipe.pids()
        assert vivant(pid)
    assert not vivant(pid)
    assert (tmp_path / "veille.precedent.log").read_text() == "hier"


def test_un_programme_introuvable_ne_laisse_rien_en_marche(tmp_path: Path) -> None:
    absent = Poste("absent", [str(tmp_path / "absent")])
    with pytest.raises(FileNotFoundError), Equipe([VEILLE, absent], environ=os.environ, journaux=tmp_path):
        pass
