"""Taking a person's name and addresses away from what is no proof, once their account is closed (RGPD, article 17)."""
