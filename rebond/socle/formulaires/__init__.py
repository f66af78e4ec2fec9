"""Forms: fields, their components, how they are read again and conducted."""
