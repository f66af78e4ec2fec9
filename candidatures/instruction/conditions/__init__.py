"""What is found of each condition of a file, and the inadmissibility that is proposed of it."""
