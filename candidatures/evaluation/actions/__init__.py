"""What is done of evaluations: entrusting files, grading them."""
