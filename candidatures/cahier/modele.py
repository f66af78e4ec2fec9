"""The specifications that the first wave starts from; later ones start from those of the wave before."""

from candidatures.cahier.definition import (
    Cahier,
    Choix,
    Condition,
    ConditionDeRecevabilite,
    Critere,
    Fait,
    Format,
    Niveau,
    PieceAttendue,
    Question,
    Section,
    Type,
)

FILIERES = (
    Choix("automobile", "Automobile"),
    Choix("aeronautique", "Aéronautique et spatial"),
    Choix("ferroviaire", "Ferroviaire"),
    Choix("naval", "Naval"),
    Choix("agroalimentaire", "Agroalimentaire"),
    Choix("chimie", "Chimie et matériaux"),
    Choix("metallurgie", "Métallurgie et mécanique"),
    Choix("textile", "Textile, habillement, cuir"),
    Choix("bois", "Bois, papier, ameublement"),
    Choix("electronique", "Électronique et numérique"),
    Choix("energie", "Énergie"),
    Choix("sante", "Santé"),
    Choix("autre", "Autre filière"),
)

_SECTIONS = (
    Section(
        "choc",
        "Le choc industriel",
        "Décrivez ce qui touche l’industrie de votre territoire : fermeture, plan social, perte d’un donneur d’ordre, "
        "mutation d’une filière.",
        (
            Question(
                "nature",
                "Nature du choc",
                Type.CHOIX,
                choix=(
                    Choix("fermeture", "Fermeture d’un site", "Prononcée ou annoncée."),
                    Choix(
                        "plan_social", "Plan social sans fermeture", "Suppressions de postes sur un site qui demeure."
                    ),
                    Choix(
                        "donneur_d_ordre",
                        "Perte d’un donneur d’ordre",
                        "Les sous-traitants du territoire sont touchés.",
                    ),
                    Choix("mutation", "Mutation d’une filière", "Fin du moteur thermique, décarbonation, énergie…"),
                    Choix("autre", "Autre choc"),
                ),
            ),
            Question(
                "precisions_nature",
                "De quel choc s’agit-il ?",
                longueur_max=300,
                condition=Condition("nature", ("autre",)),
            ),
            Question(
                "description",
                "Que s’est-il passé, et qu’est-ce qui est à craindre ?",
                Type.TEXTE_LONG,
                "Les faits, leurs dates, les sites concernés. Une à deux pages suffisent.",
                longueur_max=6000,
            ),
            Question(
                "date_choc",
                "Date du principal événement",
                Type.DATE,
                "Annonce, fermeture ou décision. Indiquez la date la plus proche si elle n’est pas certaine.",
            ),
            Question("filieres", "Filières touchées", Type.CHOIX_MULTIPLE, choix=FILIERES),
            Question(
                "precisions_filieres",
                "Quelle autre filière ?",
                longueur_max=300,
                condition=Condition("filieres", ("autre",)),
            ),
        ),
    ),
    Section(
        "entreprises",
        "Les entreprises et les emplois concernés",
        "Citez les établissements touchés ou menacés. Les chiffres sont des ordres de grandeur à la date du dépôt.",
        (
            Question(
                "emplois_concernes",
                "Emplois directs supprimés ou menacés",
                Type.ENTIER,
                "Sur l’ensemble du territoire.",
                unite="emplois",
            ),
            Question(
                "emplois_industriels",
                "Emplois industriels du territoire",
                Type.ENTIER,
                "Dernier chiffre que vous connaissez (Insee, Urssaf, agence d’urbanisme).",
                obligatoire=False,
                unite="emplois",
            ),
            Question(
                "liste",
                "Principales entreprises touchées",
                Type.BLOC,
                "Une ligne par entreprise. Le SIREN compte neuf chiffres ; il figure sur tous les documents de "
                "l’entreprise.",
                champs=(
                    Question("nom", "Raison sociale"),
                    Question("siren", "SIREN", Type.SIREN, obligatoire=False),
                    Question("emplois", "Emplois touchés", Type.ENTIER, unite="emplois"),
                ),
                ligne="Entreprise",
            ),
        ),
    ),
    Section(
        "gouvernance",
        "La gouvernance",
        "Qui conduira la démarche, et avec qui.",
        (
            Question(
                "pilotage",
                "Comment la démarche sera-t-elle pilotée ?",
                Type.TEXTE_LONG,
                "Élu référent, comité de pilotage, services mobilisés.",
                longueur_max=3000,
            ),
            Question(
                "partenaires",
                "Partenaires associés",
                Type.TEXTE_LONG,
                "Région, services de l’État, chambres consulaires, organisations professionnelles et syndicales…",
                longueur_max=3000,
            ),
            Question(
                "deliberation_le",
                "Date de la délibération qui autorise le dépôt",
                Type.DATE,
                "À joindre dans la rubrique « Pièces jointes ».",
                obligatoire=False,
            ),
        ),
    ),
    Section(
        "projets",
        "Les projets déjà connus",
        "Ce qui existe ou se prépare : la mission partira de là.",
        (
            Question(
                "projets",
                "Projets industriels connus",
                Type.TEXTE_LONG,
                "Entreprise, objet, investissement envisagé, emplois. Écrivez « aucun » s’il n’y en a pas.",
                longueur_max=6000,
            ),
            Question("nombre_projets", "Nombre de projets connus", Type.ENTIER, obligatoire=False, unite="projets"),
            Question(
                "investissement",
                "Investissement total envisagé",
                Type.MONTANT,
                "Un ordre de grandeur, en euros.",
                obligatoire=False,
            ),
            Question(
                "foncier",
                "Foncier et bâtiments disponibles",
                Type.TEXTE_LONG,
                obligatoire=False,
                longueur_max=2000,
            ),
        ),
    ),
    Section(
        "mission",
        "La mission attendue",
        "Ce que vous attendez des experts et de l’État.",
        (
            Question(
                "attentes",
                "Qu’attendez-vous de la mission ?",
                Type.TEXTE_LONG,
                "Une mission dure environ trois mois : état des lieux, rencontres d’entreprises, portefeuille de "
                "projets, feuille de route.",
                longueur_max=4000,
            ),
            Question(
                "priorites",
                "Priorités de la feuille de route",
                Type.CHOIX_MULTIPLE,
                choix=(
                    Choix("competences", "Emploi et compétences"),
                    Choix("innovation", "Innovation"),
                    Choix("ecologie", "Transition écologique et énergétique"),
                    Choix("numerique", "Transition numérique"),
                    Choix("foncier", "Foncier industriel"),
                    Choix("attractivite", "Attractivité et implantations"),
                ),
            ),
            Question("demarrage", "Date de démarrage souhaitée", Type.DATE, obligatoire=False),
        ),
    ),
    Section(
        "contact",
        "Votre contact",
        "La personne que nous joindrons au sujet de ce dossier.",
        (
            Question("nom", "Prénom et nom", remplissage="name"),
            Question("fonction", "Fonction", remplissage="organization-title"),
            Question("courriel", "Adresse e-mail", Type.COURRIEL, remplissage="email"),
            Question(
                "telephone",
                "Téléphone",
                Type.TELEPHONE,
                "Dix chiffres, par exemple 03 27 00 00 00.",
                remplissage="tel",
            ),
        ),
    ),
)


def _niveaux(*phrases: str) -> tuple[Niveau, ...]:
    """From the lowest to the highest, noted from 0."""
    return tuple(Niveau(valeur, phrase) for valeur, phrase in enumerate(phrases))


MODELE = Cahier(
    sections=_SECTIONS,
    pieces=(
        PieceAttendue(
            "deliberation",
            "Délibération ou mandat",
            "De chaque collectivité du groupement : la délibération qui autorise le dépôt, ou le mandat donné au chef "
            "de file.",
            obligatoire=True,
            par_membre=True,
        ),
        PieceAttendue("diagnostic", "Diagnostic ou étude", formats=(Format.PDF, Format.TEXTE, Format.TABLEUR)),
        PieceAttendue("lettre", "Lettre de soutien", formats=(Format.PDF, Format.IMAGE)),
        PieceAttendue("autre", "Autre pièce", formats=tuple(Format)),
    ),
    recevabilite=(
        ConditionDeRecevabilite(
            "deposant",
            "Le dossier est porté par une intercommunalité, un groupement d’intercommunalités ou un PETR.",
            "Regardez la collectivité chef de file et les membres du groupement. Une commune, une entreprise ou une "
            "association ne dépose pas elle-même.",
            "Déposez au nom de votre intercommunalité, seule ou avec d’autres, ou de votre PETR.",
            Fait.DEPOSANT,
        ),
        ConditionDeRecevabilite(
            "delai",
            "Le dossier a été reçu avant la date limite de la période de dépôt.",
            "C’est l’instant de réception de la demande de dépôt qui compte, prolongations comprises.",
            "Cliquez sur « Déposer » avant la date et l’heure de clôture, à l’heure de Paris.",
            Fait.DELAI,
        ),
        ConditionDeRecevabilite(
            "choc",
            "Le territoire subit un choc industriel, constaté ou annoncé.",
            "Fermeture, plan social, perte d’un donneur d’ordre, mutation d’une filière… Sa gravité se juge plus "
            "tard, sur la grille : ici, il suffit qu’il existe.",
            "Décrivez les faits, leurs dates et les sites concernés dans la rubrique « Le choc industriel ».",
            Fait.CHOC,
        ),
        ConditionDeRecevabilite(
            "mandat",
            "Chaque collectivité du groupement a autorisé le dépôt, par délibération ou par mandat.",
            "Ouvrez les pièces : elles nomment la collectivité et cet appel.",
            "Joignez la délibération ou le mandat de chaque collectivité du groupement.",
            Fait.PIECES,
        ),
    ),
    criteres=(
        Critere(
            "choc",
            "Gravité du choc industriel",
            30,
            "Emplois menacés, poids dans le territoire, calendrier.",
            _niveaux(
                "Aucun choc industriel n’est établi, ou le territoire n’en subit pas l’effet.",
                "Un choc est établi, mais peu d’emplois sont menacés au regard de ceux de l’industrie du territoire.",
                "Un site ou un donneur d’ordre important est touché ; les emplois menacés et leur calendrier sont "
                "chiffrés et datés.",
                "L’avenir industriel du territoire est en cause : entreprises, emplois et calendrier le montrent.",
            ),
            plancher=1,
            questions=(
                "choc/nature",
                "choc/description",
                "choc/date_choc",
                "choc/filieres",
                "entreprises/emplois_concernes",
                "entreprises/emplois_industriels",
                "entreprises/liste",
            ),
        ),
        Critere(
            "gouvernance",
            "Gouvernance et mobilisation des partenaires",
            25,
            niveaux=_niveaux(
                "Le dossier ne dit pas qui conduira la démarche.",
                "Un pilote est désigné, mais les partenaires ne sont pas encore associés.",
                "Un élu référent et un comité de pilotage sont désignés, et les principaux partenaires associés.",
                "Collectivités, entreprises, salariés, Région et État sont associés, et le rôle de chacun est dit.",
            ),
            plancher=1,
            questions=("gouvernance/pilotage", "gouvernance/partenaires", "gouvernance/deliberation_le"),
        ),
        Critere(
            "projets",
            "Potentiel de rebond et projets connus",
            25,
            niveaux=_niveaux(
                "Le dossier ne montre ni projet, ni terrain, ni savoir-faire sur quoi rebondir.",
                "Des atouts sont décrits, sans projet d’entreprise.",
                "Des projets d’entreprises sont décrits, avec leur objet et un ordre de grandeur.",
                "Plusieurs projets sont décrits avec leur investissement, leurs emplois et leur terrain.",
            ),
            questions=("projets/projets", "projets/nombre_projets", "projets/investissement", "projets/foncier"),
        ),
        Critere(
            "mission",
            "Clarté des attentes envers la mission",
            20,
            niveaux=_niveaux(
                "Le dossier ne dit pas ce qui est attendu de la mission.",
                "Les attentes restent générales, et vaudraient pour tout territoire.",
                "Les attentes sont précises et répondent au choc décrit.",
                "Les attentes sont précises et classées par priorité, et le territoire dit ce qu’il fera de son côté.",
            ),
            questions=("mission/attentes", "mission/priorites"),
        ),
    ),
)
