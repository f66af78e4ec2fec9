"""Files graded on the grid of their wave, by people who do not know of each other's notes until all are in."""
