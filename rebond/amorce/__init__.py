"""From a bare clone to a running portal: `python3 -m rebond.amorce COMMAND`, called by the Makefile.

Standard library only: it runs before anything is installed.
"""
