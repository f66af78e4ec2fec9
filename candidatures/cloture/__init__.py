"""What follows a deadline: closing, procès-verbal, extensions, incidents."""
