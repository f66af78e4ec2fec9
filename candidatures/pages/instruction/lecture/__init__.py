"""The page of one file as the State's people and the experts read it, and what they do from it."""
