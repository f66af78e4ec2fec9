"""What leaves a file towards people who do not write it: copies, links, the marks of its members."""
