"""When those who instruct a file write to each other, and what they are told of who may read it later."""

LONGUEUR_MAX = 5000
#: Said wherever a note is typed (CRPA, art. L311-1 and L311-2).
COMMUNICABLE = (
    "Le territoire, le comité et les experts ne lisent pas vos notes. Mais une fois la décision prise, toute personne "
    "peut demander à lire, en tout ou partie, ce qui a servi à la préparer\u00a0: écrivez des faits, sans jugement "
    "sur quelqu’un."
)
PAS_POUR_VOUS = "Vous n’instruisez pas ce dossier\u00a0: vous ne pouvez pas l’annoter."
ANCRE_INCONNUE = "Cette réponse n’est pas dans le dossier. Rouvrez-le et recommencez."
