"""Extensions, incidents, procès-verbaux."""
