"""What each page of the portal may ask of the database."""

# Statements: the session, the person and the roles among them; neither savepoints nor the order to only read.
PLAFOND = 12
# Those that ask for more: how many, and why. This table may only shrink: a page that asks for less leaves it, or says
# the smaller number.
EXCEPTIONS: dict[str, tuple[int, str]] = {}
