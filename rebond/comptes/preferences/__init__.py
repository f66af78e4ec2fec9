"""Which comfort letters one gets, and when."""
