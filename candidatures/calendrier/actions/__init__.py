"""Programming, suspending, announcing waves."""
