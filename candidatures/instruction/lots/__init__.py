"""One act on many files at once: chosen in a list, looked over, then done file by file by a worker."""
