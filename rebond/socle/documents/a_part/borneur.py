"""Bounds its own process, then runs a program in it. Run isolated by `rebond.socle.documents.a_part`.

    borneur.py PROCESSEUR MÉMOIRE rien|fichiers PROGRAMME [ARGUMENTS]

Seconds of processor, bytes of address space, whether it may write to files. The standard library alone.
"""

import os
import resource
import runpy
import sys


def se_borner(processeur: int, memoire: int, *, ecrit: bool) -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (processeur, processeur + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memoire, memoire))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not ecrit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    se_borner(int(sys.argv[1]), int(sys.argv[2]), ecrit=sys.argv[3] == "fichiers")
    sys.argv = sys.argv[4:]
    runpy.run_path(sys.argv[0], run_name="__main__")
