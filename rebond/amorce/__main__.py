"""Entry point. Kept readable by an old Python, so that it can be told what it lacks."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Python 3.11 ou plus récent est nécessaire, celui-ci est le %d.%d. "
        "Indiquez-en un autre ainsi : make demo PYTHON=python3.11" % sys.version_info[:2]
    )

from rebond.amorce.commandes import main

sys.exit(main(sys.argv[1:]))
