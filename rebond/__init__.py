"""Portal of the call « AMI Rebond industriel ».

Imports nothing: the bootstrap (rebond.amorce) runs before any dependency is installed.
"""
