"""What was known, and since when: every state of the rows that figures are made from, written by Postgres alone.

A row says in its own columns from which day it holds in the world (met on, listed on, estimated as of); its facts say
since when the portal knows it. `connu_a` reads both.
"""
