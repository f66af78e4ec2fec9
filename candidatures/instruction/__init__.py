"""What the State does on a file: who reads it, admissibility, avis, proposal, conflicts of interest."""
