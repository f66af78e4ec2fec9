"""How long each kind of object is kept, and what becomes of it then."""
