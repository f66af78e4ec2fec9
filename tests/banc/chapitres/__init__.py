"""What the bench measures, chapter by chapter; imported once Django is set up."""

# In the order in which they run: each sows what those after it may use, and what grows memory comes after the pages.
CHAPITRES: dict[str, str] = {
    "publiques": "les pages sans contenu personnel, et l’accueil après un communiqué de 20 000 projets",
    "listes": "la liste des dossiers d’une vague, à 1 000 et à 10 000",
    "lectures": "l’accueil d’un responsable, un dossier lu par un agent, les décisions de 2 000 dossiers",
    "instruction": "chaque page de l’instruction à 100, 1 000 et 10 000 dossiers, la recherche la plus lente",
    "ecritures": "l’enregistrement automatique et le dépôt, à côté d’un INSERT durable",
    "chiffres": "la page de la presse et une mission, jusqu’à 20 000 projets",
    "exports": "CSV, XLSX et ODS de 10 000 dossiers, et les autres pendant ce temps",
    "documents": "rapports, procès-verbal, et les pages pendant qu’ils se fabriquent",
    "memoire": "ce que pèse un processus web après des milliers de pages mêlées",
    "demarrage": "manage.py check, et une base d’essai",
    "cloture": "la clôture de 10 000 dossiers, et les dépôts pendant ce temps",
}
# Asked for by their names alone.
A_LA_DEMANDE: dict[str, str] = {
    "echelle": "les pentes sur lesquelles repose docs/echelle.md",
}
