"""Secret links: what somebody without an account may do with a file. One kind, whatever it opens."""
