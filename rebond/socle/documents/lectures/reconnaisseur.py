"""Has Tesseract read pictures of pages, and writes their text on its output. Run as a process of its own by
`rebond.socle.documents.lectures.extraction`, bounded by `a_part`, as Tesseract is with it.

    reconnaisseur.py TESSERACT FOLDER PAGES

Each page is ended by a form feed.
"""

import subprocess
import sys
from pathlib import Path

# Seconds that one page may take.
D_UNE_PAGE = 40


def reconnaitre(tesseract: str, image: Path) -> bytes:
    try:
        fini = subprocess.run(
            [tesseract, str(image), "stdout", "-l", "fra"],
            capture_output=True,
            timeout=D_UNE_PAGE,
            check=False,
            # One thread: pages of the portal go first.
            env={"OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        return b""
    return fini.stdout


if __name__ == "__main__":
    sys.stdout.buffer.write(b"pret\n")
    for rang in range(1, int(sys.argv[3]) + 1):
        lu = reconnaitre(sys.argv[1], Path(sys.argv[2]) / f"{rang}.jpg")
        sys.stdout.buffer.write(lu.replace(b"\f", b" ").replace(b"\0", b" ") + b"\f")
        sys.stdout.buffer.flush()
