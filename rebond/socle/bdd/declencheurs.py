"""Triggers that several tables bear."""

import pgtrigger

IMMUABLE = pgtrigger.Update | pgtrigger.Delete
