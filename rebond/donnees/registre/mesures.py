"""What protects personal data, and where the code does it: a place that goes fails a test."""

#: (measure, where it is held)
MESURES: tuple[tuple[str, str], ...] = (
    ("Chacun ne voit que le sien ; le reste répond la même erreur 404 que si rien n’existait.", "docs/acces.md"),
    ("Ce qu’une personne peut savoir d’un dossier passe par une seule règle.", "candidatures/instruction/acces.py"),
    ("Le portail n’a dans la base que les droits qu’il lui faut ; il ne peut ni récrire ni vider une preuve.",
     "rebond/socle/bdd/droits.py"),
    ("Le journal est chaîné, scellé et horodaté ; chacun peut le vérifier.", "rebond/socle/journal/verification.py"),
    ("Un rôle se prouve à l’adresse à laquelle il est donné, et finit.", "territoires/models/habilitation.py"),
    ("Second facteur pour qui choisit, signe, publie ou audite.", "rebond/comptes/securite/preuves.py"),
    ("Mots de passe gardés par empreinte ; ceux que l’on sait courants sont refusés.",
     "rebond/comptes/securite/mots_de_passe.py"),
    ("Essais limités par adresse et par compte.", "rebond/comptes/limites.py"),
    ("Sessions listées, fermées à distance, finies faute d’activité ; appareil nouveau annoncé.",
     "rebond/comptes/seances/middleware.py"),
    ("Lectures de documents et exports consignés, à part, pour un temps.", "rebond/socle/requete/acces.py"),
    ("Codes et liens secrets illisibles dans la file des e-mails.", "rebond/socle/courriers/scelle.py"),
    ("Fichiers jugés par leur contenu, ouverts par un processus sans secret, analysés par un antivirus.",
     "rebond/surveillance/antivirus.py"),
    ("Documents gardés à part, servis isolés à qui en a le droit seulement.",
     "rebond/socle/requete/fichiers_servis.py"),
    ("Rien n’est appelé hors du portail : ni image, ni police, ni mesure d’audience.", "rebond/protections.py"),
    ("Seuls des témoins nécessaires sont posés ; ils sont dits.", "rebond/portail/cookies.py"),
    ("La production refuse de démarrer sans antivirus, clé longue, https ni nombre de mandataires.",
     "rebond/exigences.py"),
)  # fmt: skip
