"""What helps to write a file, to read it again and to settle it: beside the pages of its sections."""
