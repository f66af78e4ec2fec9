"""Lifting, at admissibility, the reserve under which a file was received."""
