"""« Ma vague »: its list, its views, acts on many files, who holds which."""
