"""The deposit: its deadline, its receipt, what it is checked with."""
