import subprocess
import sys
from pathlib import Path


def test_les_imports_vont_dans_le_sens_de_l_architecture() -> None:
    """In a process of its own: import-linter silences the loggers of the one it runs in."""
    commande = Path(sys.executable).with_name("lint-imports")
    constat = subprocess.run([commande, "--no-cache"], capture_output=True, text=True, check=False)
    assert constat.returncode == 0, constat.stdout
