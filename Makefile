# Everything is done by rebond.amorce, with the system's Python: see `make aide`.
PYTHON ?= python3
AMORCE := @exec $(PYTHON) -m rebond.amorce

.PHONY: aide demo test bench lint verrou
.DEFAULT_GOAL := aide

aide:
	@echo "make demo              le portail et son jeu de démonstration (PORT=8010 pour un autre port)"
	@echo "make test              toute la suite de tests (ARGS=\"tests/socle -x\" pour une partie)"
	@echo "make bench             ce que coûte la clôture de 10 000 dossiers, à côté du SQL nu"
	@echo "make lint              style, types, sens des imports, migrations"
	@echo "make verrou            refait les verrous de requirements/ (ARGS=--upgrade pour tout mettre à jour)"

demo:
	$(AMORCE) demo

test:
	$(AMORCE) test $(ARGS)

bench:
	$(AMORCE) bench

lint:
	$(AMORCE) lint

verrou:
	@requirements/verrouiller $(ARGS)
