"""What the tests of the takeover have in common."""

ETATS = {
    "en_construction": "deposee",
    "en_instruction": "en_instruction",
    "accepte": "laureate",
    "refuse": "non_retenue",
    "sans_suite": "ajournee",
}


def contenu_attendu() -> dict:
    return {
        "choc": {
            "description": "Une usine ferme.\nCent vingt emplois.",
            "date_choc": "2022-03-01",
            "filieres": ["metallurgie", "textile"],
        },
        "entreprises": {
            "emplois_concernes": 120,
            "emplois_industriels": 4300,
            "liste": [
                {"nom": "Filature du Nord", "siren": "732829320", "emplois": 80},
                {"nom": "Tissage", "siren": None, "emplois": None},
            ],
        },
        "gouvernance": {"pilotage": "Un comité de pilotage.", "deliberation_le": "2023-01-16"},
        "contact": {"courriel": "contact@collectivite.example", "telephone": "+33 3 27 00 00 00"},
    }
