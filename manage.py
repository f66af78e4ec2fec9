#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL it runs on the embedded servers (see rebond.embarque)."""

import os
import sys

from rebond.embarque import ServeurIndisponible, serveurs
from rebond.environnement import ReglageInvalide


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rebond.settings")
    try:
        with serveurs():
            import django  # late: bootstrap
            from django.core.management import execute_from_command_line  # late: bootstrap

            from rebond.exigences import exiger  # late: bootstrap

            django.setup()
            exiger()
            execute_from_command_line(sys.argv)
    except (ServeurIndisponible, ReglageInvalide) as erreur:
        sys.exit(f"{erreur}")


if __name__ == "__main__":
    main()
