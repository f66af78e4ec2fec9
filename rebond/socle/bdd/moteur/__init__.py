"""Django's backend for PostgreSQL, without what needs a session to itself."""
