"""When what anyone may read has changed: a version that the database holds, checked in one statement."""
