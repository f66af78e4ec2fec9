"""What a correction must say."""

# A reason that tells readers something: « Un projet oublié ». Postgres holds the same (`communique_figeable`).
MOTIF_SIGNES, MOTIF_MOTS = 15, 3
