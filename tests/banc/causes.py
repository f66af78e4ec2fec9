"""Why a goal is missed, when it is known, by the key of its line: printed beside the gap, kept with it."""

_DJANGO = (
    "le reste est du Python : une vue vide pour qui est connecté coûte déjà plusieurs fois un INSERT, et chaque "
    "grande lecture est planifiée par PostgreSQL (1 ms)"
)

_MEMOIRE = (
    "les exports n’y ajoutent rien : autant avant qu’après. 110 Mo à la première page, dont 50 que les processus "
    "partagent (part_de_memoire_mo) ; 36 pour les contours de la carte, dessinée là ; le reste pour les plus longues "
    "pages"
)

CAUSES: dict[str, str] = {
    "accueil-public-sans-cache": (
        "une page qui lit quoi que ce soit reste sous 0,35 : une vue d’un seul SELECT est à 0,27 de la vue vide ; "
        "celle-ci en fait dix, une fois par changement"
    ),
    "liste-nom": "une recherche lit ce qui répond dans l’index des noms, et le compte : rien ne le tient d’avance",
    "accueil-porteur": "quatre instructions ; le reste est le rendu de la page, en Python",
    "enregistrement": _DJANGO,
    "depot": _DJANGO,
    "export-ods": (
        "lire les lignes et mettre les cellules en forme coûte plus de la moitié de ce que coûte l’écrivain seul"
    ),
    "memoire-apres-exports": _MEMOIRE,
    "rapport": "lire les lignes, dessiner la carte et écrire le HTML coûtent un dixième de ce que coûte WeasyPrint",
    "proces-verbal": (
        "WeasyPrint met quelque sept millisecondes à une ligne, sur un cœur libre ; il imprime par parties, dans un "
        "processus de 120 Mo quel que soit le nombre de lignes, à côté de l’ouvrier qui le lance, lequel charge "
        "WeasyPrint, lui aussi, pour les documents courts (une cinquantaine de Mo)"
    ),
    "check": (
        "les bibliothèques d’autrui (allauth, DSFR, crispy, pgtrigger) en font 1,8 ; le reste est réparti sur les "
        "modules et les modèles du portail, sans rien qui domine"
    ),
}
