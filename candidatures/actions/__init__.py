"""What people and the portal do to waves and files: one transaction each, `maintenant` and `acteur` passed in."""
