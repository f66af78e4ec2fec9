"""What the portal knows of one person, given to that person (RGPD, articles 15 and 20)."""
