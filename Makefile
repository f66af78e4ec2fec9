# Everything is done by rebond.amorce, with the system's Python: see `make aide`.
PYTHON ?= python3
AMORCE := @exec $(PYTHON) -m rebond.amorce

N ?= 500

.PHONY: aide demo dev shell test couverture mutation bench stampede captures lint avis verrou
.DEFAULT_GOAL := aide

aide:
	@echo "make demo              le portail et son jeu de démonstration (PORT=8010 pour un autre port)"
	@echo "make dev               le même, rechargé à chaque enregistrement, erreurs détaillées et barre de débogage"
	@echo "make shell             Python, modèles importés, sur les données du dernier make dev ou make demo"
	@echo "make test              toute la suite de tests (ARGS=\"tests/socle -x\" pour une partie)"
	@echo "make couverture        la suite, et ce qu’elle parcourt du produit, branche par branche"
	@echo "make mutation          des fautes écrites dans les règles, une à une : un essai doit échouer (ARGS=chemins)"
	@echo "make bench             chaque page à 10 000 dossiers, à côté de ses planchers (ARGS=\"listes exports\" pour une partie)"
	@echo "make stampede N=500    N dépôts autour d’une échéance, le portail étant malmené (ARGS=--temoin, --horloge=30…)"
	@echo "make captures          les vingt pages principales à trois largeurs, depuis la démonstration, dans docs/captures/"
	@echo "make lint              style, gabarits, scripts, types, sens des imports, migrations, failles connues des dépendances"
	@echo "make avis              les failles connues de ce que nomment les verrous (DEPUIS=copie de la base d’avis, pour la rafraîchir)"
	@echo "make verrou            refait les verrous de requirements/ (ARGS=--upgrade pour tout mettre à jour)"

demo:
	$(AMORCE) demo

dev:
	$(AMORCE) dev

shell:
	$(AMORCE) shell $(ARGS)

test:
	$(AMORCE) test $(ARGS)

couverture:
	$(AMORCE) couverture $(ARGS)

mutation:
	$(AMORCE) mutation $(ARGS)

bench:
	$(AMORCE) bench $(ARGS)

stampede:
	$(AMORCE) stampede -n $(N) $(ARGS)

captures:
	$(AMORCE) captures

lint:
	$(AMORCE) lint

avis:
	$(AMORCE) avis $(DEPUIS)

verrou:
	@requirements/verrouiller $(ARGS)
