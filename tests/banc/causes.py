"""Why a goal is missed, when it is known, by the key of its line: printed beside the gap, kept with it."""

_CADRE = (
    "un envoi d’une personne connectée, auquel la vue répond aussitôt, est lui-même à 0,08 d’un INSERT durable "
    "(`rapport_du_cadre`, même course) ; "
)

CAUSES: dict[str, str] = {
    "accueil-public-sans-cache": (
        "une page qui lit quoi que ce soit reste sous 0,35 : une vue d’un seul SELECT est à 0,27 de la vue vide ; "
        "celle-ci en fait dix, une fois par changement"
    ),
    "liste-nom": "une recherche lit ce qui répond dans l’index des noms, et le compte : rien ne le tient d’avance",
    "liste-siren": "une recherche lit et compte ce qui répond : 435 blocs à 10 000 dossiers pour 315 à 1 000, 2 ms",
    "instruction-dossier": (
        "la recherche d’où l’on vient est posée de nouveau pour dire le précédent et le suivant (une), "
        "et sa région est lue d’abord (une de trop)"
    ),
    "instruction-apercu-avis": (
        "un acte lit et garde en plus la clé de son envoi ; la région de la recherche (une) et les organismes que le "
        "formulaire propose (une) y sont aussi"
    ),
    "accueil-porteur": "l’essentiel est le rendu de la page, en Python, que se partagent gabarits, adresses et menus",
    "enregistrement": _CADRE + "le reste est pour moitié PostgreSQL, qui planifie (1,3 ms) la lecture du dossier",
    "depot": _CADRE + "un dépôt est dix instructions de plus, et les mêmes lectures planifiées (1,1 ms)",
    "export-xlsx": "les mêmes 154 ms de processeur que ci-dessous ; 1,26 fois l’écrivain quand rien d’autre ne tourne",
    "export-ods": (
        "lire les lignes d’un curseur et calculer leurs cellules coûte à lui seul 0,49 fois l’écrivain (154 ms de "
        "processeur pour 317), qui est le nôtre : plus rapide encore, il ferait un moins bon rapport"
    ),
    "memoire-apres-exports": (
        "la mesure compte en entier ce que les processus ont en commun : 103 Mo dès le départ, dont 81 partagés avec "
        "celui qui les lance (22 en propre, 64 après des pages de toute sorte ; `part_de_memoire_mo`) ; ce que "
        "garde l’allocateur n’y change que 4 Mo (MALLOC_ARENA_MAX à 1, 2 ou par défaut)"
    ),
    "rapport": "lire les lignes, dessiner la carte et écrire le HTML coûtent un dixième de ce que coûte WeasyPrint",
    "proces-verbal": (
        "WeasyPrint met quelque sept millisecondes à une ligne, sur un cœur libre ; il imprime par parties, dans un "
        "processus de 120 Mo quel que soit le nombre de lignes, à côté de l’ouvrier qui le lance, lequel charge "
        "WeasyPrint, lui aussi, pour les documents courts (une cinquantaine de Mo)"
    ),
    "liste-p1": (
        "les mêmes instructions, sur les mêmes lignes : d’une course à l’autre de 0,9 à 1,4, et 1,00 pour la dernière "
        "page dans celle-ci ; la machine est partagée"
    ),
    "pendant-rapports": "1,73 dans la course entière, moins de 1,5 mesuré seul un quart d’heure après",
    "check": (
        "1,42 s de processeur pour 0,38 : les bibliothèques d’autrui (allauth, fido2, DSFR, crispy, pgtrigger) en "
        "font 1,8 fois un projet vide ; le reste est réparti sur quelque 700 modules et 110 modèles du portail, dont "
        "aucun ne domine, et dont le contrôle des adresses charge toutes les vues"
    ),
}
