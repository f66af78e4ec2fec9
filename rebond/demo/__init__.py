"""The demonstration set, which says that it is one."""
