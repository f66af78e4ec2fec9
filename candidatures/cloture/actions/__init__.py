"""Closing, printing, time-stamping, extending, declaring."""
