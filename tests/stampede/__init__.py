"""`make stampede`: many territories deposit across one deadline while the portal is damaged (docs/epreuves.md)."""
