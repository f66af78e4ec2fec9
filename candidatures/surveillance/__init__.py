"""What watches over the waves and over what was received."""
