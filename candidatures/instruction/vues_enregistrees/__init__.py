"""Ways of looking at a list that somebody keeps, and shares with those of their organisme."""
