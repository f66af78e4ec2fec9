"""Build step: official sources → the small derived files of `territoires/donnees/`.

Nothing in the running portal imports this package; it alone needs shapely and pyproj.
"""
